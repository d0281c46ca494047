package io.kindred.simulation;

/** What a run is to bring about, or its promises would be kept too easily. */
enum Happening {
  /** A client's write was refused, as a log had no room. */
  WRITE_REFUSED_FOR_ROOM,
  /** A client's write was refused, as a log could not be synced. */
  WRITE_REFUSED_FOR_SYNC,
  /** A write was in memory before its log could not take it, and its client was told so. */
  WRITE_LEFT_IN_DOUBT,
  /** A key was not shown, as memory had something of it that a crash could take back. */
  READ_HELD_BACK,
  /** Another was shown, though the log failed. */
  READ_ANSWERED_BY_FAILING_LOG,
  /** What another node sent could not be logged, and was merged later. */
  MERGE_REFUSED,
  /** An operator started a node again whose log could not be synced. */
  STARTED_AGAIN_AFTER_FAILED_SYNC,
  /** A node could not start, as its disk was full or failed. */
  START_FAILED,
  /** A node lost its power while its disk was full or failed. */
  POWER_CUT_WHILE_DISK_FAILED,
  /** A node was cut off while its disk was full or failed. */
  CUT_OFF_WHILE_DISK_FAILED,
  SNAPSHOT_WRITTEN,
  /** A snapshot could not be written or not be synced, or a log not be cut. */
  SNAPSHOT_FAILED,
  /** A shard was loaded from a snapshot. */
  SNAPSHOT_LOADED,
  /** An owner has forgotten what is dead, as all have it. */
  PURGED,
  /** A run found owners at different steps, and asked again. */
  STEPS_DIFFERED,
  /** What was read before a purge came after it, and was refused. */
  CARRIER_REFUSED,
  /** Some of a log was deleted, as snapshots have it and all peers. */
  LOG_CUT,
  /** A node started with snapshots of its shards and a log that begins behind position 0. */
  STARTED_FROM_SNAPSHOTS_AND_CUT_LOG
}
