package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.TimeSource;
import io.kindred.entry.Version;

/**
 * One shard as its single writer sees it: its store, the log of its lane, and the lane's clock.
 * Knows no actor; the shard's actor, or the simulation, calls it from one thread.
 *
 * <p>Everything that changes a shard passes {@link #write} (from this node's own clients) or {@link
 * #merge} (from anywhere else), and both end in {@link ShardStore#merge}.
 */
public final class Shard {

  private final int number;
  private final ShardStore store;
  private final LaneLog log;
  private final HybridClock clock;
  private final TimeSource wall;
  private final long origin;
  private Key expected;
  private boolean sole;

  /**
   * @param number which shard of the ring
   * @param origin the bits of the origin that stamps this node's own writes
   */
  public Shard(
      int number, ShardStore store, LaneLog log, HybridClock clock, TimeSource wall, long origin) {
    this.number = number;
    this.store = store;
    this.log = log;
    this.clock = clock;
    this.wall = wall;
    this.origin = origin;
  }

  /**
   * Tells which key the next command is about, where that was worked out already to find the shard.
   */
  public void expect(Key key) {
    expected = key;
  }

  /** The key of these bytes, which are a command's argument. */
  @SuppressWarnings("ReferenceEquality") // it is the very argument, or worked out anew
  public Key key(byte[] argument) {
    Key ready = expected;
    return ready != null && ready.bytes() == argument ? ready : Key.of(argument);
  }

  public int number() {
    return number;
  }

  public ShardStore store() {
    return store;
  }

  /** Wall-clock milliseconds, for expiry. */
  public long now() {
    return wall.millis();
  }

  /** Tells that nobody else owns this shard, nor will. */
  public void ownAlone() {
    sole = true;
  }

  /**
   * The hybrid time up to which all owners have everything that was ever written or will be; 0
   * while nobody can tell. With a single owner that is all that its clock has left behind: asking
   * moves the clock on.
   *
   * @throws java.io.UncheckedIOException where the clock's bound cannot be written
   */
  public long knownToAll() {
    return sole ? clock.next() : 0;
  }

  /** Whether {@link #knownToAll} can tell. */
  public boolean isSole() {
    return sole;
  }

  /**
   * A version for a write to a key: above everything that this node has seen on the whole key, a
   * passed expiry included. Stamp once a command: all elements of one command on one key share it.
   *
   * @param now wall-clock milliseconds as the command has them from {@link #now}
   */
  public Version stamp(Key key, long now) {
    return new Version(clock.nextAbove(store.newestTime(key, now), now), origin);
  }

  /**
   * Why this shard takes no writes at the moment, or null: memory must never run ahead of a log
   * that fails.
   */
  public String failure() {
    return log.failure();
  }

  /**
   * An element that this node accepted from a client: merged, logged as own, so that the feeds send
   * it on. Durable and visible to others once the lane has committed.
   *
   * @throws LogFailedException where the log takes no writes; nothing was changed then
   */
  public void write(Element element) {
    requireLog();
    store.merge(element);
    log.append(number, true, element);
  }

  /** Logs a mark whose key is about to be removed from memory. */
  void logEnd(Element mark) {
    requireLog();
    log.append(number, true, mark);
  }

  /**
   * A string and its expiry that this node accepted from a client: the same as {@link #write} of
   * the two elements, and quicker.
   *
   * @param expiresAt in ms, or {@link Element#NEVER}
   * @throws LogFailedException where the log takes no writes; nothing was changed then
   */
  public void writeString(Key key, Version version, byte[] value, long expiresAt) {
    requireLog();
    store.mergeString(key, version, value, expiresAt);
    log.appendString(number, key, version, value, expiresAt);
  }

  /**
   * An element from elsewhere: merged, and logged (not as own) if it changed something.
   *
   * @throws LogFailedException where the log takes no writes; nothing was changed then
   */
  public MergeOutcome merge(Element element) {
    requireLog();
    MergeOutcome outcome = store.merge(element);
    if (outcome.changed()) {
      log.append(number, false, element);
    }
    return outcome;
  }

  private void requireLog() {
    String failure = log.failure();
    if (failure != null) {
      throw new LogFailedException(failure);
    }
  }
}
