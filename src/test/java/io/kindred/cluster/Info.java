package io.kindred.cluster;

import redis.clients.jedis.Jedis;

/** One number of a node's INFO. */
final class Info {

  private Info() {}

  /** The field's number; fails where INFO does not have it. */
  static long number(Jedis jedis, String field) {
    return jedis
        .info()
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.substring(field.length() + 1).trim()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("INFO has no " + field));
  }

  /** How many commands this node has passed on to others, for its clients. */
  static long forwarded(Jedis jedis) {
    return number(jedis, "kindred_forwarded_commands");
  }
}
