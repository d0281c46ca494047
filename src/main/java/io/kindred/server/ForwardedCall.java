package io.kindred.server;

import io.kindred.command.Call;
import io.kindred.command.Consistency;
import io.kindred.command.Reply;
import io.kindred.command.ShardCommand;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import java.util.Optional;
import java.util.function.Consumer;

/** A request of another node, in one of this node's shards. */
record ForwardedCall(
    ShardCommand command,
    boolean isWrite,
    RequestBatch.Item item,
    Consumer<ReplyBatch.Item> answers)
    implements Call {

  @Override
  public Consistency level() {
    return item.level();
  }

  @Override
  public Version version() {
    return item.version();
  }

  @Override
  public boolean isAgain() {
    return item.isAgain();
  }

  @Override
  public void older(long least) {
    answers.accept(new ReplyBatch.Item(item.id(), Optional.empty(), least));
  }

  @Override
  public int shard() {
    return item.shard();
  }

  @Override
  public Key key() {
    return null;
  }

  @Override
  public byte[][] args() {
    return item.args();
  }

  @Override
  public void answer(Reply reply) {
    answers.accept(ReplyBatch.Item.of(item.id(), reply));
  }

  @Override
  public void notServing() {
    answers.accept(ReplyBatch.Item.notServing(item.id()));
  }
}
