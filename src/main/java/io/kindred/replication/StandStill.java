package io.kindred.replication;

import io.kindred.ring.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Notices watermarks that stand still although there is something to be purged. Says so once, until
 * one has moved again. For one thread.
 */
public final class StandStill {

  private static final long FIRST_RUN_MILLIS = 20_000;
  private static final long RUNS_APART_MAX_MILLIS = 600_000;

  /**
   * A shard that has waited for too long.
   *
   * @param millis for how long
   * @param by who holds it
   */
  public record Held(int shard, long millis, SortedSet<NodeId> by) {}

  private record Since(long step, long millis) {}

  private final long alarmAfterMillis;
  private final Map<Integer, Since> waiting = new HashMap<>();
  private boolean told;
  private boolean needed;
  private long nextRunAt;
  private long apart = FIRST_RUN_MILLIS;

  public StandStill(long alarmAfterMillis) {
    this.alarmAfterMillis = alarmAfterMillis;
  }

  /** The shard that has waited longest, once that is too long; empty while it was told before. */
  public Optional<Held> turn(Watermarks marks, int shards, long now) {
    for (int shard = 0; shard < shards; shard++) {
      Since since = waiting.get(shard);
      if (!marks.waits(shard)) {
        waiting.remove(shard);
      } else if (since == null || since.step() != marks.step(shard)) {
        waiting.put(shard, new Since(marks.step(shard), now));
      }
    }
    Optional<Held> longest = longest(marks, now).filter(held -> held.millis() > alarmAfterMillis);
    boolean news = longest.isPresent() && !told;
    told = longest.isPresent();
    return news ? longest : Optional.empty();
  }

  /** The shard that has waited longest so far. */
  public Optional<Held> longest(Watermarks marks, long now) {
    return waiting.entrySet().stream()
        .min(Map.Entry.comparingByValue((one, other) -> Long.compare(one.millis(), other.millis())))
        .map(
            row ->
                new Held(row.getKey(), now - row.getValue().millis(), marks.heldBy(row.getKey())));
  }

  /**
   * Whether a reconciliation should be started, without which nothing moves; less and less often.
   */
  public boolean isReconciliationDue(Watermarks marks, long now) {
    if (!marks.needsReconciliation()) {
      needed = false;
      apart = FIRST_RUN_MILLIS;
      return false;
    }
    if (!needed) {
      needed = true;
      nextRunAt = now + apart;
    }
    if (now < nextRunAt) {
      return false;
    }
    apart = Math.min(RUNS_APART_MAX_MILLIS, apart * 2);
    nextRunAt = now + apart;
    return true;
  }
}
