package io.kindred.node;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.StoredString;
import io.kindred.ring.Ring;
import io.kindred.storage.DataDirectory;
import io.kindred.storage.FileDisk;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.Fsync;
import io.kindred.storage.LogReader;
import io.kindred.storage.Recovery;
import io.kindred.storage.ShardStore;
import io.kindred.storage.SweptMarks;
import io.kindred.storage.snapshot.LaneFindings;
import io.kindred.storage.snapshot.SnapshotDirectory;
import io.kindred.storage.snapshot.SnapshotDirectory.Loaded;
import io.kindred.storage.snapshot.SnapshotDirectory.Stored;
import io.kindred.storage.snapshot.SnapshotReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers the shards of one lane: each one's newest good snapshot, and the log from the oldest of
 * their starts on top. One thread's, which reads the log; {@link LoaderThreads} merge.
 */
final class LaneRecovery implements Callable<LaneRecovery.Result> {

  private static final Logger LOG = LoggerFactory.getLogger(LaneRecovery.class);

  /**
   * What came of it.
   *
   * @param stored what each of the lane's shards was loaded from
   * @param lost what the disk has lost of them: a shard is in it with the reason
   */
  record Result(
      FileLaneLog log,
      Recovery recovery,
      Map<Integer, Optional<Stored>> stored,
      SortedMap<Integer, String> lost) {}

  /** Where a log's commits and syncs run. */
  record Threads(Executor lane, Executor syncer) {}

  /** How the lane's log is kept. */
  record LogFiles(Fsync fsync, long segmentBytes) {}

  private final int lane;
  private final Ring ring;
  private final DataDirectory directory;
  private final SnapshotDirectory snapshots;
  private final List<ShardStore> stores;
  private final LogFiles files;
  private final Threads threads;
  private final RecoveryProgress progress;
  private final int loaderCount;
  private final LaneFindings findings = new LaneFindings();
  private final LongAdder strange = new LongAdder();

  LaneRecovery(
      int lane,
      Ring ring,
      DataDirectory directory,
      SnapshotDirectory snapshots,
      List<ShardStore> stores,
      LogFiles files,
      Threads threads,
      int loaderCount,
      RecoveryProgress progress) {
    this.lane = lane;
    this.ring = ring;
    this.directory = directory;
    this.snapshots = snapshots;
    this.stores = stores;
    this.files = files;
    this.threads = threads;
    this.loaderCount = loaderCount;
    this.progress = progress;
  }

  @Override
  public Result call() throws IOException {
    try (LoaderThreads loaders = new LoaderThreads(stores, lane, directory.lanes(), loaderCount)) {
      Map<Integer, Future<Loaded>> loading = new TreeMap<>();
      for (int shard = lane; shard < stores.size(); shard += directory.lanes()) {
        int each = shard;
        loading.put(
            shard, loaders.submit(shard, () -> snapshots.load(each, ring.id(), new Load(each))));
      }
      for (Map.Entry<Integer, Future<Loaded>> each : loading.entrySet()) {
        judge(each.getKey(), LoaderThreads.await(each.getValue()));
        progress.snapshotRead();
      }
      List<Recovery> found = new ArrayList<>();
      FileLaneLog log =
          FileLaneLog.open(
              FileDisk.at(directory.lane(lane)),
              files.fsync(),
              files.segmentBytes(),
              threads.lane(),
              threads.syncer(),
              findings.bounds(directory.endAtStop(lane)),
              new Replay(loaders),
              found::add);
      loaders.finish();
      if (ring.racks().size() == 1) {
        // Others' marks never go before all of a key does.
        loaders.onAll(SweptMarks::forget);
      }
      if (strange.sum() > 0) {
        LOG.error("lane {}: {} records belong to no shard that they stand under", lane, strange);
      }
      findings.read(found.get(0));
      tell(found.get(0));
      return new Result(log, found.get(0), findings.stored(), findings.lost());
    }
  }

  /** Hands the log's entries to the loaders. */
  private final class Replay implements LogReader.Visitor {

    private final LoaderThreads loaders;

    Replay(LoaderThreads loaders) {
      this.loaders = loaders;
    }

    @Override
    public void entry(int shard, boolean own, Element element) {
      if (isRight(shard, element.key())) {
        loaders.take(shard, element);
      }
    }

    @Override
    public void string(int shard, boolean own, StoredString stored) {
      if (isRight(shard, stored.key())) {
        loaders.take(shard, stored);
      }
    }

    @Override
    public void progress(long bytes, long ofBytes) {
      progress.logRead(lane, bytes, ofBytes);
    }
  }

  /** Merges a shard's snapshot, for which it is the shard's thread already. */
  private final class Load implements SnapshotReader.Visitor {

    private final int shard;
    private final ShardStore store;

    Load(int shard) {
      this.shard = shard;
      this.store = stores.get(shard);
    }

    @Override
    public void element(Element element) {
      if (isRight(shard, element.key())) {
        store.merge(element);
      }
    }

    @Override
    public void string(StoredString stored) {
      if (isRight(shard, stored.key())) {
        store.merge(stored);
      }
    }
  }

  private void judge(int shard, Loaded loaded) {
    ShardStore store = stores.get(shard);
    findings.loaded(shard, loaded);
    for (String damage : loaded.damages()) {
      LOG.error("lane {}: a snapshot of shard {} is damaged: {}", lane, shard, damage);
    }
    boolean alone = loaded.damages().isEmpty();
    if (alone
        && loaded.snapshot().isPresent()
        && loaded.snapshot().get().foot().digest() != store.digests().whole()) {
      LOG.warn(
          "lane {}: the snapshot of shard {} has another digest than what was loaded from it;"
              + " the comparison with the other owners decides",
          lane,
          shard);
    }
  }

  /** What stands under a wrong shard was written by a mistake of ours, and must not stop a node. */
  private boolean isRight(int shard, Key key) {
    boolean right =
        shard < stores.size()
            && shard % directory.lanes() == lane
            && ring.shards().shardOf(key.slot()) == shard;
    if (right) {
      progress.count();
    } else {
      strange.increment();
    }
    return right;
  }

  private void tell(Recovery found) {
    if (found.tornBytes() > 0) {
      LOG.warn(
          "lane {}: {} bytes that were being written when the process or the machine ended are"
              + " gone; nobody was told that they were synced",
          lane,
          found.tornBytes());
    }
    for (String page : found.unreadable()) {
      LOG.error(
          "lane {}: the disk cannot read {}; the file is kept, at the end as *.unreadable, and the"
              + " disk wants replacing",
          lane,
          page);
    }
    for (String segment : found.headers()) {
      LOG.warn("lane {}: the header of {} was damaged and is written again", lane, segment);
    }
    for (Recovery.Damage damage : found.damages()) {
      LOG.error(
          "lane {}: {} bytes of {} at position {} cannot be read: {}",
          lane,
          damage.bytes(),
          damage.segment(),
          damage.position(),
          damage.reason());
    }
  }
}
