package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** Consistency levels on real nodes, whole and with racks that go away. */
class LevelsIT {

  private static final int KEYS = 300;

  @Test
  void aMajorityIsEnoughAndIsNeeded() throws Exception {
    try (DemoCluster cluster = DemoCluster.Plan.racks(3).start()) {
      whatAMajorityHasEveryMajorityReads(cluster);
      waitCountsTheOtherRacks(cluster);
      oneOrderForAll(cluster);
      cluster.node(3).kill();
      // Nobody notices at first: the other rack alone is enough.
      try (Jedis one = quorum(cluster, 1)) {
        for (int i = 0; i < KEYS; i++) {
          assertThat(one.set("two-of-three:" + i, "v")).isEqualTo("OK");
        }
        assertThat(one.waitReplicas(1, 5_000)).isEqualTo(1);
      }
      cluster.node(2).kill();
      try (Jedis one = quorum(cluster, 1)) {
        await()
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(
                () ->
                    assertThatThrownBy(() -> one.set("alone", "v"))
                        .isInstanceOf(JedisDataException.class)
                        .hasMessageStartingWith("NOQUORUM 1 of 3 racks are in reach")
                        .hasMessageEndingWith("nothing was written"));
        assertThatThrownBy(() -> one.get("alone"))
            .isInstanceOf(JedisDataException.class)
            .hasMessageStartingWith("NOQUORUM 1 of 3 racks serve");
        assertThat(one.waitReplicas(1, 200)).isZero();
      }
      try (Jedis one = plain(cluster, 1)) {
        assertThat(one.set("alone", "at dc_one")).isEqualTo("OK");
        assertThat(one.get("two-of-three:7")).isEqualTo("v");
      }
      cluster.node(2).start();
      cluster.node(3).start();
      cluster.awaitReady();
      try (Jedis two = quorum(cluster, 2)) {
        assertThat(two.get("alone")).isEqualTo("at dc_one");
        assertThat(two.set("alone", "no more")).isEqualTo("OK");
      }
    }
  }

  private static void whatAMajorityHasEveryMajorityReads(DemoCluster cluster) {
    try (Jedis one = quorum(cluster, 1);
        Jedis two = quorum(cluster, 2);
        Jedis three = quorum(cluster, 3)) {
      List<Jedis> all = List.of(one, two, three);
      for (int i = 0; i < KEYS; i++) {
        assertThat(all.get(i % 3).set("read-by-all", "v" + i)).isEqualTo("OK");
        for (Jedis reader : all) {
          assertThat(reader.get("read-by-all")).isEqualTo("v" + i);
        }
        assertThat(all.get(i % 3).rpush("list", "i" + i)).isEqualTo(i + 1);
      }
    }
  }

  private static void waitCountsTheOtherRacks(DemoCluster cluster) {
    try (Jedis one = plain(cluster, 1)) {
      for (int i = 0; i < KEYS; i++) {
        one.set("waited:" + i, "v");
      }
      assertThat(one.waitReplicas(2, 10_000)).isEqualTo(2);
      assertThat(one.waitReplicas(0, 10)).isEqualTo(2);
      assertThat(one.waitReplicas(5, 50)).as("more than there are").isEqualTo(2);
    }
    try (Jedis three = plain(cluster, 3)) {
      assertThat(three.get("waited:" + (KEYS - 1))).isEqualTo("v");
    }
  }

  private static void oneOrderForAll(DemoCluster cluster) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(6);
    List<Future<Integer>> counted = new ArrayList<>();
    for (int client = 0; client < 6; client++) {
      int number = 1 + client % 3;
      counted.add(
          clients.submit(
              () -> {
                int done = 0;
                try (Jedis jedis = plain(cluster, number)) {
                  for (int i = 0; i < 50; i++) {
                    call(jedis, "KINDRED", "AT", "dc_safe_quorum", "INCR", "safe-counter");
                    done++;
                  }
                }
                return done;
              }));
    }
    int sum = 0;
    for (Future<Integer> each : counted) {
      sum += each.get(60, TimeUnit.SECONDS);
    }
    clients.shutdown();
    try (Jedis two = plain(cluster, 2)) {
      assertThat(text(call(two, "KINDRED", "AT", "dc_safe_quorum", "GET", "safe-counter")))
          .isEqualTo(String.valueOf(sum));
      await()
          .untilAsserted(() -> assertThat(two.get("safe-counter")).isEqualTo(String.valueOf(300)));
    }
  }

  private static Object call(Jedis jedis, String command, String... args) {
    return jedis.sendCommand(() -> command.getBytes(StandardCharsets.US_ASCII), args);
  }

  private static String text(Object reply) {
    return new String((byte[]) reply, StandardCharsets.US_ASCII);
  }

  private static Jedis quorum(DemoCluster cluster, int number) {
    Jedis jedis = plain(cluster, number);
    assertThat(
            text(call(jedis, "KINDRED", "CONSISTENCY", "READ", "dc_quorum", "WRITE", "dc_quorum")))
        .isEqualTo("OK");
    return jedis;
  }

  // The class has a younger sibling of another name; this is the one that people have.
  @SuppressWarnings("deprecation")
  private static Jedis plain(DemoCluster cluster, int number) {
    return new Jedis("127.0.0.1", cluster.node(number).clientPort(), 20_000);
  }
}
