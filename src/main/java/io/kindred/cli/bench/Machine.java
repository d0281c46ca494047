package io.kindred.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a measurement ran on.
 *
 * @param memoryBytes of the machine or of the container
 * @param jdk of the Kindred node
 */
public record Machine(
    int cores,
    String cpu,
    long memoryBytes,
    String kernel,
    String jdk,
    String redis,
    String kindred) {

  static Machine look(NodeJvm jvm, String redisVersion) throws IOException {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        cpuModel().orElse(System.getProperty("os.arch")),
        memory(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        jvm.version(),
        redisVersion,
        kindredVersion());
  }

  static long memory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  private static Optional<String> cpuModel() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  /** As the build wrote it for the node. */
  private static String kindredVersion() throws IOException {
    try (InputStream in = Machine.class.getResourceAsStream("/io/kindred/node/version.txt")) {
      return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
