package io.kindred.node;

import io.kindred.entry.HybridClock;
import io.kindred.entry.TimeSource;
import io.kindred.storage.DataDirectory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The time by which a node works, and what its writes are stamped with. */
final class NodeClock implements TimeSource {

  private static final Logger LOG = LoggerFactory.getLogger(NodeClock.class);

  /** No bound is further ahead, unless the clock was set back, and then waiting is no cure. */
  private static final long WAIT_MAX_MILLIS = DataDirectory.BOUND_AHEAD_MILLIS;

  private final DataDirectory directory;
  private final TimeSource system;
  private final long shiftMillis;

  /**
   * A node's clock.
   *
   * @param system the machine's
   * @param shift by how much it is to be made wrong, for tests and trials
   */
  NodeClock(DataDirectory directory, TimeSource system, Duration shift) {
    this.directory = directory;
    this.system = system;
    this.shiftMillis = shift.toMillis();
  }

  @Override
  public long millis() {
    return system.millis() + shiftMillis;
  }

  /**
   * The least time that the next write will carry: the wall clock's, or what was issued already
   * where that was set back. This is what other nodes' clocks are to be compared with.
   */
  long stampingMillis() {
    return Math.max(millis(), HybridClock.millisOf(directory.clockFloor()));
  }

  /** How long until the wall clock has passed all that earlier boots may have issued. */
  long millisToPass() {
    long ahead = HybridClock.millisOf(directory.clockStart()) - millis();
    return Math.max(0, Math.min(ahead, WAIT_MAX_MILLIS));
  }

  /**
   * Ends once the wall clock has passed that. Before it this node's writes would be stamped with
   * the future, and what other racks write a moment later would lose against them.
   */
  CompletableFuture<Void> passed() {
    long millis = millisToPass();
    if (millis > 0) {
      LOG.info(
          "for {} ms more the last start may have stamped writes; then this one begins", millis);
    }
    Executor then = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(() -> {}, then);
  }
}
