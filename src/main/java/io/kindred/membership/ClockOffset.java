package io.kindred.membership;

/**
 * How far another node's clock is from this one's, as far as can be told.
 *
 * @param offsetMillis above zero where the other one is ahead
 * @param errorMillis the truth lies within this much of it, to either side
 */
public record ClockOffset(long offsetMillis, long errorMillis) {

  /** Whether the clocks are this far apart even if the error made it look worse than it is. */
  public boolean isSurely(long millis) {
    return Math.abs(offsetMillis) - errorMillis >= millis;
  }
}
