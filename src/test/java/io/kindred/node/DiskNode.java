package io.kindred.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.membership.ClusterView;
import io.kindred.membership.ViewBoard;
import io.kindred.ring.Ring;
import io.kindred.settings.Settings;
import io.kindred.storage.DataDirectory;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.actor.LaneExecutor;
import io.kindred.storage.actor.LocalShards;
import io.kindred.storage.actor.Node;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.ShardProtocol;
import io.kindred.storage.actor.SnapshotStatus;
import io.kindred.storage.actor.Snapshots;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** A node's shards, logs and snapshots on a real directory, without cluster, feeds and clients. */
final class DiskNode implements AutoCloseable {

  static final int LANES = 2;

  private final ExecutorService blocking = Executors.newCachedThreadPool();
  private final List<EventLoop> loops = new ArrayList<>();
  private final Ring ring;
  private final DataDirectory directory;
  private final ActorTestKit testKit;
  private final ActorRef<NodeProtocol.Command> node;
  private final ActorRef<Snapshots.Command> snapshots;
  private final LocalShards shards;
  private boolean stopped;
  final Boot boot;

  DiskNode(Path path, Ring ring, String overrides) throws Exception {
    this.ring = ring;
    Config config =
        ConfigFactory.parseString(overrides + "\nkindred.log.segment-bytes = 2 KiB")
            .withFallback(ConfigFactory.load());
    directory = DataDirectory.open(path, LANES);
    for (int lane = 0; lane < LANES; lane++) {
      loops.add(new DefaultEventLoop());
    }
    boot =
        Boot.recover(
            ring.members().get(0).id(),
            ring,
            Settings.from(config),
            directory,
            System::currentTimeMillis,
            loops,
            blocking,
            new RecoveryProgress(ring.shards().count(), LANES));
    testKit =
        ActorTestKit.create(
            LaneExecutor.dispatchers(loops)
                .withFallback(
                    ConfigFactory.parseString(
                        "pekko { actor.provider = local, fail-mixed-versions = off }"))
                .withFallback(ConfigFactory.defaultReference()));
    TestProbe<LocalShards> started = testKit.createTestProbe();
    ClusterView view =
        new ClusterView(ring.members().get(0), Optional.of(ring), Map.of(), Set.of());
    node =
        testKit.spawn(
            Node.create(
                boot.parts(),
                new ViewBoard(view),
                question -> {},
                totals -> {
                  throw new AssertionError("nobody asks");
                },
                started.getRef()));
    shards = started.receiveMessage();
    snapshots =
        testKit.spawn(
            Snapshots.create(
                new Snapshots.Parts(
                    shards,
                    boot.logs(),
                    ring.shards(),
                    ring.id(),
                    boot.snapshots(),
                    boot.stored(),
                    boot.quarantine(),
                    Settings.from(config).snapshot().logBytes(),
                    1 << 30,
                    Duration.ofMillis(50),
                    () ->
                        CompletableFuture.completedFuture(
                            Optional.of(List.of(Long.MAX_VALUE, Long.MAX_VALUE))))));
  }

  /** Sets keys, and waits until that is committed. */
  void set(int from, int to, String value) {
    TestProbe<ShardProtocol.Merged> merged = testKit.createTestProbe();
    for (int i = from; i < to; i++) {
      Key key = Elements.key("key-" + i);
      Element element = Element.string(key, new Version(1_000L + i, 9), Elements.text(value + i));
      int shard = ring.shards().shardOf(key.slot());
      shards.shard(shard).tell(new ShardProtocol.Merge(List.of(element), i, merged.getRef()));
    }
    merged.receiveSeveralMessages(to - from, Duration.ofSeconds(20));
  }

  /** All strings that there are. */
  SortedMap<String, String> strings() {
    SortedMap<String, String> found = new TreeMap<>();
    TestProbe<ShardProtocol.Elements> probe = testKit.createTestProbe();
    for (int shard = 0; shard < ring.shards().count(); shard++) {
      for (int slot = ring.shards().firstSlot(shard);
          slot <= ring.shards().lastSlot(shard);
          slot++) {
        List<NodeProtocol.Leaf> leaves = new ArrayList<>();
        for (int leaf = 0; leaf < 256; leaf++) {
          leaves.add(new NodeProtocol.Leaf(slot, leaf));
        }
        if (boot.parts().shards().get(shard).store().digests().slot(slot) != 0) {
          shards
              .shard(shard)
              .tell(new ShardProtocol.ReadElements(leaves, Optional.empty(), probe.getRef()));
          ShardProtocol.Elements read = probe.receiveMessage(Duration.ofSeconds(20));
          if (read.next().isPresent()) {
            throw new IllegalStateException("a slot with more than a test should put there");
          }
          for (Element element : read.elements()) {
            found.put(
                element.key().toString(),
                new String(element.value(), java.nio.charset.StandardCharsets.UTF_8));
          }
        }
      }
    }
    return found;
  }

  SnapshotStatus startSnapshots() {
    TestProbe<SnapshotStatus> probe = testKit.createTestProbe();
    snapshots.tell(new Snapshots.Start(probe.getRef()));
    return probe.receiveMessage();
  }

  SnapshotStatus status() {
    TestProbe<SnapshotStatus> probe = testKit.createTestProbe();
    snapshots.tell(new Snapshots.GetStatus(probe.getRef()));
    return probe.receiveMessage(Duration.ofSeconds(10));
  }

  /** Which shards are served after a proof for all of them. */
  List<Integer> servedAfterProof() {
    TreeSet<Integer> all = new TreeSet<>();
    for (int shard = 0; shard < ring.shards().count(); shard++) {
      all.add(shard);
    }
    node.tell(new NodeProtocol.Serve(all));
    TestProbe<NodeProtocol.Manifest> answered = testKit.createTestProbe();
    node.tell(new NodeProtocol.GetManifest(List.of(0), answered.getRef()));
    answered.receiveMessage();
    TestProbe<ShardProtocol.ShardStats> stats = testKit.createTestProbe();
    List<Integer> served = new ArrayList<>();
    for (int shard : all) {
      shards.shard(shard).tell(new ShardProtocol.ReadStats(stats.getRef()));
      if (stats.receiveMessage().serving()) {
        served.add(shard);
      }
    }
    return served;
  }

  long generation() {
    return directory.generation();
  }

  /** A clean stop. */
  void stop() throws Exception {
    stopped = true;
    shutDown();
    for (FileLaneLog log : boot.logs()) {
      log.close();
    }
    directory.markCleanStop(boot.logs().stream().map(FileLaneLog::end).toList());
    directory.close();
  }

  private void shutDown() {
    testKit.shutdownTestKit();
    for (EventLoop loop : loops) {
      loop.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }
    blocking.shutdown();
  }

  /** An unclean one, unless it was stopped. */
  @Override
  public void close() throws IOException {
    if (!stopped) {
      shutDown();
      directory.close();
    }
  }
}
