package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/**
 * Counter-example 17: a rack is cut off and goes on at dc_one; it is declared lost and a spare
 * takes its seat; then it comes back with writes that nobody else has.
 */
class IslandIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void anIslandWhoseSeatWasTakenGivesBackItsWritesAndBecomesASpare() {
    DemoCluster.Plan plan =
        DemoCluster.Plan.racks(3)
            .spares(1)
            .throughProxies()
            .with("kindred.ring.declare-lost-after", "4 s");
    try (DemoCluster cluster = plan.start()) {
      DemoCluster.Node island = cluster.node(1);
      DemoCluster.Node spare = cluster.node(4);
      Management mainland = cluster.node(2).management();
      await().atMost(PATIENCE).until(() -> names(mainland, "spares").contains("node-4"));
      String store = store(mainland, "node-1");
      try (Jedis jedis = jedis(island)) {
        jedis.set("before", "old");
        jedis.set("deleted", "old");
      }
      awaitValue(cluster.node(2), "deleted", "old");

      cluster.isolate(island);
      Writer onIsland = Writer.start("island", island.clientPort());
      Writer onMainland = Writer.start("mainland", cluster.node(2).clientPort());
      await().atMost(PATIENCE).until(() -> names(mainland, "former").contains("node-1"));
      cluster.awaitReady(List.of(spare));
      try (Jedis two = jedis(cluster.node(2));
          Jedis one = jedis(island)) {
        two.del("deleted");
        assertThat(one.get("deleted")).as("the island has its own copy").isEqualTo("old");
        one.set("before", "new");
      }
      onIsland.close();
      assertThat(onIsland.failures()).as("the island serves all the while").isEmpty();
      assertThat(onIsland.acknowledged()).isGreaterThan(1000);

      // Owners out of reach hold the draining up, and it is told whom it waits for.
      cluster.part(List.of(island), List.of(cluster.node(3)));
      await().atMost(PATIENCE).until(() -> remark(mainland, "node-1").contains("node-3"));
      assertThat(phase(mainland, "node-1")).isEqualTo("DRAINING");
      assertThat(names(mainland, "former")).containsExactly("node-1");
      // A crash in the middle of it costs nothing.
      island.kill();
      island.start();
      await().atMost(PATIENCE).until(() -> phase(mainland, "node-1").equals("DRAINING"));
      assertThat(names(mainland, "former")).containsExactly("node-1");

      cluster.heal();
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  names(mainland, "former").isEmpty()
                      && names(mainland, "spares").contains("node-1"));
      onMainland.close();
      assertThat(store(mainland, "node-1")).as("it is another node").isNotEqualTo(store);
      assertThat(onMainland.failures()).isEmpty();
      for (DemoCluster.Node owner : List.of(spare, cluster.node(2), cluster.node(3))) {
        awaitValue(owner, "before", "new");
        try (Jedis jedis = jedis(owner)) {
          assertThat(onIsland.missing(jedis, onIsland.acknowledged())).as(owner.name()).isEmpty();
          assertThat(jedis.get("deleted")).isNull();
        }
      }
      // The spare holds nothing, and passes its clients on.
      awaitValue(island, "before", "new");
      Reports.assertAllEqual(mainland);
    }
  }

  private static List<String> names(Management management, String list) {
    return elements(management.get("/kindred/v1/ring").path(list))
        .map(node -> node.path("name").asText())
        .toList();
  }

  private static String store(Management management, String name) {
    return row(management, "/kindred/v1/nodes", "nodes", name).path("node").path("store").asText();
  }

  private static String phase(Management management, String name) {
    return row(management, "/kindred/v1/nodes", "nodes", name).path("phase").asText();
  }

  private static String remark(Management management, String name) {
    return row(management, "/kindred/v1/warmups", "warmUps", name).path("remark").asText();
  }

  private static JsonNode row(Management management, String page, String list, String name) {
    return elements(management.get(page).path(list))
        .filter(row -> row.path("node").path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
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
