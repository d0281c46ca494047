package io.kindred.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.cli.demo.DemoPlan.DemoNode;
import io.kindred.settings.Settings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoPlanTest {

  @Test
  void portsAndRacksFollowTheNumber() {
    DemoPlan plan = new DemoPlan(3, 2, 7100);

    assertThat(plan.nodes()).extracting(DemoNode::number).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(plan.nodes())
        .extracting(DemoNode::rack)
        .containsExactly("rack-1", "rack-2", "rack-3", "rack-1", "rack-2", "rack-3");
    assertThat(plan.node(2)).contains(new DemoNode(2, "node-2", "rack-2", 7102, 8102, 9102));
    assertThat(plan.node(0)).isEmpty();
    assertThat(plan.node(7)).isEmpty();
  }

  @Test
  void impossiblePlansAreRefused() {
    assertThatThrownBy(() -> new DemoPlan(0, 1, 7100)).hasMessageContaining("1 to 99 nodes");
    assertThatThrownBy(() -> new DemoPlan(3, 0, 7100)).hasMessageContaining("1 to 99 nodes");
    assertThatThrownBy(() -> new DemoPlan(50, 2, 7100)).hasMessageContaining("1 to 99 nodes");
    assertThatThrownBy(() -> new DemoPlan(3, 1, 80)).hasMessageContaining("base port");
    assertThatThrownBy(() -> new DemoPlan(3, 1, 65000)).hasMessageContaining("base port");
  }

  @Test
  void aNodesSettingsAreThoseThatANodeReads() {
    DemoPlan plan = new DemoPlan(3, 2, 7100);
    DemoNode node = plan.nodes().get(4);
    String hocon =
        plan.settings(node, Path.of("/data/node 5"), Map.of("kindred.log.fsync", "always"));

    Config config =
        ConfigFactory.parseString(hocon)
            .withFallback(ConfigFactory.defaultApplication())
            .withFallback(ConfigFactory.defaultReference())
            .resolve();
    Settings settings = Settings.from(config);
    assertThat(settings.node().name()).isEqualTo("node-5");
    assertThat(settings.node().rack()).isEqualTo("rack-2");
    assertThat(settings.dataDir()).isEqualTo(Path.of("/data/node 5"));
    assertThat(settings.client().port()).isEqualTo(7105);
    assertThat(settings.managementPort()).isEqualTo(8105);
    assertThat(settings.arteryPort()).isEqualTo(9105);
    assertThat(settings.ring().racks()).containsExactly("rack-1", "rack-2", "rack-3");
    assertThat(settings.ring().nodesPerRack()).isEqualTo(2);
    assertThat(settings.bootstrap().method()).isEqualTo("config");
    assertThat(settings.bootstrap().contactPoints()).hasSize(6).contains("127.0.0.1:8101");
    assertThat(settings.log().fsync()).isEqualTo("always");
  }

  @Test
  void theUsersSettingsWin() {
    DemoPlan plan = new DemoPlan(1, 1, 7100);
    Config config =
        ConfigFactory.parseString(
            plan.settings(
                plan.nodes().get(0), Path.of("/d"), Map.of("kindred.node.host", "localhost")));

    assertThat(config.getString("kindred.node.host")).isEqualTo("localhost");
  }
}
