package io.kindred.storage.actor;

import java.util.List;
import java.util.Optional;

/**
 * How a node's snapshots stand.
 *
 * @param underWay whether one is being written
 * @param shardsWaiting how many shards are to be written after it
 * @param longestSliceMicros the longest that a shard was kept from its clients for it, in the round
 *     that is under way or was the last, in µs
 * @param lastWrittenMillis when the newest was written, in ms since 1970; 0 where there is none
 * @param failure why the last attempt failed; empty where it did not
 * @param shards that have one, and those in quarantine, by number
 */
public record SnapshotStatus(
    boolean underWay,
    int shardsWaiting,
    long longestSliceMicros,
    long lastWrittenMillis,
    Optional<String> failure,
    List<Row> shards) {

  /**
   * One shard.
   *
   * @param fileBytes of its snapshot; 0 where it has none
   * @param rawBytes before compression
   * @param startedMillis when its writing began, in ms since 1970
   * @param logStart the position from which the lane's log is needed on top
   * @param logBytes how much log that is
   * @param quarantine what the shard has lost on this node's disk; empty where nothing
   */
  public record Row(
      int shard,
      int lane,
      long fileBytes,
      long rawBytes,
      long elements,
      long startedMillis,
      long logStart,
      long logBytes,
      Optional<String> quarantine) {}
}
