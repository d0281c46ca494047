package io.kindred.cli.demo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How a demo's nodes are numbered, named and spread: node <i>i</i> stands in rack {@code ((i - 1)
 * mod racks) + 1} and has the ports base + i for clients, base + 1000 + i for management and base +
 * 2000 + i for Artery.
 *
 * @param basePort 7100 unless asked otherwise
 */
public record DemoPlan(int racks, int nodesPerRack, int basePort) {

  /** Ports of one kind lie a thousand apart from those of another. */
  private static final int NODES_MAX = 99;

  /** One node of the plan. */
  public record DemoNode(
      int number, String name, String rack, int clientPort, int managementPort, int arteryPort) {}

  public DemoPlan {
    if (racks < 1 || nodesPerRack < 1 || racks * nodesPerRack > NODES_MAX) {
      throw new IllegalArgumentException(
          "a demo has 1 to " + NODES_MAX + " nodes, not " + racks + " racks of " + nodesPerRack);
    }
    if (basePort < 1024 || basePort + 2000 + NODES_MAX > 65535) {
      throw new IllegalArgumentException("a base port is 1024 to 63436, not " + basePort);
    }
  }

  public int size() {
    return racks * nodesPerRack;
  }

  public List<DemoNode> nodes() {
    return IntStream.rangeClosed(1, size()).mapToObj(this::nodeAt).toList();
  }

  /** The node of that number; empty where the plan has none. */
  public Optional<DemoNode> node(int number) {
    return number >= 1 && number <= size() ? Optional.of(nodeAt(number)) : Optional.empty();
  }

  private DemoNode nodeAt(int number) {
    return new DemoNode(
        number,
        "node-" + number,
        rackName((number - 1) % racks),
        basePort + number,
        basePort + 1000 + number,
        basePort + 2000 + number);
  }

  private static String rackName(int index) {
    return "rack-" + (index + 1);
  }

  /** A node's settings as HOCON; {@code overrides} are the user's and win. */
  public String settings(DemoNode node, Path dataDir, Map<String, String> overrides) {
    Map<String, Object> own =
        Map.ofEntries(
            Map.entry("kindred.node.name", node.name()),
            Map.entry("kindred.node.rack", node.rack()),
            Map.entry("kindred.node.host", "127.0.0.1"),
            Map.entry("kindred.data-dir", dataDir.toAbsolutePath().toString()),
            Map.entry("kindred.client.port", node.clientPort()),
            Map.entry("kindred.management.port", node.managementPort()),
            Map.entry("kindred.artery.port", node.arteryPort()),
            Map.entry(
                "kindred.ring.racks",
                IntStream.range(0, racks).mapToObj(DemoPlan::rackName).toList()),
            Map.entry("kindred.ring.nodes-per-rack", nodesPerRack),
            Map.entry("kindred.bootstrap.method", "config"),
            Map.entry(
                "kindred.bootstrap.contact-points",
                nodes().stream().map(other -> "127.0.0.1:" + other.managementPort()).toList()));
    Config config = Overrides.of(overrides);
    for (Map.Entry<String, Object> setting : own.entrySet()) {
      if (!config.hasPath(setting.getKey())) {
        config =
            config.withValue(setting.getKey(), ConfigValueFactory.fromAnyRef(setting.getValue()));
      }
    }
    return config
        .root()
        .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false));
  }
}
