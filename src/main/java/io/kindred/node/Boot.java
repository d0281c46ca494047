package io.kindred.node;

import io.kindred.entry.HybridClock;
import io.kindred.entry.TimeSource;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Shards;
import io.kindred.settings.Settings;
import io.kindred.storage.DataDirectory;
import io.kindred.storage.FileDisk;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.Fsync;
import io.kindred.storage.LaneLog;
import io.kindred.storage.LogBounds;
import io.kindred.storage.Recovery;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import io.kindred.storage.actor.Node;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a node's shards from its data directory: replays the logs into stores, and joins stores,
 * logs and clocks. Blocks while it reads; runs before any shard's actor does.
 *
 * @param parts what the Node actor is made of
 * @param logs the same logs, to be ticked and closed
 */
record Boot(Node.Parts parts, List<FileLaneLog> logs) {

  private static final Logger LOG = LoggerFactory.getLogger(Boot.class);

  /**
   * Recovers all shards.
   *
   * @param syncer runs the syncs of the logs
   * @throws IOException where a log cannot be read or written at all; damage within is reported and
   *     stepped over, since the node proves itself against its peers before it serves
   */
  static Boot recover(
      NodeId self,
      Ring ring,
      Settings settings,
      DataDirectory directory,
      List<EventLoop> loops,
      Executor syncer)
      throws IOException {
    Shards ringShards = ring.shards();
    List<ShardStore> stores = new ArrayList<>();
    for (int shard = 0; shard < ringShards.count(); shard++) {
      stores.add(
          new ShardStore(ringShards.firstSlot(shard), ringShards.lastSlot(shard), ring.id()));
    }
    TimeSource wall = System::currentTimeMillis;
    List<FileLaneLog> logs = new ArrayList<>();
    List<HybridClock> clocks = new ArrayList<>();
    AtomicBoolean lost = new AtomicBoolean();
    for (int lane = 0; lane < directory.lanes(); lane++) {
      int number = lane;
      logs.add(
          FileLaneLog.open(
              FileDisk.at(directory.lane(lane)),
              Fsync.of(settings.log().fsync()),
              settings.log().segmentBytes(),
              loops.get(lane),
              syncer,
              new LogBounds(0, directory.endAtStop(lane), shard -> 0),
              (shard, own, element) -> stores.get(shard).merge(element),
              found -> {
                tell(number, found);
                lost.compareAndSet(false, found.lostSomething());
              }));
      clocks.add(directory.newClock(wall));
    }
    if (lost.get() && directory.wasClean()) {
      // Peers may know of positions that will be given out a second time.
      directory.renewGeneration();
    }
    List<Shard> shards = new ArrayList<>();
    for (int shard = 0; shard < ringShards.count(); shard++) {
      int lane = shard % directory.lanes();
      shards.add(
          new Shard(
              shard,
              stores.get(shard),
              logs.get(lane),
              clocks.get(lane),
              wall,
              directory.origin().bits()));
    }
    List<LaneLog> asLogs = List.copyOf(logs);
    return new Boot(
        new Node.Parts(
            self, ringShards, shards, asLogs, directory.generation(), directory.origin().bits()),
        logs);
  }

  private static void tell(int lane, Recovery found) {
    if (found.entries() > 0) {
      LOG.info("lane {}: replayed {} entries, {} bytes", lane, found.entries(), found.bytes());
    }
    if (found.tornBytes() > 0) {
      LOG.warn(
          "lane {}: cut {} bytes of a batch that was being written when the process ended; nobody"
              + " was told that it is safe",
          lane,
          found.tornBytes());
    }
    for (Recovery.Damage damage : found.damages()) {
      LOG.error(
          "lane {}: {} bytes of {} at position {} cannot be read: {}; what they held comes back from"
              + " the other racks before this node serves",
          lane,
          damage.bytes(),
          damage.segment(),
          damage.position(),
          damage.reason());
    }
  }

  /** The bytes of all logs. */
  long logBytes() {
    return logs.stream().mapToLong(log -> log.end() - log.oldest()).sum();
  }
}
