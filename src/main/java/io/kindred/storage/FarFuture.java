package io.kindred.storage;

import io.kindred.entry.HybridClock;
import io.kindred.entry.TimeSource;
import io.kindred.entry.Version;

/**
 * Counts what others sent with versions more than a minute ahead of this node's clock. Such an
 * element is stored, or replicas would differ, and drags no clock along; a later write to its key
 * beats it at the node that has seen it. That there is one means that some node's clock was far
 * off.
 */
final class FarFuture {

  /** Far beyond what fencing lets a clock be off, so that only what went wrong is counted. */
  static final long AHEAD_MILLIS = 60_000;

  private final TimeSource wall;
  // A version above it is looked at twice: the clock is read about once a minute, not each time.
  private long bound;
  private long count;

  FarFuture(TimeSource wall) {
    this.wall = wall;
  }

  void came(Version version) {
    if (version.time() > bound) {
      bound = HybridClock.lastOfMillis(wall.millis() + AHEAD_MILLIS);
      if (version.time() > bound) {
        count++;
      }
    }
  }

  long count() {
    return count;
  }
}
