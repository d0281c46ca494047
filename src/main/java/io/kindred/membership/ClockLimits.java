package io.kindred.membership;

import java.time.Duration;

/**
 * How far clocks may be apart.
 *
 * @param warn from here on the log says so; a fenced node's writes go on below it
 * @param fence from here on, against a majority, clients' writes are refused
 */
public record ClockLimits(Duration warn, Duration fence) {

  public ClockLimits {
    if (warn.isNegative() || warn.isZero() || warn.compareTo(fence) >= 0) {
      throw new IllegalArgumentException(
          "kindred.clock.warn-offset ("
              + warn
              + ") must be above zero and below kindred.clock.fence-offset ("
              + fence
              + "): a fenced node's writes go on once its clock is below the first");
    }
  }
}
