package io.kindred.command;

import io.kindred.entry.Key;
import io.kindred.entry.Version;

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

  /**
   * The version that its writes have wherever it runs, given by who may have to ask a second owner;
   * null where the owner gives one.
   */
  default Version version() {
    return null;
  }

  /** Whether it may have run at another owner already: then its version stays what it is. */
  default boolean isAgain() {
    return false;
  }

  /**
   * Instead of {@link #answer}: nothing was done, since the version is older than what is here.
   *
   * @param least a hybrid time that the version must be above
   */
  default void older(long least) {
    throw new IllegalStateException("it has no version");
  }

  /** As {@link ShardCommand#run} takes them. */
  byte[][] args();

  void answer(Reply reply);

  /** Instead of {@link #answer}: this node does not serve the shard (any more); ask elsewhere. */
  void notServing();
}
