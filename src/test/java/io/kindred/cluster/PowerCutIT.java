package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/**
 * All nodes go down at once. Nobody is a master then who could prove anyone else: the owners prove
 * each other (counter-example 25), and no copy serves unproven (26).
 */
class PowerCutIT {

  private static final int KEYS = 2000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void allNodesDownAtOnceComeBackWithAllThatWasAnswered() {
    try (DemoCluster cluster = DemoCluster.Plan.racks(3).start()) {
      List<Writer> writers = new ArrayList<>();
      for (DemoCluster.Node node : cluster.nodes()) {
        writers.add(Writer.untilFailure("cut-" + node.name(), node.clientPort()));
      }
      await()
          .atMost(PATIENCE)
          .until(() -> writers.stream().allMatch(writer -> writer.acknowledged() > 1000));
      cluster.nodes().forEach(DemoCluster.Node::kill);
      writers.forEach(Writer::close);

      cluster.nodes().forEach(DemoCluster.Node::start);
      cluster.awaitReady();
      for (DemoCluster.Node node : cluster.nodes()) {
        awaitAllThere(node, writers);
      }
      Reports.assertAllEqual(cluster.node(1).management());
    }
  }

  @Test
  void aCopyWhoseFilesAreGoneIsNotServedBeforeItIsWhole() {
    try (DemoCluster cluster = DemoCluster.Plan.racks(3).start()) {
      try (Jedis jedis = jedis(cluster.node(1))) {
        for (int i = 0; i < KEYS; i++) {
          jedis.set("kept:" + i, "v" + i);
        }
      }
      for (DemoCluster.Node node : cluster.nodes()) {
        await().atMost(PATIENCE).until(() -> kept(node) == KEYS);
      }
      cluster.nodes().forEach(DemoCluster.Node::kill);
      DemoCluster.Node robbed = cluster.node(1);
      delete(robbed.data().resolve("lane-0"));
      delete(robbed.data().resolve("snapshots"));
      robbed.start();
      cluster.node(2).start();
      // Two of three racks: each lacks the other owner that its proof needs.
      await().atMost(PATIENCE).until(() -> remark(robbed).contains("node-3"));
      assertThat(phase(robbed)).isEqualTo("VERIFYING");
      assertThat(robbed.isReady()).isFalse();
      assertThat(cluster.node(2).isReady()).isFalse();
      try (Jedis jedis = jedis(cluster.node(2))) {
        assertThatThrownBy(() -> jedis.get("kept:1"))
            .hasMessageContaining("is not served")
            .hasMessageContaining("node-3 is out of reach");
      }

      cluster.node(3).start();
      cluster.awaitReady();
      for (DemoCluster.Node node : cluster.nodes()) {
        assertThat(kept(node)).as(node.name()).isEqualTo(KEYS);
      }
      Reports.assertAllEqual(cluster.node(1).management());
    }
  }

  private static void awaitAllThere(DemoCluster.Node node, List<Writer> writers) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              try (Jedis jedis = jedis(node)) {
                for (Writer writer : writers) {
                  assertThat(writer.missing(jedis, writer.acknowledged()))
                      .as(node.name())
                      .isEmpty();
                }
              }
            });
  }

  private static long kept(DemoCluster.Node node) {
    try (Jedis jedis = jedis(node)) {
      return jedis.dbSize();
    }
  }

  private static String phase(DemoCluster.Node node) {
    return row(node).path("phase").asText();
  }

  private static String remark(DemoCluster.Node node) {
    return node.management().isOk("/kindred/v1/warmups") ? row(node).path("remark").asText() : "";
  }

  private static JsonNode row(DemoCluster.Node node) {
    for (JsonNode row : node.management().get("/kindred/v1/warmups").path("warmUps")) {
      if (row.path("node").path("name").asText().equals(node.name())) {
        return row;
      }
    }
    throw new AssertionError(node.name() + " does not list itself");
  }

  private static void delete(Path tree) {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Jedis jedis(DemoCluster.Node node) {
    return new Jedis("127.0.0.1", node.clientPort(), 20_000);
  }
}
