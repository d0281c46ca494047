package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** One of three nodes has a clock that is off: it takes no writes, the others do. */
class ClockIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void aNodeWhoseClockIsOffRefusesWritesUntilItIsRight() {
    try (DemoCluster cluster = DemoCluster.Plan.racks(3).start()) {
      DemoCluster.Node wrong = cluster.node(3);
      wrong.process().stop();
      wrong.startWith(Map.of("kindred.clock.shift", "-900 ms"));
      cluster.awaitReady();
      try (Jedis good = jedis(cluster.node(1));
          Jedis bad = jedis(wrong)) {
        await().atMost(SOON).until(() -> bad.info("kindred").contains("kindred_clock_fenced:1"));
        assertThatThrownBy(() -> bad.set("k", "theirs"))
            .isInstanceOf(JedisDataException.class)
            .hasMessageStartingWith("CLOCKSKEW ")
            .hasMessageContaining("behind 2 of the ring's 3 nodes")
            .hasMessageContaining("node-1");
        assertThat(good.set("k", "ours")).isEqualTo("OK");
        await().atMost(SOON).untilAsserted(() -> assertThat(bad.get("k")).isEqualTo("ours"));
        await().atMost(SOON).until(() -> row(cluster.node(1)).path("fenced").asBoolean());
        assertThat(row(cluster.node(1)).path("clock").path("offsetMillis").asLong())
            .isBetween(-1000L, -800L);
        List<?> nodes =
            (List<?>) good.sendCommand(() -> "KINDRED".getBytes(StandardCharsets.UTF_8), "NODES");
        assertThat(nodes).hasSize(3);
        assertThat(cluster.node(1).printed()).contains("the clock of node-3");
      }

      wrong.process().stop();
      wrong.start();
      cluster.awaitReady();
      try (Jedis righted = jedis(wrong)) {
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(row(wrong).path("clock").isMissingNode()).isFalse());
        assertThat(righted.set("k", "again")).isEqualTo("OK");
        assertThat(righted.info("kindred")).contains("kindred_clock_fenced:0");
      }
    }
  }

  /** What a node says of the third. */
  private static JsonNode row(DemoCluster.Node asked) {
    for (JsonNode row : asked.management().get("/kindred/v1/nodes").path("nodes")) {
      if (row.path("node").path("name").asText().equals("node-3")) {
        return row;
      }
    }
    throw new AssertionError("node-3 is not listed");
  }

  private static Jedis jedis(DemoCluster.Node node) {
    return new Jedis("127.0.0.1", node.clientPort(), 20_000);
  }
}
