package io.kindred.entry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A hybrid logical clock (Kulkarni, Demirbas et al., 2014): close to wall-clock time, never going
 * back, and above whatever it was asked to exceed. 48 bits of milliseconds, 16 of counter.
 *
 * <p>One clock belongs to one thread (a lane); any may ask for its floor. Two lanes of a node may
 * issue the same time: the versions of two different keys are never compared.
 *
 * <p>Invariant: no time is issued at or above the bound that is on disk, so that a restart, which
 * begins at the bound, never goes back; see {@link Bound}.
 */
public final class HybridClock {

  /** The persisted upper bound of what was issued. */
  @FunctionalInterface
  public interface Bound {

    /**
     * Makes sure that a bound above {@code time} is on disk before it returns.
     *
     * @return the bound, exclusive, as a hybrid time
     */
    long raiseAbove(long time);
  }

  private static final int COUNTER_BITS = 16;
  private static final VarHandle LAST;

  static {
    try {
      LAST = MethodHandles.lookup().findVarHandle(HybridClock.class, "last", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final TimeSource wall;
  private final Bound bound;
  private long last;
  private long boundOnDisk;
  private volatile long kept;

  /**
   * @param start the bound found on disk at start, 0 where there was none; all times issued are
   *     above it
   */
  public HybridClock(TimeSource wall, Bound bound, long start) {
    this.wall = wall;
    this.bound = bound;
    this.last = start;
    this.boundOnDisk = start;
  }

  /** The next time: above all that this clock issued, and at least the wall clock's. */
  public long next() {
    return nextAbove(0);
  }

  /**
   * The next time that is also above {@code seen}. Does not drag the clock along: a key poisoned
   * with a far-future version stays the only one that is ahead.
   */
  public long nextAbove(long seen) {
    return nextAbove(seen, wall.millis());
  }

  /** The same where the wall clock, in ms, was read a moment ago. */
  public long nextAbove(long seen, long nowMillis) {
    long wanted = Math.max(last + 1, ofMillis(nowMillis));
    LAST.setOpaque(this, wanted); // whole for other threads, and costs no more than a plain write
    long issued = Math.max(wanted, seen + 1);
    if (wanted >= boundOnDisk) {
      boundOnDisk = bound.raiseAbove(wanted);
    }
    return issued;
  }

  /**
   * Makes sure that the bound on disk is above a time that somebody else has issued, as if this
   * clock had. Does not drag the clock along before a restart.
   */
  public void keepBoundAbove(long time) {
    if (time > kept) {
      kept = time;
    }
    if (time >= boundOnDisk) {
      boundOnDisk = bound.raiseAbove(time);
    }
  }

  /** The highest that {@link #keepBoundAbove} was asked for, 0 where it was not; for any thread. */
  public long kept() {
    return kept;
  }

  /** A lower bound of everything that {@link #next()} will issue from now on; for any thread. */
  public long floor() {
    return (long) LAST.getOpaque(this);
  }

  /** The first hybrid time of a millisecond. */
  public static long ofMillis(long millis) {
    return millis << COUNTER_BITS;
  }

  /** The last hybrid time of a millisecond. */
  public static long lastOfMillis(long millis) {
    return (millis << COUNTER_BITS) | ((1L << COUNTER_BITS) - 1);
  }

  /** The wall-clock part of a hybrid time, in milliseconds since 1970. */
  public static long millisOf(long time) {
    return time >>> COUNTER_BITS;
  }
}
