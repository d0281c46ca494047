package io.kindred.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * The real records of {@code datasets/cities.tsv.gz}, and what {@code load.sh} makes of them in
 * Redis: worked out here a second time, from the same rows, to compare with.
 */
record Cities(List<City> all) {

  static final Path FOLDER = Path.of("src/test/resources/datasets");

  /** One row. */
  record City(String id, Map<String, String> fields) {

    String key() {
      return "city:" + id;
    }

    String country() {
      return fields.get("country");
    }

    String kind() {
      return fields.get("kind");
    }

    long population() {
      return Long.parseLong(fields.get("population"));
    }
  }

  private static final List<String> COLUMNS =
      List.of("name", "country", "region", "kind", "population", "lat", "lon");

  static Cities read() {
    try (BufferedReader rows =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(FOLDER.resolve("cities.tsv.gz"))),
                StandardCharsets.UTF_8))) {
      return new Cities(rows.lines().map(Cities::city).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static City city(String row) {
    String[] cells = row.split("\t", -1);
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < COLUMNS.size(); i++) {
      fields.put(COLUMNS.get(i), cells[i + 1]);
    }
    return new City(cells[0], fields);
  }

  /** The members of each set, by its key. */
  Map<String, Set<String>> sets() {
    Map<String, Set<String>> sets =
        all.stream()
            .collect(
                Collectors.groupingBy(
                    city -> "cities:in:" + city.country(),
                    Collectors.mapping(City::id, Collectors.toSet())));
    sets.putAll(
        all.stream()
            .collect(
                Collectors.groupingBy(
                    city -> "cities:kind:" + city.kind(),
                    Collectors.mapping(City::id, Collectors.toSet()))));
    return sets;
  }

  /** The value of each counter, by its key. */
  Map<String, Long> counters() {
    Map<String, Long> counters =
        all.stream()
            .collect(
                Collectors.groupingBy(city -> "count:in:" + city.country(), Collectors.counting()));
    counters.putAll(
        all.stream()
            .collect(
                Collectors.groupingBy(
                    city -> "population:in:" + city.country(),
                    Collectors.summingLong(City::population))));
    return counters;
  }

  /** How many keys it makes in all. */
  int keys() {
    return all.size() + sets().size() + counters().size();
  }
}
