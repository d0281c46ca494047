package io.kindred.warmup;

import io.kindred.ring.NodeId;
import io.kindred.warmup.Progress.SourceShare;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Adds up what a warm-up streams: counts, rate, time left. Given the time, it knows no clock. */
public final class Meter {

  /** Shorter windows make the rate jump with every chunk, longer ones hide a stall. */
  private static final long WINDOW_MILLIS = 2000;

  private final SortedMap<NodeId, SourceShare> sources = new TreeMap<>();
  private final Map<Integer, Integer> slotsDone = new TreeMap<>();
  private final int slotsAll;
  private final long startedAtMillis;
  private long elements;
  private long bytes;
  private int retries;
  private long windowSince;
  private long windowBytes;
  private long lastRate;

  /**
   * A meter that starts at 0.
   *
   * @param slotsAll how many slots are to be streamed
   */
  public Meter(int slotsAll, long nowMillis) {
    this.slotsAll = slotsAll;
    this.startedAtMillis = nowMillis;
    this.windowSince = nowMillis;
  }

  /** A source was asked for one shard. */
  public void asked(NodeId source) {
    sources.merge(
        source,
        new SourceShare(source, 1, 0),
        (old, one) -> new SourceShare(source, old.shards() + 1, old.bytes()));
  }

  /** A stream broke, and its shard is asked for again. */
  public void retried() {
    retries++;
  }

  /** Something arrived and was merged. */
  public void arrived(
      NodeId source, int shard, int slotsOfShardDone, long moreElements, long moreBytes, long now) {
    slotsDone.merge(shard, slotsOfShardDone, Math::max);
    elements += moreElements;
    bytes += moreBytes;
    sources.merge(
        source,
        new SourceShare(source, 0, moreBytes),
        (old, one) -> new SourceShare(source, old.shards(), old.bytes() + moreBytes));
    turn(now);
    windowBytes += moreBytes;
  }

  private void turn(long now) {
    long passed = now - windowSince;
    if (passed >= WINDOW_MILLIS) {
      lastRate = windowBytes * 1000 / passed;
      windowBytes = 0;
      windowSince = now;
    }
  }

  public long startedAtMillis() {
    return startedAtMillis;
  }

  public long elements() {
    return elements;
  }

  public long bytes() {
    return bytes;
  }

  public int retries() {
    return retries;
  }

  public List<SourceShare> sources() {
    return List.copyOf(sources.values());
  }

  /** Bytes a second in the last whole window, or since the start in the first one. */
  public long bytesPerSecond(long now) {
    turn(now);
    boolean first = windowSince == startedAtMillis;
    return first ? bytes * 1000 / Math.max(1, now - startedAtMillis) : lastRate;
  }

  /** Seconds until all slots are there if it goes on as so far; -1 before the first slot is. */
  public long secondsLeft(long now) {
    long done = slotsDone.values().stream().mapToLong(Integer::longValue).sum();
    if (done == 0) {
      return slotsAll == 0 ? 0 : -1;
    }
    double millis = (double) (now - startedAtMillis) * (slotsAll - done) / done;
    return Math.max(0, Math.round(millis / 1000));
  }
}
