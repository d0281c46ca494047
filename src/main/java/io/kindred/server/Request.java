package io.kindred.server;

import io.kindred.command.Call;
import io.kindred.command.Consistency;
import io.kindred.command.Reply;
import io.kindred.command.ShardCommand;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.ring.Member;
import java.util.List;

/**
 * One run of a command in one shard, wherever the shard is served. Goes from stop to stop until one
 * takes it.
 */
final class Request implements Call {

  /** Takes the one answer, on any thread. */
  @FunctionalInterface
  interface Answered {
    void onReply(Reply reply);

    /**
     * No node that was to be asked serves the shard.
     *
     * @return whether that is known to whoever asked; else it is told as an error
     */
    default boolean onUnserved() {
      return false;
    }
  }

  private final Router router;
  private final ShardCommand command;
  private final byte[][] args;
  private final int shard;
  private final Key key;
  private final boolean isWrite;
  private final Consistency level;
  private final Answered answered;

  // Handed from thread to thread by messages, one owner at a time.
  private List<Routes.Stop> stops = List.of();
  private int tried;
  private long begunNanos;
  private Version version;
  private String uncertain;

  /**
   * @param key what it is about, or null for a question to the whole shard
   */
  Request(
      Router router,
      ShardCommand command,
      byte[][] args,
      int shard,
      Key key,
      boolean isWrite,
      Consistency level,
      Answered answered) {
    this.router = router;
    this.command = command;
    this.args = args;
    this.shard = shard;
    this.key = key;
    this.isWrite = isWrite;
    this.level = level;
    this.answered = answered;
  }

  @Override
  public ShardCommand command() {
    return command;
  }

  @Override
  public byte[][] args() {
    return args;
  }

  @Override
  public void answer(Reply reply) {
    answered.onReply(reply);
  }

  @Override
  public void notServing() {
    router.goOn(this);
  }

  @Override
  public int shard() {
    return shard;
  }

  @Override
  public Key key() {
    return key;
  }

  @Override
  public boolean isWrite() {
    return isWrite;
  }

  @Override
  public Consistency level() {
    return level;
  }

  @Override
  public Version version() {
    return version;
  }

  @Override
  public boolean isAgain() {
    return uncertain != null;
  }

  @Override
  public void older(long least) {
    if (isAgain()) {
      giveUp();
    } else {
      // At this very node, which has done nothing and can stamp it itself.
      version = null;
      router.sendLocal(router.laneOf(shard), new Request[] {this});
    }
  }

  /** Takes what another node says. */
  void take(ReplyBatch.Item item, Member owner) {
    if (item.reply().isPresent()) {
      answer(item.reply().get());
    } else if (item.older() == 0) {
      notServing();
    } else if (isAgain()) {
      giveUp();
    } else {
      router.goOnAbove(this, item.older(), owner);
    }
  }

  /** From now on it has this version wherever it is asked for; null for none. */
  void stamp(Version given) {
    version = given;
  }

  /** When it was begun, by a clock that never jumps. */
  long begunNanos() {
    return begunNanos;
  }

  /** Whether another node may be asked for the same, though one that was asked may have done it. */
  boolean isRepeatable() {
    return !isWrite || version != null;
  }

  /** Whether there is another node that could be asked for the same. */
  boolean canGoElsewhere() {
    return isRepeatable() && tried < stops.size();
  }

  /** A node that was asked may have done it, and gave no answer. */
  void mayBeApplied(String why) {
    uncertain = why;
  }

  /** A node gave no answer: on to another, unless it may have done what must not be done twice. */
  void unanswered(boolean isSent, Member owner, String why) {
    boolean mayBeApplied = isWrite && isSent;
    if (mayBeApplied) {
      mayBeApplied(owner.id().name() + " " + why);
    }
    if (mayBeApplied && !isRepeatable()) {
      giveUp();
    } else {
      notServing();
    }
  }

  /** Nobody else can be asked: says so where somebody may have done it. */
  boolean isUncertain() {
    if (uncertain != null) {
      giveUp();
    }
    return uncertain != null;
  }

  /** There was no answer in time. */
  void giveUp() {
    if (!isUnserved()) {
      answer(
          new Reply.Failure(
              uncertain == null
                  ? "ERR no owner of shard " + shard + " has answered in time; nothing was done"
                  : "ERR " + uncertain + "; the command may have been applied"));
    }
  }

  /** Nobody is left to ask; whether whoever asked has taken note. */
  boolean isUnserved() {
    return answered.onUnserved();
  }

  /** Where the answer goes. */
  Answered answered() {
    return answered;
  }

  void begin(List<Routes.Stop> route) {
    stops = route;
    tried = 0;
    begunNanos = System.nanoTime();
  }

  /** The next stop, or null behind the last one. */
  Routes.Stop nextStop() {
    return tried < stops.size() ? stops.get(tried++) : null;
  }
}
