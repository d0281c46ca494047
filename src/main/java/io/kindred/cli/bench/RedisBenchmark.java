package io.kindred.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Redis's own load generator, the same for all stores.
 *
 * @param test {@code SET} or {@code GET}
 * @param pipeline requests that a connection has under way
 * @param values what is set
 * @param keys how many different ones it draws from, named as {@link Requests#key} names them
 */
record RedisBenchmark(String test, int pipeline, int valueBytes, Values values, long keys) {

  /** What values are made of. */
  enum Values {
    /** One letter again and again, as in Redis's own tests: flattering to whoever packs. */
    OF_ONE_LETTER,
    /** Records of named fields, each with a number of its own, as users keep. */
    RECORDS
  }

  private static final String DRAWN = "__rand_int__";
  private static final String KEY = "key:" + DRAWN;

  /** As redis-benchmark's own default, so that its figures are those people know. */
  static final int CONNECTIONS = 50;

  /** It tries to connect for ever, at full speed, where nobody listens. */
  private static final Duration WITHIN = Duration.ofMinutes(2);

  RedisBenchmark(String test, int pipeline, int valueBytes, long keys) {
    this(test, pipeline, valueBytes, Values.OF_ONE_LETTER, keys);
  }

  /** Runs that many requests against a port. */
  BenchmarkLine run(int port, long requests, Path folder) throws IOException {
    List<String> asked =
        values == Values.RECORDS
            ? List.of(test, KEY, record(valueBytes))
            : List.of("-d", "" + valueBytes, "-t", test.toLowerCase(Locale.ROOT));
    List<String> command = new ArrayList<>(List.of("redis-benchmark", "-h", "127.0.0.1"));
    command.addAll(List.of("-p", "" + port, "-c", "" + CONNECTIONS, "-P", "" + pipeline));
    command.addAll(List.of("-r", "" + keys, "-n", "" + requests, "--csv"));
    command.addAll(asked);
    Path printed = folder.resolve("redis-benchmark.csv");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      if (!process.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        throw new NotMeasured("redis-benchmark did not end within " + WITHIN.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotMeasured("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
    return BenchmarkLine.parse(
        Files.readAllLines(printed, StandardCharsets.UTF_8),
        values == Values.RECORDS ? String.join(" ", asked) : test);
  }

  /** Without what a table of comma-separated values would have to quote. */
  private static String record(int bytes) {
    StringBuilder record = new StringBuilder();
    for (int field = 1; record.length() < bytes; field++) {
      record.append("field-of-the-record-").append(field).append(':').append(DRAWN);
      record.append(";of-type:decimal;checked:true;");
    }
    return record.substring(0, bytes);
  }

  /** As {@code SET P16}. */
  String title() {
    return test + " P" + pipeline + (values == Values.RECORDS ? " records" : "");
  }
}
