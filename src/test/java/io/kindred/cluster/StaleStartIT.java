package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/**
 * A node comes back alone, and an operator lets it serve what its disk has: visibly, and without
 * founding a cluster of its own (counter-example 20).
 */
class StaleStartIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void aNodeThatComesBackAloneServesStaleUntilItReachesTheOthers() {
    DemoCluster.Plan plan =
        DemoCluster.Plan.racks(3)
            .with("kindred.ring.allow-stale-start", "true")
            .with("kindred.warm-up.stale-start-after", "2 s");
    try (DemoCluster cluster = plan.start()) {
      DemoCluster.Node alone = cluster.node(1);
      set(cluster.node(2), "before", "old");
      awaitValue(alone, "before", "old");
      alone.kill();
      set(cluster.node(2), "before", "new");
      long epoch = epoch(cluster.node(2));
      cluster.node(2).kill();
      cluster.node(3).kill();

      alone.start();
      cluster.awaitReady(List.of(alone));
      assertThat(phase(alone)).isEqualTo("STALE");
      try (Jedis jedis = jedis(alone)) {
        assertThat(jedis.get("before")).as("as it is on its disk").isEqualTo("old");
        assertThat(jedis.info("kindred")).contains("kindred_phase:STALE");
        jedis.set("alone", "yes");
      }
      assertThat(alone.printed()).contains("STALE: serves what its disk has, unproven");
      assertThat(alone.management().get("/cluster/members/").path("members"))
          .as("no cluster of its own")
          .isEmpty();
      assertThat(epoch(alone)).isEqualTo(epoch);

      cluster.node(2).start();
      cluster.node(3).start();
      cluster.awaitReady();
      await().atMost(PATIENCE).until(() -> phase(alone).equals("MASTER"));
      for (DemoCluster.Node node : cluster.nodes()) {
        awaitValue(node, "before", "new");
        awaitValue(node, "alone", "yes");
      }
    }
  }

  private static long epoch(DemoCluster.Node node) {
    return node.management().get("/kindred/v1/status").path("epoch").asLong();
  }

  private static String phase(DemoCluster.Node node) {
    JsonNode status = node.management().get("/kindred/v1/status");
    return status.path("phase").asText();
  }

  private static void set(DemoCluster.Node node, String key, String value) {
    try (Jedis jedis = jedis(node)) {
      jedis.set(key, value);
    }
  }

  private static void awaitValue(DemoCluster.Node node, String key, String value) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              try (Jedis jedis = jedis(node)) {
                assertThat(jedis.get(key)).isEqualTo(value);
              }
            });
  }

  private static Jedis jedis(DemoCluster.Node node) {
    return new Jedis("127.0.0.1", node.clientPort(), 20_000);
  }
}
