package io.kindred.server;

import io.kindred.entry.HybridClock;
import io.kindred.entry.Version;

/**
 * Gives versions beside those of the lanes: to writes that another node is asked for, and to
 * ballots. From any thread.
 */
final class Tickets {

  private final HybridClock clock;
  private final long origin;

  /**
   * @param clock of its own
   * @param origin that nothing else is stamped with
   */
  Tickets(HybridClock clock, long origin) {
    this.clock = clock;
    this.origin = origin;
  }

  /**
   * One above all before, and above a hybrid time.
   *
   * @throws java.io.UncheckedIOException where the clock's bound cannot be written
   */
  synchronized Version above(long least) {
    return new Version(clock.nextAbove(least), origin);
  }
}
