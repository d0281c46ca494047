package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * A node is killed at a random moment under load, again and again; it lost nothing it answered.
 * Snapshots are written and the log is cut all the while. {@code -Dkindred.kills=200} for more than
 * ten of each policy.
 */
class KillIT {

  private static final int KILLS = Integer.getInteger("kindred.kills", 10);
  private static final int WRITERS = 4;
  private static final long SEED = System.nanoTime();

  @ParameterizedTest
  @ValueSource(strings = {"everysec", "always"})
  void everyAcknowledgedWriteIsThereAfterEachKill(String fsync) {
    System.out.println("KillIT: seed " + SEED);
    Random random = new Random(SEED);
    String bootstrap = "pekko.management.cluster.bootstrap.";
    DemoCluster.Plan plan =
        DemoCluster.Plan.racks(1)
            // Nobody else is to be waited for, and there are many starts.
            .with(bootstrap + "contact-point-discovery.stable-margin", "100 ms")
            .with(bootstrap + "contact-point-discovery.interval", "100 ms")
            .with(bootstrap + "contact-point.probe-interval", "100 ms")
            .with("kindred.ring.pulse-interval", "200 ms")
            .with("kindred.log.fsync", fsync)
            .with("kindred.log.segment-bytes", "64 KiB")
            .with("kindred.snapshot.log-bytes", "128 KiB")
            .with("kindred.snapshot.look-interval", "50 ms");
    try (DemoCluster cluster = plan.start()) {
      DemoCluster.Node node = cluster.node(1);
      List<Writer> all = new ArrayList<>();
      long cutTo = 0;
      int cuts = 0;
      int killedWriting = 0;
      for (int round = 1; round <= KILLS; round++) {
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          writers.add(Writer.untilFailure("kill-" + round + "-" + i, node.clientPort()));
        }
        long until = 50L + random.nextInt(3000);
        await()
            .pollInterval(Duration.ofMillis(1))
            .atMost(Duration.ofMinutes(1))
            .until(() -> writers.get(0).acknowledged() >= until);
        node.kill();
        writers.forEach(Writer::close);
        killedWriting += files(node, "snapshots", ".snapshot.new").isEmpty() ? 0 : 1;
        long oldest = oldestPositions(node);
        cuts += oldest > cutTo ? 1 : 0;
        cutTo = oldest;
        node.start();
        cluster.awaitReady(List.of(node));
        all.addAll(writers);
        assertNothingMissing(node, writers, "kill " + round + ", fsync " + fsync);
      }
      assertNothingMissing(node, all, "all kills, fsync " + fsync);
      System.out.printf(
          "KillIT: %s: %d kills, the log was cut in %d rounds, %d while a snapshot was written%n",
          fsync, KILLS, cuts, killedWriting);
      assertThat(cuts).as("rounds in which the log was cut").isPositive();
      if (KILLS >= 50) {
        assertThat(killedWriting).as("kills while a snapshot was written").isPositive();
      }
    }
  }

  /** The sum over the lanes of the oldest position that their logs have. */
  private static long oldestPositions(DemoCluster.Node node) {
    return Stream.of("lane-0", "lane-1")
        .mapToLong(
            lane -> Long.parseLong(files(node, lane, ".log").get(0).replaceFirst("\\.log$", "")))
        .sum();
  }

  private static List<String> files(DemoCluster.Node node, String directory, String ending) {
    try (Stream<Path> files = Files.list(node.data().resolve(directory))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertNothingMissing(
      DemoCluster.Node node, List<Writer> writers, String when) {
    try (Jedis jedis = new Jedis("127.0.0.1", node.clientPort())) {
      for (Writer writer : writers) {
        assertThat(writer.missing(jedis, writer.acknowledged()))
            .as("missing after %s, seed %d", when, SEED)
            .isEmpty();
      }
    }
  }
}
