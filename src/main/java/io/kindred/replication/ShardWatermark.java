package io.kindred.replication;

import java.util.Collection;
import java.util.Optional;

/**
 * The watermark of one shard as one node knows it; the rules are in the package's story. Knows no
 * clock and no other node: what those tell comes in as rows.
 *
 * <p>Invariant: {@code step <= settled} of every owner at the time the step was made, {@code step
 * <= adopted}, and none of them ever falls.
 */
public final class ShardWatermark {

  private final PromiseBook floors = new PromiseBook();
  private final PromiseBook adoptions = new PromiseBook();
  private final int shard;
  private long adopted;
  private long step;
  private boolean waiting;

  /** As it was stored; 0 and 0 for a node that never had the shard. */
  public ShardWatermark(int shard, long adopted, long step) {
    this.shard = shard;
    this.adopted = Math.max(adopted, step);
    this.step = step;
  }

  /** What this node tells of it. */
  public WatermarkRow row() {
    return new WatermarkRow(shard, floors.kept(), adopted, adoptions.kept(), step, waiting);
  }

  /** Whether there is something to be purged here. */
  public void waits(boolean something) {
    waiting = something;
  }

  /** Every entry that this node appends behind {@code logEnd} is above the floor. */
  public void promise(long logEnd, long floor) {
    floors.promise(logEnd, floor);
  }

  /** All owners have synced this node's log up to there, itself included. */
  public void syncedByAll(long position) {
    floors.keptUpTo(position);
  }

  /**
   * What could be adopted next.
   *
   * @param origins rows of all who ever wrote to the shard and may not be known everywhere, this
   *     node included
   */
  public Optional<Long> candidate(Collection<WatermarkRow> origins) {
    long least = origins.stream().mapToLong(WatermarkRow::known).min().orElse(0);
    return least > adopted ? Optional.of(least) : Optional.empty();
  }

  /** This node has synced everything that was or will be written at or below a watermark. */
  public void adopt(long watermark) {
    adopted = Math.max(adopted, watermark);
  }

  /** Own writes above that time were made knowing of what was adopted. */
  public void settles(long clock, long known) {
    adoptions.promise(clock, known);
  }

  /** All owners have adopted that much. */
  public void adoptedByAll(long watermark) {
    adoptions.keptUpTo(watermark);
  }

  /**
   * Makes the next step, where one is due, or takes over one that another owner has made: that is a
   * fact too.
   *
   * @param owners rows of all owners, this node included
   * @param leastAdvance no step is made that moves on by less
   * @return whether the step has moved
   */
  public boolean advance(Collection<WatermarkRow> owners, long leastAdvance) {
    long before = step;
    long made = owners.stream().mapToLong(WatermarkRow::step).max().orElse(0);
    step = Math.max(step, Math.min(made, adopted));
    long settled = owners.stream().mapToLong(WatermarkRow::settled).min().orElse(0);
    boolean due = owners.stream().anyMatch(WatermarkRow::waiting);
    if (due && settled - step >= leastAdvance) {
      step = Math.max(step, Math.min(settled, adopted));
    }
    return step > before;
  }

  /**
   * Takes a step of the owners' for a copy that is not proven complete: whatever it holds at or
   * below it must be forgotten, and comes again from those who have made the step.
   *
   * @return whether it was news
   */
  public boolean take(long others) {
    if (others <= adopted) {
      return false;
    }
    adopted = others;
    step = others;
    return true;
  }

  public long adopted() {
    return adopted;
  }

  public long step() {
    return step;
  }
}
