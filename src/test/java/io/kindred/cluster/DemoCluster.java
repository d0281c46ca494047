package io.kindred.cluster;

import static org.awaitility.Awaitility.await;

import io.kindred.faults.TcpFaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A cluster of real processes on free ports of this machine, in directories of its own. Nodes are
 * numbered from 1, one rack after the other, as {@code bin/kindred demo} numbers them.
 */
final class DemoCluster implements AutoCloseable {

  /** How long a whole cluster may take to serve; two busy cores start three JVMs slowly. */
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  /** What a cluster is made of. */
  record Plan(
      int racks, int nodesPerRack, int spares, boolean proxied, Map<String, String> settings) {

    static Plan racks(int racks) {
      return new Plan(racks, 1, 0, false, Map.of());
    }

    Plan nodesPerRack(int count) {
      return new Plan(racks, count, spares, proxied, settings);
    }

    /** So many nodes beyond those with seats, one in each of the first racks. */
    Plan spares(int count) {
      return new Plan(racks, nodesPerRack, count, proxied, settings);
    }

    /** Every node is reached by the other nodes through a proxy of its own. */
    Plan throughProxies() {
      return new Plan(racks, nodesPerRack, spares, true, settings);
    }

    Plan with(String key, String value) {
      Map<String, String> more = new TreeMap<>(settings);
      more.put(key, value);
      return new Plan(racks, nodesPerRack, spares, proxied, more);
    }

    DemoCluster start() {
      DemoCluster cluster = new DemoCluster(this);
      try {
        cluster.founders().forEach(Node::start);
        cluster.awaitReady(cluster.founders());
        cluster.nodes.stream().skip(cluster.founders().size()).forEach(Node::start);
      } catch (RuntimeException | Error e) {
        cluster.close();
        throw e;
      }
      return cluster;
    }
  }

  /** One node's place: its ports and directory stay when its process goes. */
  final class Node {
    private final int number;
    private final String rack;
    private final int clientPort;
    private final int managementPort;
    private final int arteryPort;
    private final TcpFaultProxy proxy;
    private NodeProcess process;

    private Node(int number, String rack, List<Integer> ports) {
      this.number = number;
      this.rack = rack;
      this.clientPort = ports.get(0);
      this.managementPort = ports.get(1);
      this.arteryPort = ports.get(2);
      this.proxy = plan.proxied() ? TcpFaultProxy.to(arteryPort) : null;
    }

    int number() {
      return number;
    }

    String rack() {
      return rack;
    }

    String name() {
      return "node-" + number;
    }

    int clientPort() {
      return clientPort;
    }

    Management management() {
      return new Management(managementPort);
    }

    NodeProcess process() {
      return process;
    }

    /** What stands between the other nodes' actors and this one's. */
    TcpFaultProxy proxy() {
      if (proxy == null) {
        throw new IllegalStateException("the plan has no proxies");
      }
      return proxy;
    }

    /** Starts its process, with whatever data is there; does not wait for it. */
    void start() {
      startWith(Map.of());
    }

    /** The same with settings of its own, for this start. */
    void startWith(Map<String, String> own) {
      Map<String, String> settings = settings();
      settings.putAll(own);
      process = NodeProcess.start(settings, output());
    }

    /** As {@code kill -9}. */
    void kill() {
      process.kill();
    }

    /** Empties the directory of a node that is down and starts another in its place. */
    void replace() {
      if (process.isAlive()) {
        throw new IllegalStateException(name() + " still runs");
      }
      delete(data());
      start();
    }

