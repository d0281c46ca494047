package io.kindred.command;

/**
 * One run of a command in one shard, and where its answer goes. Answered exactly once, on the
 * shard's thread, when what it wrote is as durable as the fsync policy asks.
 */
public interface Call {

  ShardCommand command();

  /** The number of the shard that it runs in. */
  int shard();

  /** As {@link ShardCommand#run} takes them. */
  byte[][] args();

  void answer(Reply reply);

  /** Instead of {@link #answer}: this node does not serve the shard (any more); ask elsewhere. */
  void notServing();
}
