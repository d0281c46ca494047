package io.kindred.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/**
 * A rack is cut off from all others, with clients on both sides. Nothing is downed by a timer, both
 * sides go on, and when the link heals nothing was lost. {@code -Dkindred.partition.seconds=60} for
 * a longer one than the build has.
 */
class PartitionIT {

  private static final Duration PARTED =
      Duration.ofSeconds(Integer.getInteger("kindred.partition.seconds", 20));
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The longest that the smaller side may keep a client waiting. */
  private static final Duration GAP_MAX = Duration.ofSeconds(2);

  /** How long a client had to wait for an answer, at most, and what went wrong. */
  private static final class Probe implements AutoCloseable {
    private final Thread thread;
    private volatile boolean running = true;
    private volatile long longestNanos;
    private volatile String failure = "";

    Probe(DemoCluster.Node node) {
      thread = new Thread(() -> ask(node), "probe-" + node.name());
      thread.setDaemon(true);
      thread.start();
    }

    private void ask(DemoCluster.Node node) {
      try (Jedis jedis = jedis(node)) {
        // Keys of all shards, so that a node asks its neighbours in the rack as well.
        for (int i = 0; running; i++) {
          long began = System.nanoTime();
          jedis.set("probe:" + node.name() + ":" + i % 500, "v" + i);
          String value = jedis.get("probe:" + node.name() + ":" + i % 500);
          longestNanos = Math.max(longestNanos, System.nanoTime() - began);
          if (!value.equals("v" + i)) {
            failure = "read " + value + " after v" + i;
            return;
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
      } catch (RuntimeException e) {
        failure = e.toString();
      }
    }

    @Override
    public void close() {
      running = false;
      try {
        thread.join(TimeUnit.SECONDS.toMillis(30));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void aRackThatIsCutOffGoesOnAndNothingIsLostWhenTheLinkHeals() {
    // Longer than the partition: the node stays a member, which is nobody's but the ring's to say.
    DemoCluster.Plan plan =
        DemoCluster.Plan.racks(3)
            .throughProxies()
            .with("kindred.ring.declare-lost-after", "10 minutes");
    try (DemoCluster cluster = plan.start()) {
      partAndHeal(cluster, List.of(cluster.node(1)));
    }
  }

  @Test
  void twoRacksOfTwoNodesGoOnOnBothSidesThoughNeitherIsAMajority() {
    DemoCluster.Plan plan =
        DemoCluster.Plan.racks(2)
            .nodesPerRack(2)
            .throughProxies()
            .with("kindred.ring.declare-lost-after", "4 s");
    try (DemoCluster cluster = plan.start()) {
      partAndHeal(cluster, List.of(cluster.node(1), cluster.node(3)));
    }
  }

  private static void partAndHeal(DemoCluster cluster, List<DemoCluster.Node> island) {
    List<Writer> writers = new ArrayList<>();
    List<Probe> probes = new ArrayList<>();
    long epoch = epoch(cluster.node(2));
    try (Jedis two = jedis(cluster.node(2))) {
      two.set("deleted", "old");
      two.set("counter", "5");
      await().atMost(PATIENCE).until(() -> seen(cluster, "deleted", "old"));
      await().atMost(PATIENCE).until(() -> seen(cluster, "counter", "5"));
    }
    cluster.isolate(island.toArray(DemoCluster.Node[]::new));
    for (DemoCluster.Node node : cluster.nodes()) {
      writers.add(Writer.start("parted-" + node.name(), node.clientPort()));
      probes.add(new Probe(node));
    }
    // From here on each side knows that the other is out of reach.
    for (DemoCluster.Node node : cluster.nodes()) {
      await().atMost(PATIENCE).until(() -> reached(node) == side(cluster, island, node));
    }
    long acknowledged = writers.get(0).acknowledged();
    try (Jedis one = jedis(cluster.node(1));
        Jedis two = jedis(cluster.node(2))) {
      two.del("deleted");
      assertThat(one.get("deleted")).as("what the other side does is unknown").isEqualTo("old");
      one.incrBy("counter", 10);
      two.incrBy("counter", 100);
      assertThat(one.get("counter")).isEqualTo("15");
      assertThat(two.get("counter")).isEqualTo("105");
    }
    long until = System.nanoTime() + PARTED.toNanos();
    await()
        .atMost(PARTED.plusMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> System.nanoTime() >= until);
    assertThat(writers.get(0).acknowledged()).as("it goes on").isGreaterThan(acknowledged + 100);
    cluster.heal();
    for (DemoCluster.Node node : cluster.nodes()) {
      await().atMost(PATIENCE).until(() -> reached(node) == cluster.nodes().size());
    }
    writers.forEach(Writer::close);
    probes.forEach(Probe::close);

    for (int i = 0; i < writers.size(); i++) {
      String name = cluster.nodes().get(i).name();
      assertThat(writers.get(i).failures()).as(name).isEmpty();
      assertThat(probes.get(i).failure).as(name).isEmpty();
      assertThat(Duration.ofNanos(probes.get(i).longestNanos)).as(name).isLessThan(GAP_MAX);
    }
    await().atMost(PATIENCE).until(() -> seen(cluster, "counter", "115"));
    await().atMost(PATIENCE).until(() -> seen(cluster, "deleted", null));
    Reports.assertAllEqual(cluster.node(2).management());
    for (DemoCluster.Node node : cluster.nodes()) {
      assertThat(epoch(node)).as("the ring is what it was").isEqualTo(epoch);
      assertThat(node.printed()).doesNotContain("downing").doesNotContain("the node stops");
      try (Jedis jedis = jedis(node)) {
        for (Writer writer : writers) {
          assertThat(writer.missing(jedis, writer.acknowledged())).as(node.name()).isEmpty();
        }
      }
    }
  }

  private static int side(
      DemoCluster cluster, List<DemoCluster.Node> island, DemoCluster.Node node) {
    return island.contains(node) ? island.size() : cluster.nodes().size() - island.size();
  }

  private static int reached(DemoCluster.Node node) {
    return node.management().get("/kindred/v1/status").path("membersReachable").asInt();
  }

  private static long epoch(DemoCluster.Node node) {
    return node.management().get("/kindred/v1/status").path("epoch").asLong();
  }

  private static boolean seen(DemoCluster cluster, String key, String value) {
    return cluster.nodes().stream()
        .allMatch(
            node -> {
              try (Jedis jedis = jedis(node)) {
                String found = jedis.get(key);
                return value == null ? found == null : value.equals(found);
              }
            });
  }

  private static Jedis jedis(DemoCluster.Node node) {
    return new Jedis("127.0.0.1", node.clientPort(), 20_000);
  }
}
