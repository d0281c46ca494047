package io.kindred.node;

import io.kindred.entry.HybridClock;
import io.kindred.entry.TimeSource;
import io.kindred.replication.Watermarks;
import io.kindred.replication.actor.WatermarkFile;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Shards;
import io.kindred.settings.Settings;
import io.kindred.storage.DataDirectory;
import io.kindred.storage.FileDisk;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.Fsync;
import io.kindred.storage.LaneLog;
import io.kindred.storage.MemoryBudget;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import io.kindred.storage.actor.Node;
import io.kindred.storage.actor.Quarantine;
import io.kindred.storage.actor.QuarantineGate;
import io.kindred.storage.snapshot.SnapshotDirectory;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a node's shards from its data directory: reads snapshots and logs into stores, with as many
 * threads as there are processors, and joins stores, logs and clocks. Blocks while it reads; runs
 * before any shard's actor does.
 *
 * @param parts what the Node actor is made of
 * @param ringId the key of the shards' digests
 * @param logs the same logs, to be ticked, cut and closed
 * @param snapshots where the shards' snapshots are
 * @param stored what each shard was loaded from
 * @param quarantine the shards that lost something
 */
record Boot(
    Node.Parts parts,
    long ringId,
    List<FileLaneLog> logs,
    SnapshotDirectory snapshots,
    List<Optional<SnapshotDirectory.Stored>> stored,
    Quarantine quarantine) {

  private static final Logger LOG = LoggerFactory.getLogger(Boot.class);

  private static final long TELL_EVERY_SECONDS = 3;

  /**
   * Recovers all shards.
   *
   * @param wall what writes are stamped and expiries judged by
   * @param syncer runs the syncs of the logs
   * @param progress counts what is read
   * @throws IOException where a file cannot be read or written at all; damage within costs the
   *     shards that it touches, and not the node
   */
  static Boot recover(
      NodeId self,
      Ring ring,
      Settings settings,
      DataDirectory directory,
      TimeSource wall,
      List<EventLoop> loops,
      Executor syncer,
      RecoveryProgress progress)
      throws IOException {
    Shards ringShards = ring.shards();
    boolean digests = settings.storage().digests();
    if (!digests && ring.racks().size() > 1) {
      throw new IOException(
          "kindred.storage.digests is off, and other racks hold the same data: switch it on, as"
              + " nothing can be compared without");
    }
    List<ShardStore> stores = new ArrayList<>();
    for (int shard = 0; shard < ringShards.count(); shard++) {
      stores.add(
          new ShardStore(
              ringShards.firstSlot(shard), ringShards.lastSlot(shard), ring.id(), digests));
    }
    SnapshotDirectory snapshots = SnapshotDirectory.open(FileDisk.at(directory.snapshots()));
    LaneRecovery.LogFiles files =
        new LaneRecovery.LogFiles(Fsync.of(settings.log().fsync()), settings.log().segmentBytes());
    int loaders = Math.max(1, Runtime.getRuntime().availableProcessors() / directory.lanes());
    List<LaneRecovery> recoveries = new ArrayList<>();
    for (int lane = 0; lane < directory.lanes(); lane++) {
      LaneRecovery.Threads threads = new LaneRecovery.Threads(loops.get(lane), syncer);
      recoveries.add(
          new LaneRecovery(
              lane, ring, directory, snapshots, stores, files, threads, loaders, progress));
    }
    List<LaneRecovery.Result> lanes = run(recoveries, progress);
    progress.tellEnd();
    if (directory.wasClean() && lanes.stream().anyMatch(lane -> lane.recovery().lostSomething())) {
      // Peers may know of positions that will be given out a second time.
      directory.renewGeneration();
    }
    return join(self, ring, settings, directory, wall, stores, snapshots, lanes);
  }

  private static List<LaneRecovery.Result> run(
      List<LaneRecovery> recoveries, RecoveryProgress progress) throws IOException {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            recoveries.size(),
            task -> {
              Thread thread = new Thread(task, "kindred-recovery");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<LaneRecovery.Result>> running = recoveries.stream().map(threads::submit).toList();
      List<LaneRecovery.Result> results = new ArrayList<>();
      for (Future<LaneRecovery.Result> each : running) {
        results.add(await(each, progress));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private static LaneRecovery.Result await(
      Future<LaneRecovery.Result> running, RecoveryProgress progress) throws IOException {
    while (true) {
      try {
        return running.get(TELL_EVERY_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException goesOn) {
        progress.tell();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("the recovery was interrupted");
      } catch (ExecutionException e) {
        throw new IOException(e.getCause().getMessage(), e.getCause());
      }
    }
  }

  private static Boot join(
      NodeId self,
      Ring ring,
      Settings settings,
      DataDirectory directory,
      TimeSource wall,
      List<ShardStore> stores,
      SnapshotDirectory snapshots,
      List<LaneRecovery.Result> lanes) {
    List<HybridClock> clocks = lanes.stream().map(lane -> directory.newClock(wall)).toList();
    List<FileLaneLog> logs = lanes.stream().map(LaneRecovery.Result::log).toList();
    Map<Integer, String> lost = new TreeMap<>();
    lanes.forEach(lane -> lost.putAll(lane.lost()));
    lost.forEach(
        (shard, reason) ->
            LOG.error(
                "shard {} has lost something on this node's disk and is in quarantine until it is"
                    + " proven against another owner: {}",
                shard,
                reason));
    Quarantine quarantine = new Quarantine(lost);
    Watermarks.Stored watermarks = new WatermarkFile(directory.path()).read();
    List<Shard> shards = new ArrayList<>();
    List<Optional<SnapshotDirectory.Stored>> stored = new ArrayList<>();
    for (int shard = 0; shard < stores.size(); shard++) {
      int lane = shard % logs.size();
      stored.add(lanes.get(lane).stored().get(shard));
      Shard own =
          new Shard(
              shard,
              stores.get(shard),
              logs.get(lane),
              clocks.get(lane),
              wall,
              directory.origin().bits());
      Watermarks.Limits limits = watermarks.limits(shard);
      // A snapshot may lack what was purged at its step.
      long step = stored.get(shard).map(found -> found.head().step()).orElse(0L);
      own.adopt(Math.max(limits.adopted(), step));
      own.purgeUpTo(Math.max(limits.step(), step));
      if (isSoleOwner(self, ring, shard)) {
        own.ownAlone();
      }
      shards.add(own);
    }
    Node.Parts parts =
        new Node.Parts(
            self,
            ring.shards(),
            shards,
            List.<LaneLog>copyOf(logs),
            directory.generation(),
            directory.origin().bits(),
            new QuarantineGate(quarantine, settings.snapshot().serveDamaged()),
            new MemoryBudget(logs.size(), settings.client().maxMemoryBytes()),
            settings.consistency().within());
    return new Boot(parts, ring.id(), logs, snapshots, stored, quarantine);
  }

  /**
   * Whether nobody but this node ever had anything of a shard, nor will while it runs: racks are
   * for good, so a ring of one has no other owners, but one who lost its seat may come back with
   * writes.
   */
  private static boolean isSoleOwner(NodeId self, Ring ring, int shard) {
    return ring.racks().size() == 1
        && ring.former().isEmpty()
        && ring.lost().isEmpty()
        && ring.ownedBy(self).contains(shard);
  }

  /** The bytes of all logs. */
  long logBytes() {
    return logs.stream().mapToLong(log -> log.end() - log.oldest()).sum();
  }
}
