package io.kindred.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a node's JVM loads when it starts, kept in a file (JEP 350) and mapped by the nodes that the
 * tests start after. Measured on two cores: a lone node is ready after 3.0 s instead of 5.6 s, and
 * these tests start some forty. Made by starting one node and stopping it in good order.
 */
final class ClassArchive {

  private static final Path TARGET = Path.of("target");
  private static final Path FILE = TARGET.resolve("test-nodes.jsa");

  private ClassArchive() {}

  /** The jar that was packaged; the archive can hold classes from jars only. */
  static Optional<Path> jar() {
    try (Stream<Path> files = Files.list(TARGET)) {
      return files
          .filter(file -> file.getFileName().toString().matches("kindred-[0-9.]+\\.jar"))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The options that make a node start with the archive, which is made first where it is old. */
  static synchronized List<String> options() {
    Optional<Path> jar = jar();
    if (jar.isEmpty()) {
      return List.of();
    }
    try {
      if (!Files.exists(FILE)
          || Files.getLastModifiedTime(FILE).compareTo(Files.getLastModifiedTime(jar.get())) < 0) {
        Files.deleteIfExists(FILE);
        make();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of("-XX:SharedArchiveFile=" + FILE);
  }

  private static void make() throws IOException {
    Path directory = Files.createTempDirectory(TARGET, "archive-");
    List<Integer> ports = Ports.free(3);
    String bootstrap = "pekko.management.cluster.bootstrap.contact-point-discovery.";
    NodeProcess node =
        NodeProcess.start(
            Map.of(
                "kindred.data-dir",
                directory.resolve("data").toString(),
                "kindred.node.lanes",
                "2",
                "kindred.client.port",
                String.valueOf(ports.get(0)),
                "kindred.management.port",
                String.valueOf(ports.get(1)),
                "kindred.artery.port",
                String.valueOf(ports.get(2)),
                "kindred.bootstrap.contact-points",
                "[\"127.0.0.1:" + ports.get(1) + "\"]",
                bootstrap + "stable-margin",
                "100 ms",
                bootstrap + "interval",
                "100 ms"),
            directory.resolve("node.log"),
            List.of("-XX:ArchiveClassesAtExit=" + FILE));
    try {
      Management management = new Management(ports.get(1));
      await().atMost(Duration.ofMinutes(1)).until(() -> management.isOk("/ready"));
      node.stop();
    } finally {
      if (node.isAlive()) {
        node.kill();
      }
    }
  }
}
