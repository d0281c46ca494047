package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/**
 * The link to one node is cut until its feeds have given up what it missed; a reconciliation then
 * finds exactly that, and mends it.
 */
class DriftIT {

  private static final int OLD_KEYS = 300;
  private static final int OVERWRITTEN = 120;
  private static final int NEW_KEYS = 200;
  private static final long RETENTION_BYTES = 64 * 1024;

  /** A SET writes the string and its expiry. */
  private static final int ELEMENTS_PER_SET = 2;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Test
  void aReconciliationFindsWhatACutLinkKeptAwayAndMendsIt() {
    DemoCluster.Plan plan =
        DemoCluster.Plan.racks(3)
            .throughProxies()
            .with("kindred.feed.retention-bytes", String.valueOf(RETENTION_BYTES))
            .with("kindred.reconcile.diverged-peers", "off")
            // The node stays a member all the while.
            .with("kindred.ring.declare-lost-after", "10 minutes");
    try (DemoCluster cluster = plan.start();
        Jedis one = jedis(cluster, 1);
        Jedis two = jedis(cluster, 2);
        Jedis three = jedis(cluster, 3)) {
      for (int i = 0; i < OLD_KEYS; i++) {
        two.set("drift:" + i, "old");
      }
      awaitMarkers("before", two, one);
      awaitMarkers("before", two, three);

      cluster.node(1).proxy().cut();
      // What a feed's window had handed to the link waits there, and comes when the link is whole:
      // fill the windows with what does not matter.
      String filler = "x".repeat(1024);
      fill(two, three, 512, filler);
      for (int i = 0; i < OVERWRITTEN; i++) {
        two.set("drift:" + i, "new");
      }
      for (int i = OLD_KEYS; i < OLD_KEYS + NEW_KEYS; i++) {
        two.set("drift:" + i, "new");
      }
      awaitMarkers("changed", two, three);
      // As much again as each lane keeps for a peer that is away.
      fill(two, three, (int) (6 * RETENTION_BYTES / filler.length()), filler);
      awaitMarkers("during", two, three);
      cluster.node(1).proxy().heal();
      awaitMarkers("after", two, one);
      awaitMarkers("after", three, one);

      Map<String, String> whole = strings(three);
      Map<String, String> drifted = strings(one);
      long missing = whole.keySet().stream().filter(key -> !drifted.containsKey(key)).count();
      long stale =
          drifted.entrySet().stream()
              .filter(entry -> !entry.getValue().equals(whole.get(entry.getKey())))
              .count();
      assertThat(missing).as("keys that the cut kept away").isGreaterThanOrEqualTo(NEW_KEYS);
      assertThat(stale).as("keys that the cut kept old").isGreaterThanOrEqualTo(OVERWRITTEN);

      JsonNode first = reconcile(cluster);
      assertThat(counts(first))
          .containsExactlyInAnyOrder(
              "rack-1 missing %d stale %d"
                  .formatted(ELEMENTS_PER_SET * missing, ELEMENTS_PER_SET * stale),
              "rack-2 missing 0 stale 0",
              "rack-3 missing 0 stale 0");
      assertThat(strings(one)).isEqualTo(whole);

      assertThat(counts(reconcile(cluster)))
          .containsExactlyInAnyOrder(
              "rack-1 missing 0 stale 0", "rack-2 missing 0 stale 0", "rack-3 missing 0 stale 0");
    }
  }

  @Test
  void aPeerWhoseFeedGaveUpIsReconciledWithoutAnybodyAsking() {
    DemoCluster.Plan plan =
        DemoCluster.Plan.racks(3)
            .throughProxies()
            .with("kindred.feed.retention-bytes", String.valueOf(RETENTION_BYTES))
            .with("kindred.ring.declare-lost-after", "10 minutes");
    try (DemoCluster cluster = plan.start();
        Jedis one = jedis(cluster, 1);
        Jedis two = jedis(cluster, 2);
        Jedis three = jedis(cluster, 3)) {
      cluster.node(1).proxy().cut();
      String filler = "x".repeat(1024);
      fill(two, three, 512, filler);
      for (int i = 0; i < NEW_KEYS; i++) {
        two.set("drift:" + i, "new");
      }
      fill(two, three, (int) (6 * RETENTION_BYTES / filler.length()), filler);
      cluster.node(1).proxy().heal();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(strings(one)).isEqualTo(strings(three)));
      JsonNode runs = cluster.node(2).management().get("/kindred/v1/reconciliations");
      assertThat(runs.toString()).contains("COMPLETED");
    }
  }

  /**
   * Writes what does not matter, never so far ahead of the rack that stays in touch that its feed
   * would give it up as well.
   */
  private static void fill(Jedis from, Jedis inTouch, int writes, String filler) {
    for (int i = 0; i < writes; i++) {
      from.set("filler:" + i % 64, filler + i);
      if (i % 32 == 31) {
        awaitMarkers("filled", from, inTouch);
      }
    }
  }

  /** Starts a run at one node, waits for its end, and gives its report. */
  private static JsonNode reconcile(DemoCluster cluster) {
    Management management = cluster.node(2).management();
    String id = management.post("/kindred/v1/reconciliations").path("id").asText();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                !management
                    .get("/kindred/v1/reconciliations/" + id)
                    .path("state")
                    .asText()
                    .equals("RUNNING"));
    JsonNode report = management.get("/kindred/v1/reconciliations/" + id);
    assertThat(report.path("state").asText()).as(report.toPrettyString()).isEqualTo("COMPLETED");
    return report;
  }

  private static List<String> counts(JsonNode report) {
    List<String> rows = new ArrayList<>();
    for (JsonNode node : report.path("nodes")) {
      assertThat(node.path("skipped").asText()).isEmpty();
      rows.add(
          "%s missing %d stale %d"
              .formatted(
                  node.path("rack").asText(),
                  node.path("missing").asLong(),
                  node.path("stale").asLong()));
    }
    return rows;
  }

  /**
   * Writes keys into all lanes at one node and waits until another node has them of its own: what
   * the feed between the two had to bring before has come, or will not come.
   */
  private static void awaitMarkers(String name, Jedis from, Jedis to) {
    String value = name + System.nanoTime();
    for (int i = 0; i < 64; i++) {
      from.set("marker:" + i, value);
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              for (int i = 0; i < 64; i++) {
                assertThat(to.get("marker:" + i)).isEqualTo(value);
              }
            });
  }

  /** All that the test wrote, as one node has it itself. */
  private static Map<String, String> strings(Jedis jedis) {
    long forwarded = Info.forwarded(jedis);
    Map<String, String> all = new TreeMap<>();
    String cursor = "0";
    do {
      var page = jedis.scan(cursor);
      page.getResult().forEach(key -> all.put(key, jedis.get(key)));
      cursor = page.getCursor();
    } while (!cursor.equals("0"));
    assertThat(Info.forwarded(jedis)).as("reads passed on").isEqualTo(forwarded);
    return all;
  }

  private static Jedis jedis(DemoCluster cluster, int number) {
    return new Jedis("127.0.0.1", cluster.node(number).clientPort(), 30_000);
  }
}
