package io.kindred.storage.snapshot;

import io.kindred.storage.LogBounds;
import io.kindred.storage.Recovery;
import io.kindred.storage.snapshot.SnapshotDirectory.Loaded;
import io.kindred.storage.snapshot.SnapshotDirectory.Stored;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a start finds of one lane on the disk: the snapshots that its shards were loaded from, what
 * is needed of its log on top of them, and what has been lost. For one thread.
 */
public final class LaneFindings {

  private final SortedMap<Integer, Optional<Stored>> stored = new TreeMap<>();
  private final SortedMap<Integer, String> lost = new TreeMap<>();

  /** A shard was loaded; where only damaged snapshots are left of it, it has lost something. */
  public void loaded(int shard, Loaded loaded) {
    stored.put(shard, loaded.snapshot());
    if (!loaded.damages().isEmpty() && loaded.snapshot().isEmpty()) {
      lose(shard, loaded.damages().get(0));
    }
  }

  /**
   * The log was read. A stretch that cannot be read costs the shards whose entries it may have held
   * and whose snapshots do not cover it.
   */
  public void read(Recovery log) {
    for (Recovery.Damage damage : log.damages()) {
      stored.keySet().stream()
          .filter(shard -> damage.mayHaveHeld(shard) && start(shard) < damage.end())
          .forEach(shard -> lose(shard, damage.segment() + ": " + damage.reason()));
    }
  }

  private void lose(int shard, String reason) {
    lost.merge(shard, reason, (first, second) -> first + "; " + second);
  }

  private long start(int shard) {
    return stored.get(shard).map(snapshot -> snapshot.head().start()).orElse(0L);
  }

  /**
   * What is known of the log once all shards are loaded, and before it is read.
   *
   * @param endAtStop where a clean stop noted that it ended; 0 where there was none
   */
  public LogBounds bounds(long endAtStop) {
    long neededFrom = stored.keySet().stream().mapToLong(this::start).min().orElse(0);
    long writtenTo =
        stored.values().stream()
            .flatMap(Optional::stream)
            .mapToLong(snapshot -> snapshot.foot().logEnd())
            .max()
            .orElse(0);
    // Asked for each entry of the log.
    long[] starts = new long[stored.isEmpty() ? 0 : stored.lastKey() + 1];
    stored.keySet().forEach(shard -> starts[shard] = start(shard));
    return new LogBounds(
        neededFrom,
        Math.max(writtenTo, endAtStop),
        shard -> shard >= 0 && shard < starts.length ? starts[shard] : 0);
  }

  /** What each of the lane's shards was loaded from. */
  public Map<Integer, Optional<Stored>> stored() {
    return Collections.unmodifiableMap(stored);
  }

  /** What the disk has lost of them: a shard is in it with the reason. */
  public SortedMap<Integer, String> lost() {
    return Collections.unmodifiableSortedMap(lost);
  }
}
