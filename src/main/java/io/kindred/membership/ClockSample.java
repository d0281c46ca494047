package io.kindred.membership;

/**
 * One pulse's word on how far its sender's clock is off. The way that it took lasted something
 * between nothing and the whole round trip, so half of that is the guess and the greatest error.
 *
 * @param offsetMicros above zero where the sender is ahead
 * @param errorMicros half of the round trip, and a millisecond since both clocks are read in whole
 *     ones
 */
record ClockSample(long offsetMicros, long errorMicros) {

  private static final long MILLI = 1000;

  /**
   * The sample that a pulse gives.
   *
   * @param theirMillis the sender's clock when it was sent
   * @param ourMillis this node's when it came
   * @param roundTripNanos from here there and back, without the time that it was held there
   */
  static ClockSample of(long theirMillis, long ourMillis, long roundTripNanos) {
    long half = roundTripNanos / 2000;
    return new ClockSample((theirMillis - ourMillis) * MILLI + half, half + MILLI);
  }

  /** Whether both may be true at once. */
  boolean agreesWith(ClockSample other) {
    return Math.abs(offsetMicros - other.offsetMicros) <= errorMicros + other.errorMicros;
  }

  ClockOffset offset() {
    return new ClockOffset(
        Math.round(offsetMicros / (double) MILLI), (errorMicros + MILLI - 1) / MILLI);
  }
}
