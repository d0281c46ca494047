package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * What clients see of a disk that takes no more, and of files that were damaged: two racks, with
 * the file size that a node may write limited from outside, and both nodes' logs hit in shards of
 * different lanes.
 */
class DiskIT {

  private static final long ROOM_BYTES = 4 << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Test
  void aFullDiskRefusesWritesOnlyAndDamagedNodesMendEachOther() throws Exception {
    DemoCluster.Plan plan =
        DemoCluster.Plan.racks(2).with("kindred.ring.declare-lost-after", "10 minutes");
    try (DemoCluster cluster = plan.start()) {
      int written = fillUpAndMakeRoom(cluster.node(2));
      awaitAll(cluster, written);
      cluster.nodes().forEach(DemoCluster.Node::kill);
      damage(cluster.node(1), "lane-0");
      damage(cluster.node(2), "lane-1");
      cluster.nodes().forEach(DemoCluster.Node::start);
      cluster.awaitReady();
      for (DemoCluster.Node node : cluster.nodes()) {
        assertThat(node.printed())
            .as("%s", node.name())
            .contains("cannot be read: a batch is damaged")
            .contains("is served again, proven against its other owners");
        try (Jedis jedis = jedis(node)) {
          assertThat(Info.number(jedis, "kindred_quarantined_shards")).isZero();
        }
      }
      awaitAll(cluster, written);
    }
  }

  /** How many keys were acknowledged. */
  private static int fillUpAndMakeRoom(DemoCluster.Node node) throws Exception {
    limitFileSize(node, Long.toString(ROOM_BYTES));
    try (Jedis jedis = jedis(node)) {
      int written = 0;
      String refusal = null;
      for (; refusal == null && written < 1_000; written++) {
        try {
          jedis.set(key(written), value(written));
        } catch (JedisDataException e) {
          refusal = e.getMessage();
        }
      }
      assertThat(refusal)
          .startsWith("MISCONF Kindred cannot write its log, so writes are refused and reads go on")
          .contains(node.data().toString(), ".log: File too large", "make room");
      // The last one was refused; the next try of its batch may write it after all.
      written--;
      for (int i = 0; i < written; i++) {
        assertThat(jedis.get(key(i))).as(key(i)).isEqualTo(value(i));
      }
      assertThat(jedis.info("persistence")).contains("aof_last_write_status:err");
      limitFileSize(node, "unlimited");
      int refused = written;
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(JedisDataException.class)
          .until(() -> "OK".equals(jedis.set(key(refused), value(refused))));
      return written + 1;
    }
  }

  /** Of the running process; one that has reached the limit is told so, and goes on. */
  private static void limitFileSize(DemoCluster.Node node, String bytes) throws Exception {
    Process process =
        new ProcessBuilder(
                "prlimit", "--pid=" + node.process().pid(), "--fsize=" + bytes + ":unlimited")
            .inheritIO()
            .start();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("prlimit").isZero();
  }

  /** Flips a few bits of the lane's log, far from its end. */
  private static void damage(DemoCluster.Node node, String lane) throws IOException {
    Path largest;
    try (Stream<Path> files = Files.list(node.data().resolve(lane))) {
      largest =
          files
              .filter(file -> file.toString().endsWith(".log"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(largest.toFile(), "rw")) {
      for (int part = 1; part <= 3; part++) {
        long offset = file.length() * part / 5;
        file.seek(offset);
        int bits = file.read();
        file.seek(offset);
        file.write(bits ^ 1);
      }
    }
  }

  /** Every node has every key itself. */
  private static void awaitAll(DemoCluster cluster, int written) {
    for (DemoCluster.Node node : cluster.nodes()) {
      try (Jedis jedis = jedis(node)) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  List<String> wrong = new ArrayList<>();
                  long forwarded = Info.forwarded(jedis);
                  for (int i = 0; i < written; i++) {
                    if (!value(i).equals(jedis.get(key(i)))) {
                      wrong.add(key(i));
                    }
                  }
                  assertThat(wrong).as("%s", node.name()).isEmpty();
                  assertThat(Info.forwarded(jedis)).as("read here").isEqualTo(forwarded);
                });
      }
    }
  }

  private static String key(int number) {
    return "disk:" + number;
  }

  /** 32 KiB that cannot be packed. */
  private static String value(int number) {
    byte[] bytes = new byte[24 << 10];
    new Random(number).nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Jedis jedis(DemoCluster.Node node) {
    return new Jedis("127.0.0.1", node.clientPort(), 20_000);
  }
}
