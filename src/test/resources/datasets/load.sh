#!/bin/sh
# Prints the cities as Redis commands (RESP), for any Redis client that takes them raw:
#
#   src/test/resources/datasets/load.sh | redis-cli -p 7101 --pipe
#
# Five commands a city: a hash with all of its columns, its place in the set of its country and in the
# set of its kind, and two counters of its country. Lengths are in bytes, hence the C locale.
set -eu
gzip -dc "$(dirname "$0")/cities.tsv.gz" | LC_ALL=C awk -F '\t' '
  function word(text) { printf "$%d\r\n%s\r\n", length(text), text }
  {
    printf "*16\r\n"
    word("HSET"); word("city:" $1)
    word("name"); word($2); word("country"); word($3); word("region"); word($4)
    word("kind"); word($5); word("population"); word($6); word("lat"); word($7); word("lon"); word($8)
    printf "*3\r\n"; word("SADD"); word("cities:in:" $3); word($1)
    printf "*3\r\n"; word("SADD"); word("cities:kind:" $5); word($1)
    printf "*2\r\n"; word("INCR"); word("count:in:" $3)
    printf "*3\r\n"; word("INCRBY"); word("population:in:" $3); word($6)
  }'
