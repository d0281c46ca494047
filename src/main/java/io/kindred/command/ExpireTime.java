package io.kindred.command;

import io.kindred.entry.Element;

/** Turns what clients say about time into an absolute moment in ms, or says that it cannot be. */
enum ExpireTime {
  /** Seconds from now. */
  SECONDS(1000, true),
  /** Milliseconds from now. */
  MILLIS(1, true),
  /** Seconds since 1970. */
  AT_SECONDS(1000, false),
  /** Milliseconds since 1970. */
  AT_MILLIS(1, false);

  /** What {@link #absolute} answers where the moment does not fit into 64 bits. */
  static final long OUT_OF_RANGE = Long.MIN_VALUE;

  private final long unitMillis;
  private final boolean relative;

  ExpireTime(long unitMillis, boolean relative) {
    this.unitMillis = unitMillis;
    this.relative = relative;
  }

  /**
   * The moment in ms since 1970, or {@link #OUT_OF_RANGE}. Negative amounts are allowed: EXPIRE
   * takes them, and a caller that does not checks before.
   */
  long absolute(long amount, long now) {
    if (amount > Long.MAX_VALUE / unitMillis || amount < Long.MIN_VALUE / unitMillis) {
      return OUT_OF_RANGE;
    }
    long millis = amount * unitMillis;
    if (relative) {
      if (millis > Long.MAX_VALUE - now) {
        return OUT_OF_RANGE;
      }
      millis += now;
    }
    // The last moment of all stands for "never"; nobody will see the difference of 1 ms.
    return Math.min(Math.max(millis, OUT_OF_RANGE + 1), Element.NEVER - 1);
  }
}
