package io.kindred.command;

import io.kindred.entry.Key;

/**
 * One run of a command in one shard, and where its answer goes. Answered exactly once, on the
 * shard's thread, when what it wrote is as durable as the fsync policy asks.
 */
public interface Call {

  ShardCommand command();

  /** The number of the shard that it runs in. */
  int shard();

  /** The key that it is about, where that is at hand; else null. */
  Key key();

  /** Whether it writes, where that is at hand; else false. */
  default boolean isWrite() {
    return false;
  }

  /** How many racks must know of it before it is answered. */
  default Consistency level() {
    return Consistency.DC_ONE;
  }

  /** As {@link ShardCommand#run} takes them. */
  byte[][] args();

  void answer(Reply reply);

  /** Instead of {@link #answer}: this node does not serve the shard (any more); ask elsewhere. */
  void notServing();
}
