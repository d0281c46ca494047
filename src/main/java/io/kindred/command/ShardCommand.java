package io.kindred.command;

import io.kindred.storage.Shard;

/** A command that runs in one shard, in the shard's own thread, and never waits. */
@FunctionalInterface
public interface ShardCommand {

  /**
   * Runs it. What it changes goes through {@link Shard#write}; a problem with the arguments or with
   * the type of the key is a {@link Reply.Failure} with Redis's text, not an exception.
   *
   * @param args the whole command, its name first; the number of arguments has been checked. For a
   *     command that runs once for each key: its name, the one key, and what belongs to the key
   */
  Reply run(Shard shard, byte[][] args);
}
