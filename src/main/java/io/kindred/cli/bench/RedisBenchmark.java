package io.kindred.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Redis's own load generator, the same for all stores.
 *
 * @param test {@code SET} or {@code GET}
 * @param pipeline requests that a connection has under way
 * @param keys how many different ones it draws from, named as {@link Requests#key} names them
 */
record RedisBenchmark(String test, int pipeline, int valueBytes, long keys) {

  /** As redis-benchmark's own default, so that its figures are those people know. */
  static final int CONNECTIONS = 50;

  /** It tries to connect for ever, at full speed, where nobody listens. */
  private static final Duration WITHIN = Duration.ofMinutes(2);

  /** Runs that many requests against a port. */
  BenchmarkLine run(int port, long requests, Path folder) throws IOException {
    List<String> command =
        List.of(
            "redis-benchmark",
            "-h",
            "127.0.0.1",
            "-p",
            Integer.toString(port),
            "-c",
            Integer.toString(CONNECTIONS),
            "-P",
            Integer.toString(pipeline),
            "-d",
            Integer.toString(valueBytes),
            "-r",
            Long.toString(keys),
            "-n",
            Long.toString(requests),
            "-t",
            test.toLowerCase(java.util.Locale.ROOT),
            "--csv");
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
    return BenchmarkLine.parse(Files.readAllLines(printed, StandardCharsets.UTF_8), test);
  }

  /** As {@code SET P16}. */
  String title() {
    return test + " P" + pipeline;
  }
}
