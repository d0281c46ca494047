package io.kindred.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The JDK that a node runs on.
 *
 * @param home its folder
 * @param version as its file {@code release} tells it, like {@code 17.0.15}
 */
record NodeJvm(Path home, String version) {

  /**
   * Looks at a JDK.
   *
   * @throws NotMeasured where there is none
   */
  static NodeJvm at(Path home) throws IOException {
    if (!Files.isExecutable(home.resolve("bin/java"))) {
      throw new NotMeasured("no JDK at " + home + ": it has no bin/java");
    }
    String version =
        Files.readAllLines(home.resolve("release")).stream()
            .filter(line -> line.startsWith("JAVA_VERSION="))
            .map(line -> line.substring("JAVA_VERSION=".length()).replace("\"", ""))
            .findFirst()
            .orElseThrow(() -> new NotMeasured(home + " does not tell its version"));
    return new NodeJvm(home, version);
  }

  /** The JDK of this process. */
  static NodeJvm own() throws IOException {
    return at(Path.of(System.getProperty("java.home")));
  }

  int major() {
    return Integer.parseInt(version.split("[.+-]", 2)[0]);
  }

  /**
   * What the launcher gives to the JVM of a node.
   *
   * @param launcher its options for the JDK of this process ({@code KINDRED_NODE_JVM})
   * @param own the JDK of this process; for another one the options are chosen as bin/kindred does
   */
  List<String> options(Optional<String> launcher, NodeJvm own) {
    if (launcher.isPresent() && own.major() == major()) {
      return List.of(launcher.get().strip().split("\\s+", -1));
    }
    List<String> options = new ArrayList<>();
    options.add(
        "-Djava.util.concurrent.ForkJoinPool.common.parallelism="
            + Math.max(2, Runtime.getRuntime().availableProcessors()));
    options.add("-XX:+ExitOnOutOfMemoryError");
    options.add("-XX:+UseTransparentHugePages");
    options.add("-Dio.netty.leakDetection.level=disabled");
    if (major() >= 24) {
      options.add("--enable-native-access=ALL-UNNAMED");
      options.add("--sun-misc-unsafe-memory-access=allow");
    }
    options.add(major() >= 21 ? "-XX:+UseZGC" : "-XX:+UseG1GC");
    if (major() < 21) {
      options.add("-XX:G1PeriodicGCInterval=15000");
      options.add("-XX:MinHeapFreeRatio=5");
      options.add("-XX:MaxHeapFreeRatio=10");
      options.add("-XX:GCTimeRatio=3");
      options.add("-XX:+UnlockExperimentalVMOptions");
      options.add("-XX:G1ExpandByPercentOfAvailable=8");
    }
    if (major() >= 21 && major() < 24) {
      options.add("-XX:+ZGenerational");
    }
    return options;
  }
}
