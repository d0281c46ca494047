package io.kindred.storage.actor;

import io.kindred.command.Call;
import io.kindred.command.Commands;
import io.kindred.command.Consistency;
import io.kindred.command.Reply;
import io.kindred.command.ShardCommand;
import io.kindred.entry.Key;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A command as a person types it, run in shard 0, which serves; and what was answered. */
final class Answer implements Call {

  private final byte[][] args;
  private final List<Reply> replies = new ArrayList<>();

  private final Consistency level;

  Answer(String command) {
    this(Consistency.DC_ONE, command);
  }

  Answer(Consistency level, String command) {
    this.level = level;
    args =
        Arrays.stream(command.split(" "))
            .map(word -> word.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
  }

  @Override
  public Consistency level() {
    return level;
  }

  @Override
  public boolean isWrite() {
    return Commands.isWrite(args[0]);
  }

  /** All so far; no more than one. */
  List<Reply> replies() {
    return replies;
  }

  /** The first. */
  Reply reply() {
    return replies.get(0);
  }

  @Override
  public ShardCommand command() {
    return Commands.inShard(args[0]).orElseThrow();
  }

  @Override
  public int shard() {
    return 0;
  }

  @Override
  public Key key() {
    return null;
  }

  @Override
  public byte[][] args() {
    return args;
  }

  @Override
  public void answer(Reply reply) {
    replies.add(reply);
  }

  @Override
  public void notServing() {
    throw new AssertionError("the shard serves");
  }
}
