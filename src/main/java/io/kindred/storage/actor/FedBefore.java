package io.kindred.storage.actor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Up to where each lane's log was fed a while ago. The feeds store their cursors each second, and
 * those that a restart finds must not lie in what was cut.
 */
final class FedBefore {

  /** Cursors are on the disk by then. */
  private static final Duration STORED_WITHIN = Duration.ofSeconds(2);

  private Optional<List<Long>> upTo = Optional.empty();
  private long sinceNanos;

  /**
   * Takes what is known now.
   *
   * @param now {@link Long#MAX_VALUE} for a lane that feeds nobody; empty where nobody can tell
   * @return by what the logs can be cut; empty where nothing that is old enough is known
   */
  Optional<List<Long>> turn(Optional<List<Long>> now, long nanos) {
    boolean feedsNobody =
        now.isPresent() && now.get().stream().allMatch(each -> each == Long.MAX_VALUE);
    if (feedsNobody) {
      return now;
    }
    if (upTo.isPresent() && nanos - sinceNanos < STORED_WITHIN.toNanos()) {
      return Optional.empty();
    }
    Optional<List<Long>> before = upTo;
    upTo = now;
    sinceNanos = nanos;
    return before;
  }
}
