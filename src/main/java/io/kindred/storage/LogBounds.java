package io.kindred.storage;

import java.util.function.IntToLongFunction;

/**
 * What is known of a lane's log before it is read: what of it is needed beside the shards'
 * snapshots, and how far it must reach.
 *
 * @param neededFrom what lies below is in the snapshots of all the lane's shards
 * @param writtenTo a position that the log is known to have reached, synced; 0 where nothing is
 * @param startOf for a shard the position from which its entries are needed
 */
public record LogBounds(long neededFrom, long writtenTo, IntToLongFunction startOf) {

  /** Nothing is known, and all of it is needed. */
  public static final LogBounds NONE = new LogBounds(0, 0, shard -> 0);
}
