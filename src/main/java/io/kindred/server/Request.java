package io.kindred.server;

import io.kindred.command.Call;
import io.kindred.command.Reply;
import io.kindred.command.ShardCommand;
import io.kindred.storage.Shard;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a command in one shard, wherever the shard is served. Goes from stop to stop until one
 * takes it. Is its own {@link ShardCommand}, so that a command that throws answers an error and
 * harms neither the shard nor the connection.
 */
final class Request implements Call, ShardCommand {

  /** Takes the one answer, on any thread. */
  @FunctionalInterface
  interface Answered {
    void onReply(Reply reply);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Request.class);

  private final Router router;
  private final ShardCommand command;
  private final byte[][] args;
  private final int shard;
  private final boolean isWrite;
  private final Answered answered;

  // Handed from thread to thread by messages, one owner at a time.
  private List<Routes.Stop> stops = List.of();
  private int tried;

  Request(
      Router router,
      ShardCommand command,
      byte[][] args,
      int shard,
      boolean isWrite,
      Answered answered) {
    this.router = router;
    this.command = command;
    this.args = args;
    this.shard = shard;
    this.isWrite = isWrite;
    this.answered = answered;
  }

  @Override
  public ShardCommand command() {
    return this;
  }

  @Override
  public byte[][] args() {
    return args;
  }

  @Override
  public Reply run(Shard at, byte[][] arguments) {
    return guarded(command, at, arguments);
  }

  /** Runs a command; what it throws becomes an error reply and a line in the log. */
  static Reply guarded(ShardCommand command, Shard at, byte[][] arguments) {
    try {
      return command.run(at, arguments);
    } catch (RuntimeException failure) {
      String name = io.kindred.command.Arguments.text(arguments[0]);
      LOG.error("{} failed in shard {}", name, at.number(), failure);
      return new Reply.Failure(
          "ERR internal error in '" + name + "' command, see the node's log: " + failure);
    }
  }

  @Override
  public void answer(Reply reply) {
    answered.onReply(reply);
  }

  @Override
  public void notServing() {
    router.goOn(this);
  }

  int shard() {
    return shard;
  }

  boolean isWrite() {
    return isWrite;
  }

  void begin(List<Routes.Stop> route) {
    stops = route;
    tried = 0;
  }

  /** The next stop, or null behind the last one. */
  Routes.Stop nextStop() {
    return tried < stops.size() ? stops.get(tried++) : null;
  }
}