    /** Takes the directory of a node that is down away, or brings it back in place of another. */
    void moveData(Path from, Path to) {
      if (process.isAlive()) {
        throw new IllegalStateException(name() + " still runs");
      }
      delete(to);
      try {
        Files.move(from, to);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    boolean isReady() {
      return process.isAlive() && management().isOk("/ready");
    }

    Path data() {
      return directory.resolve(name());
    }

    /** All that its processes have printed, from the first start on. */
    String printed() {
      try {
        return Files.readString(output());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Path output() {
      return directory.resolve(name() + ".log");
    }

    private Map<String, String> settings() {
      Map<String, String> settings = new TreeMap<>();
      settings.put("kindred.node.name", name());
      settings.put("kindred.node.rack", rack);
      settings.put("kindred.node.host", "127.0.0.1");
      settings.put("kindred.node.lanes", "2");
      settings.put("kindred.data-dir", data().toString());
      settings.put("kindred.client.port", String.valueOf(clientPort));
      settings.put("kindred.management.port", String.valueOf(managementPort));
      settings.put("kindred.artery.port", String.valueOf(advertisedArteryPort()));
      settings.put("pekko.remote.artery.bind.port", String.valueOf(arteryPort));
      settings.put("kindred.ring.nodes-per-rack", String.valueOf(plan.nodesPerRack()));
      settings.put(
          "kindred.ring.racks", list(IntStream.range(0, plan.racks()).mapToObj(DemoCluster::rack)));
      settings.put(
          "kindred.bootstrap.contact-points",
          list(founders().stream().map(node -> "127.0.0.1:" + node.managementPort)));
      if (proxy != null) {
        // So that a proxy can tell who connects.
        settings.put(
            "pekko.remote.artery.advanced.tcp.outbound-client-hostname",
            outbound().getHostAddress());
      }
      settings.putAll(plan.settings());
      return settings;
    }

    /** From where its own connections to other nodes come, if they go through proxies. */
    private InetAddress outbound() {
      try {
        return InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) number});
      } catch (UnknownHostException e) {
        throw new UncheckedIOException(e);
      }
    }

    private int advertisedArteryPort() {
      return proxy == null ? arteryPort : proxy.port();
    }
  }

  private final Plan plan;
  private final Path directory;
  private final List<Node> nodes = new ArrayList<>();

  private DemoCluster(Plan plan) {
    this.plan = plan;
    try {
      Path parent = Files.createDirectories(Path.of("target/cluster"));
      this.directory = Files.createTempDirectory(parent, "it-").toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int count = plan.racks() * plan.nodesPerRack() + plan.spares();
    List<Integer> ports = Ports.free(3 * count);
    for (int i = 0; i < count; i++) {
      nodes.add(new Node(i + 1, rack(i % plan.racks()), ports.subList(3 * i, 3 * i + 3)));
    }
  }

  private static String rack(int index) {
    return "rack-" + (index + 1);
  }

  private static String list(Stream<String> values) {
    return values.map(value -> '"' + value + '"').collect(Collectors.joining(",", "[", "]"));
  }

  List<Node> nodes() {
    return List.copyOf(nodes);
  }

  private List<Node> founders() {
    return nodes.subList(0, plan.racks() * plan.nodesPerRack());
  }

  /** From now on nothing passes between the actors of these nodes and those of the others. */
  void isolate(Node... island) {
    part(List.of(island), nodes.stream().filter(node -> !List.of(island).contains(node)).toList());
  }

  /**
   * From now on nothing passes between the one side and the other; older faults between any end.
   */
  void part(List<Node> one, List<Node> other) {
    for (Node node : nodes) {
      List<Node> far = one.contains(node) ? other : other.contains(node) ? one : List.of();
      node.proxy().refuse(far.stream().map(Node::outbound).collect(Collectors.toSet()));
    }
  }

  /** All links are whole again. */
  void heal() {
    nodes.forEach(node -> node.proxy().heal());
  }

  /** A node by its number, from 1. */
  Node node(int number) {
    return nodes.get(number - 1);
  }

  /** Waits until every node serves. */
  void awaitReady() {
    awaitReady(nodes);
  }

  void awaitReady(List<Node> some) {
    try {
      await()
          .atMost(READY_WITHIN)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> some.stream().allMatch(Node::isReady) || anyDied(some));
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException("not ready in " + READY_WITHIN + lastWords(some), e);
    }
    if (anyDied(some)) {
      throw new IllegalStateException("a node ended by itself" + lastWords(some));
    }
  }

  private static boolean anyDied(List<Node> some) {
    return some.stream().anyMatch(node -> !node.process.isAlive());
  }

  private static String lastWords(List<Node> some) {
    return some.stream()
        .filter(node -> !node.isReady())
        .map(node -> "\n--- " + node.name() + "\n" + node.process.lastWords())
        .collect(Collectors.joining());
  }

  /** Ends every process and removes what they wrote; their output stays in {@code target}. */
  @Override
  public void close() {
    for (Node node : nodes) {
      if (node.process != null && node.process.isAlive()) {
        node.process.kill();
      }
      if (node.proxy != null) {
        node.proxy.close();
      }
      delete(node.data());
    }
  }

  private static void delete(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
