package io.kindred.cli.bench;

import java.time.Duration;

/**
 * How much of everything {@code bench racks} measures.
 *
 * @param store what it has in common with {@code bench store}
 * @param outage how long a rack is away
 * @param mixed how long a node writes what a rack that is away does not take
 */
public record RacksPlan(StorePlan store, Duration outage, Duration mixed) {

  /** What a figure to be trusted takes. */
  public static RacksPlan whole(int rounds, Duration outage, Duration mixed) {
    return new RacksPlan(StorePlan.whole(rounds, 0), outage, mixed);
  }

  /** Whether everything works; its figures mean nothing. */
  public static RacksPlan quick() {
    return new RacksPlan(StorePlan.quick(), Duration.ofSeconds(5), Duration.ofSeconds(5));
  }

  /** How long the load is measured before the rack goes, and at least once it is back. */
  Duration calm() {
    Duration minute = Duration.ofMinutes(1);
    return outage.compareTo(minute) < 0 ? outage : minute;
  }

  /**
   * After how long a node that is away would be given up: well after it is back, so that nobody
   * takes its seat.
   */
  Duration declareLostAfter() {
    return outage.plus(mixed).plusMinutes(30);
  }
}
