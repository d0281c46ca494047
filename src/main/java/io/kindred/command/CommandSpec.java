package io.kindred.command;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One command as data: what Redis's COMMAND INFO tells of it, and what runs it.
 *
 * @param name in lower case
 * @param arity as Redis counts: the command's own name included; negative means at least that many
 * @param flags as Redis names them: write, readonly, fast, denyoom…
 * @param group string, hash, set, sorted-set, list, generic, connection, server, cluster
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

  /** Whether a node that still reads its disk runs it too. */
  public boolean runsWhileLoading() {
    return flags.contains("loading");
  }

  /** Whether a call with this many arguments, the name included, has the right number. */
  public boolean accepts(int count) {
    boolean whole = !(action instanceof Action.OnEachKey) || (count - firstKey) % step == 0;
    return whole && (arity >= 0 ? count == arity : count >= -arity);
  }

  /** A command on one key, its first argument. Flags are parted by spaces. */
  static CommandSpec onShard(
      String name,
      int arity,
      String flags,
      String group,
      String summary,
      String since,
      ShardCommand command) {
    return new CommandSpec(
        name, arity, flags(flags), group, 1, 1, 1, summary, since, new Action.OnShard(command));
  }

  /** A command on all keys from its first argument on, {@code step} arguments a key. */
  static CommandSpec onEachKey(
      String name,
      int arity,
      int step,
      String flags,
      String group,
      String summary,
      String since,
      Join join,
      ShardCommand command) {
    return new CommandSpec(
        name,
        arity,
        flags(flags),
        group,
        1,
        -1,
        step,
        summary,
        since,
        new Action.OnEachKey(command, join));
  }

  /** A command without keys, which the node that the client is connected to answers. */
  static CommandSpec onNode(
      String name, int arity, String flags, String group, String summary, String since) {
    return new CommandSpec(
        name, arity, flags(flags), group, 0, 0, 0, summary, since, new Action.OnNode());
  }

  private static Set<String> flags(String words) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(List.of(words.split(" "))));
  }
}
