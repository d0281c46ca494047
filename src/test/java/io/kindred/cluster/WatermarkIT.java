package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/** What is deleted, removed or expired leaves the memory of all racks, and stays gone. */
class WatermarkIT {

  private static final Pattern TOMBSTONES = Pattern.compile("kindred_tombstones:(\\d+)");
  private static final int KEYS = 300;

  @Test
  void whatIsDeadLeavesAllRacksAndStaysGoneThroughAKill() {
    DemoCluster.Plan plan =
        DemoCluster.Plan.racks(3)
            .with("kindred.watermark.step-interval", "2 s")
            .with("kindred.ring.declare-lost-after", "10 minutes");
    try (DemoCluster cluster = plan.start()) {
      List<DemoCluster.Node> nodes = cluster.nodes();
      long began = System.nanoTime();
      try (Jedis jedis = client(nodes.get(0))) {
        writeAndRemove(jedis, "one");
      }
      awaitNothingDead(nodes, 3);
      System.out.printf(
          "WatermarkIT: nothing dead is left after %d s%n",
          Duration.ofNanos(System.nanoTime() - began).toSeconds());

      DemoCluster.Node away = nodes.get(2);
      away.kill();
      try (Jedis jedis = client(nodes.get(1))) {
        writeAndRemove(jedis, "two");
        jedis.del("one:stays");
      }
      away.start();
      cluster.awaitReady();
      // What its kill may have lost holds the watermark until a run has compared all owners.
      awaitNothingDead(nodes, 5);
      for (DemoCluster.Node node : nodes) {
        try (Jedis jedis = client(node)) {
          assertThat(jedis.get("one:stays")).isNull();
          assertThat(jedis.get("two:stays")).isEqualTo("v");
          assertThat(jedis.get("one:counter")).isEqualTo("5");
          assertThat(jedis.get("two:counter")).isEqualTo("5");
          assertThat(jedis.smembers("two:set")).containsExactly("kept");
        }
      }
    }
  }

  private static Jedis client(DemoCluster.Node node) {
    return new Jedis("127.0.0.1", node.clientPort());
  }

  /** Leaves three keys. */
  private static void writeAndRemove(Jedis jedis, String prefix) {
    for (int i = 0; i < KEYS; i++) {
      jedis.set(prefix + ":deleted:" + i, "v");
      jedis.del(prefix + ":deleted:" + i);
      jedis.set(prefix + ":expired:" + i, "v", SetParams.setParams().px(200));
      jedis.sadd(prefix + ":set", "m" + i);
      jedis.srem(prefix + ":set", "m" + i);
      jedis.lpush(prefix + ":queue", "job" + i);
      jedis.rpop(prefix + ":queue");
      jedis.hset(prefix + ":hash:" + i, "f", "v");
      jedis.hdel(prefix + ":hash:" + i, "f");
    }
    jedis.sadd(prefix + ":set", "kept");
    jedis.incrBy(prefix + ":counter", 100);
    jedis.del(prefix + ":counter");
    jedis.incrBy(prefix + ":counter", 5);
    jedis.set(prefix + ":stays", "v");
  }

  private static void awaitNothingDead(List<DemoCluster.Node> nodes, long keys) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              for (DemoCluster.Node node : nodes) {
                try (Jedis jedis = client(node)) {
                  assertThat(tombstones(jedis)).as(node.name()).isZero();
                  assertThat(jedis.dbSize()).as(node.name()).isEqualTo(keys);
                }
              }
            });
  }

  private static long tombstones(Jedis jedis) {
    Matcher found = TOMBSTONES.matcher(jedis.info("kindred"));
    assertThat(found.find()).isTrue();
    return Long.parseLong(found.group(1));
  }
}
