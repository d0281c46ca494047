package io.kindred.command;

import java.util.Set;

/**
 * One command as data: what Redis's COMMAND INFO tells of it, and what runs it.
 *
 * @param name in lower case
 * @param arity as Redis counts: the command's own name included; negative means at least that many
 * @param flags as Redis names them: write, readonly, fast, denyoom…
 * @param group string, hash, set, generic, connection, server, cluster
 * @param firstKey position of the first key, 0 where there is none
 * @param lastKey position of the last key; negative counts from the end
 * @param step distance between keys
 * @param summary one line for COMMAND DOCS
 * @param since the version of Redis that brought it
 * @param action what runs it
 */
public record CommandSpec(
    String name,
    int arity,
    Set<String> flags,
    String group,
    int firstKey,
    int lastKey,
    int step,
    String summary,
    String since,
    Action action) {

  /** How a command runs. */
  public sealed interface Action {

    /** Runs in the one shard that holds its one key. */
    record OnShard(ShardCommand command) implements Action {}

    /** Runs once for each key (with the {@code step - 1} arguments behind it), answers joined. */
    record OnEachKey(ShardCommand command, Join join) implements Action {}

    /** Runs at the node that the client is connected to; the server package knows how. */
    record OnNode() implements Action {}
  }

  /** How the answers of a command that ran once for each key become one. */
  public enum Join {
    /** The sum of integers: DEL, EXISTS. */
    SUM,
    /** Arrays one behind the other, in the keys' order: MGET. */
    CONCATENATE,
    /** OK, if all are: MSET. */
    ALL_OK
  }

  public boolean isWrite() {
    return flags.contains("write");
  }

  /** Whether a call with this many arguments, the name included, has the right number. */
  public boolean accepts(int count) {
    return arity >= 0 ? count == arity : count >= -arity;
  }
}
