package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What clients hear while a node reads its disk. */
class LoadingTest {

  private static final String LOADING = "-LOADING Kindred is loading the dataset in memory";

  @Test
  void aNodeThatNobodyElseServesForSaysThatItLoadsAndHowFarItIs() throws Exception {
    try (TestNode node = new TestNode("node-1", "rack-1", 1);
        Wire wire = new Wire(node.port())) {
      node.believe(TestNode.ring(node), Map.of(), Set.of(node.id()));
      assertThat(Wire.text(wire.ask("GET", "a"))).isEqualTo(LOADING);
      assertThat(Wire.text(wire.ask("SET", "a", "1"))).isEqualTo(LOADING);
      assertThat(Wire.text(wire.ask("MGET", "a", "b"))).isEqualTo(LOADING);
      assertThat(Wire.text(wire.ask("PING"))).isEqualTo(LOADING);
      assertThat(Wire.text(wire.ask("DBSIZE"))).isEqualTo(LOADING);
      assertThat(Wire.text(wire.ask("SCAN", "0"))).isEqualTo(LOADING);
      assertThat(Wire.text(wire.ask("HELLO", "2"))).contains("\"redis\"");
      assertThat(Wire.text(wire.ask("CLIENT", "SETNAME", "early"))).isEqualTo("+OK");
      assertThat(Wire.text(wire.ask("CLUSTER", "SLOTS"))).contains("[0, ");
      assertThat(Wire.text(wire.ask("CONFIG", "GET", "appendfsync"))).contains("always");
      assertThat(Wire.text(wire.ask("INFO", "persistence")))
          .contains(
              "loading:1\r\nloading_start_time:1\r\nkindred_loading_snapshots:1/4",
              "kindred_loading_logs_perc:20\r\nkindred_loading_records:300");
      assertThat(Wire.text(wire.ask("INFO")))
          .contains("kindred_heap_used", "kindred_phase:STANDBY")
          .as("what is not known yet is not said to be nothing")
          .doesNotContain("used_memory:", "kindred_quarantined_shards");

      node.loaded();
      node.serve(true);
      assertThat(Wire.text(wire.ask("GET", "a")))
          .as("until it says so")
          .startsWith("-LOADING shard ")
          .contains("node-1 is STANDBY");
      assertThat(Wire.text(wire.ask("PING"))).isEqualTo(LOADING);
      assertThat(Wire.text(wire.ask("INFO", "persistence"))).contains("loading:1");

      node.formAlone();
      assertThat(Wire.text(wire.ask("SET", "a", "1"))).isEqualTo("+OK");
      assertThat(Wire.text(wire.ask("PING"))).isEqualTo("+PONG");
      node.believe(TestNode.ring(node), Map.of(node.id(), Phase.STANDBY), Set.of(node.id()));
      assertThat(Wire.text(wire.ask("GET", "a"))).as("it has served").startsWith("-CLUSTERDOWN ");
      assertThat(Wire.text(wire.ask("CLIENT", "GETNAME")))
          .as("a client that came early has stayed")
          .isEqualTo("\"early\"");
      assertThat(Wire.text(wire.ask("INFO", "persistence")))
          .contains("loading:0", "kindred_drifted_slots:0")
          .doesNotContain("kindred_loading");
    }
  }

  @Test
  void whoOwnsNothingOrHasFailedIsNotLoading() throws Exception {
    try (TestNode spare = new TestNode("node-1", "rack-1", 1).loaded();
        TestNode owner = new TestNode("node-2", "rack-2", 2);
        Wire wire = new Wire(spare.port())) {
      spare.believe(TestNode.ring(owner), Map.of(), Set.of(spare.id()));
      assertThat(Wire.text(wire.ask("PING"))).isEqualTo("+PONG");
      assertThat(Wire.text(wire.ask("GET", "a"))).startsWith("-CLUSTERDOWN shard ");
      Ring own = TestNode.ring(spare);
      spare.believe(own, Map.of(spare.id(), Phase.VERIFYING), Set.of(spare.id()));
      assertThat(Wire.text(wire.ask("GET", "a"))).startsWith("-LOADING shard ");
      spare.believe(own, Map.of(spare.id(), Phase.FAILED), Set.of(spare.id()));
      assertThat(Wire.text(wire.ask("GET", "a"))).startsWith("-CLUSTERDOWN shard ");
      assertThat(Wire.text(wire.ask("PING"))).isEqualTo("+PONG");
    }
  }

  @Test
  void whatAnotherRackServesIsAskedThereMeanwhile() throws Exception {
    try (TestNode one = new TestNode("node-1", "rack-1", 1);
        TestNode two = new TestNode("node-2", "rack-2", 2).loaded();
        Wire wire = new Wire(one.port())) {
      Ring ring = TestNode.ring(one, two);
      two.serve(true);
      one.believe(ring, Map.of(two.id(), Phase.MASTER), Set.of(one.id(), two.id()));
      // The two have to meet first; a read may be asked again.
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(Wire.text(wire.ask("GET", "a"))).isEqualTo("null"));
      assertThat(Wire.text(wire.ask("SET", "a", "1"))).isEqualTo("+OK");
      assertThat(Wire.text(wire.ask("GET", "a"))).isEqualTo("\"1\"");
      assertThat(Wire.text(wire.ask("PING"))).isEqualTo("+PONG");
      assertThat(Wire.text(wire.ask("DBSIZE"))).isEqualTo("1");
      assertThat(Wire.text(wire.ask("INFO", "persistence"))).contains("loading:1");
      one.believe(ring, Map.of(two.id(), Phase.MASTER), Set.of(one.id()));
      assertThat(Wire.text(wire.ask("GET", "a"))).isEqualTo(LOADING);
    }
  }
}
