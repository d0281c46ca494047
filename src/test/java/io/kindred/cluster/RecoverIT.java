package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/**
 * Two of three nodes are lost, so that nobody can decide anything: an operator has the third go on.
 * One comes back with its data, one is replaced and forgotten, and comes back all the same.
 */
class RecoverIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String RECOVERY = "/kindred/v1/ring/recovery";

  @Test
  void aSurvivorGoesOnAndWhoWasForgottenDoesNotComeBack() {
    try (DemoCluster cluster = DemoCluster.Plan.racks(3).start()) {
      DemoCluster.Node survivor = cluster.node(1);
      DemoCluster.Node replaced = cluster.node(2);
      DemoCluster.Node back = cluster.node(3);
      Management management = survivor.management();
      set(replaced, "before", "all");
      awaitValue(survivor, "before", "all");
      awaitValue(back, "before", "all");
      assertThat(management.get(RECOVERY).path("allowed").asBoolean()).isFalse();

      replaced.kill();
      back.kill();
      await().atMost(PATIENCE).until(() -> management.get(RECOVERY).path("allowed").asBoolean());
      JsonNode losses = management.get(RECOVERY);
      assertThat(losses.path("losses").toString()).contains("node-2#", "node-3#", "two rings");
      set(survivor, "alone", "yes");
      management.post(RECOVERY + "?without=" + encoded(String.join(",", names(losses))));
      assertThat(management.get("/kindred/v1/ring").path("epoch").asLong())
          .isGreaterThanOrEqualTo(1_000_000_000);

      // One has its data, and decided nothing meanwhile; of the other there is an empty namesake.
      Path aside = replaced.data().resolveSibling("node-2-aside");
      replaced.moveData(replaced.data(), aside);
      back.start();
      replaced.start();
      cluster.awaitReady();
      awaitValue(back, "alone", "yes");
      Reports.assertAllEqual(management);

      await().atMost(PATIENCE).until(() -> former(management).size() == 1);
      String forgotten = former(management).get(0);
      String path = "/kindred/v1/nodes/" + encoded(forgotten) + "/forget";
      assertThat(management.get(path).path("losses").toString()).contains(forgotten);
      management.post(path);
      assertThat(former(management)).isEmpty();
      assertThatThrownBy(() -> management.post("/kindred/v1/nodes/node-3/forget"))
          .hasMessageContaining("is a living member");

      replaced.kill();
      replaced.moveData(aside, replaced.data());
      replaced.start();
      await().atMost(PATIENCE).until(() -> !replaced.process().isAlive());
      assertThat(replaced.printed())
          .contains(forgotten + " was forgotten by an operator")
          .contains("move " + replaced.data() + " away");
      awaitValue(survivor, "alone", "yes");
    }
  }

  private static List<String> names(JsonNode losses) {
    List<String> names = new ArrayList<>();
    losses.path("nodes").forEach(node -> names.add(name(node)));
    return names;
  }

  private static List<String> former(Management management) {
    List<String> names = new ArrayList<>();
    management.get("/kindred/v1/ring").path("former").forEach(node -> names.add(name(node)));
    return names;
  }

  private static String name(JsonNode node) {
    return node.path("name").asText() + "#" + node.path("store").asText();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
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
