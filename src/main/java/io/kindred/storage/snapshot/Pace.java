package io.kindred.storage.snapshot;

import java.time.Duration;

/**
 * Spreads bytes over time: tells after each piece how long to pause so that no more than so many go
 * in a second. A pause that takes longer than was asked for, as timers' do, is made up for.
 */
public final class Pace {

  /** A pause shorter than this is saved up for the next. */
  private static final long PAUSE_AT_LEAST = Duration.ofMillis(1).toNanos();

  /** Who was away for longer does not make up for all of it. */
  private static final long BEHIND_AT_MOST = Duration.ofMillis(50).toNanos();

  private final long bytesPerSecond;
  private long freeNanos;
  private boolean begun;

  public Pace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /**
   * How long to pause now that some bytes went.
   *
   * @param nowNanos of a clock that never goes back
   * @return zero, or the pause
   */
  public Duration pauseAfter(long bytes, long nowNanos) {
    if (!begun || nowNanos - freeNanos > BEHIND_AT_MOST) {
      freeNanos = begun ? nowNanos - BEHIND_AT_MOST : nowNanos;
      begun = true;
    }
    freeNanos += Math.round(bytes * 1e9 / bytesPerSecond);
    long pause = freeNanos - nowNanos;
    return pause < PAUSE_AT_LEAST ? Duration.ZERO : Duration.ofNanos(pause);
  }
}
