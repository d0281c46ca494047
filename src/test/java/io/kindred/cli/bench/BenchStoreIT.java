package io.kindred.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bench store --quick} from end to end, with real servers. Nothing is said of its figures.
 * Skipped, and said so, where there is no redis-server.
 */
class BenchStoreIT {

  @TempDir static Path dir;

  @BeforeAll
  static void requireRedis() {
    boolean areThere =
        Stream.of("redis-server", "redis-benchmark").allMatch(BenchStoreIT::isOnThePath);
    if (!areThere) {
      System.err.println("SKIPPED: no redis-server and redis-benchmark here to measure against");
    }
    assumeTrue(areThere, "no redis-server and redis-benchmark on the path");
  }

  private static boolean isOnThePath(String name) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(path -> new File(path, name).canExecute());
  }

  @Test
  void measuresTellsAndLeavesNothingBehind() throws Exception {
    Path json = dir.resolve("figures.json");
    Path printed = dir.resolve("printed.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    "bin/kindred",
                    "bench",
                    "store",
                    "--quick",
                    "--only",
                    "throughput,latency",
                    "--heap",
                    "512m",
                    "--dir",
                    dir.resolve("data").toString(),
                    "--json",
                    json.toString()))
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile());
    builder.environment().put("KINDRED_BUILD", "never");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("JAVA25_HOME");
    Process bench = builder.start();
    boolean ended = bench.waitFor(3, TimeUnit.MINUTES);
    bench.destroy();
    String text = Files.readString(printed, UTF_8);

    assertThat(ended).as(text).isTrue();
    boolean all = Runtime.version().feature() == 25;
    assertThat(bench.exitValue()).as(text).isEqualTo(all ? 0 : 1);
    assertThat(text).contains("throughput SET P16").contains("latency JDK").contains("TARGET");
    JsonNode tree = new ObjectMapper().readTree(json.toFile());
    assertThat(tree.at("/rows")).hasSize(4 + 4 + (all ? 0 : 1));
    for (JsonNode row : tree.at("/rows")) {
      if (row.at("/value").isNull()) {
        assertThat(row.at("/name").asText()).isEqualTo("latency JDK 25 p99.9");
        assertThat(row.at("/remark").asText()).contains("not measured", "--java25");
      } else {
        assertThat(row.at("/value").asDouble()).as(row.toString()).isPositive();
      }
    }
    assertThat(tree.at("/machine/redis").asText()).matches("\\d+\\.\\d+.*");
    try (Stream<Path> left = Files.list(dir.resolve("data"))) {
      assertThat(left).isEmpty();
    }
    assertThat(
            ProcessHandle.allProcesses()
                .filter(
                    process -> process.info().commandLine().orElse("").contains(dir.toString())))
        .isEmpty();
  }
}
