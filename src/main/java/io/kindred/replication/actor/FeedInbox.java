package io.kindred.replication.actor;

import io.kindred.entry.MalformedElementException;
import io.kindred.replication.InboxProgress;
import io.kindred.replication.LaneFeed;
import io.kindred.replication.Piece;
import io.kindred.replication.Span;
import io.kindred.replication.actor.InboxLines.Channel;
import io.kindred.replication.actor.InboxLines.Line;
import io.kindred.ring.NodeId;
import io.kindred.ring.Shards;
import io.kindred.storage.actor.LocalShards;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.ShardProtocol;
import io.kindred.wire.WireMessage;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Takes what other nodes feed this one, has the shards merge it, and answers. What has come, and
 * what to tell, is decided in {@link InboxProgress}. Keeps nothing on disk: one that starts anew
 * tells so by new inbox numbers, and is fed again from what this node had synced.
 *
 * <p>Takes no more into memory than the senders' windows allow, and one span being put together a
 * lane.
 *
 * <p>Restarts itself where it fails, under the same reference.
 */
public final class FeedInbox extends AbstractBehavior<FeedInbox.Command> {

  /** Its name under the guardian. */
  public static final String NAME = "feed-inbox";

  // Artery costs by the message, so single spans share an acknowledgement; a full window does not
  // wait for it. At dc_one nobody waits for an acknowledgement but the window.
  private static final Duration ACK_WITHIN = Duration.ofMillis(10);
  private static final int ACK_EVERY = 4;
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  // A shard that did not answer by then could not write its log. Merging again changes nothing.
  private static final Duration MERGE_AGAIN_AFTER = Duration.ofSeconds(10);
  private static final int LANES_MAX = 4096;

  /** What it can be told. */
  public sealed interface Command {}

  /**
   * A feed begins a session, or asks how far it is.
   *
   * @param target who is meant: an empty replacement may have the address of the node it replaces
   * @param lanes how many lanes the origin feeds from
   */
  public record FeedHello(
      NodeId origin,
      NodeId target,
      long generation,
      int lane,
      int lanes,
      LaneFeed.Hello hello,
      ActorRef<Feeder.Ack> replyTo)
      implements Command, WireMessage {}

  /**
   * A piece of a lane's log.
   *
   * @param floor everything that the origin sends later in this lane is above this hybrid time; 0
   *     promises nothing
   * @param heard the origin knows that this node has applied so much
   * @param awaited whether a client waits there until this is applied: answer at once, and say what
   *     here is newer
   */
  public record FeedBatch(
      NodeId origin,
      NodeId target,
      int lane,
      long session,
      long floor,
      long heard,
      boolean awaited,
      Piece piece,
      ActorRef<Feeder.Ack> replyTo)
      implements Command, WireMessage {}

  /** Asks how far this node has another's log. */
  public record GetReceived(NodeId origin, ActorRef<Received> replyTo)
      implements Command, WireMessage {}

  /**
   * How far a node has another's log.
   *
   * @param applied lane by lane; -1 where this inbox has not been fed, no lane where none was
   */
  public record Received(NodeId node, NodeId origin, List<Long> applied) implements WireMessage {}

  /** The Node actor passes on what it was asked. */
  public record Await(NodeProtocol.FeedQuestion question) implements Command {}

  private record Merged(ShardProtocol.Merged merged) implements Command {}

  private enum Tick implements Command {
    ACKNOWLEDGE,
    LOOK
  }

  private record Work(Channel channel, Line line, long session, Span span, boolean awaited) {}

  private final NodeId self;
  private final Predicate<NodeId> refused;
  private final Set<NodeId> refusals = new HashSet<>();
  private final TimerScheduler<Command> timers;
  private final InboxLines lines;
  private final Merges<Work> merges;
  private final FeedAwaits awaits;

  /**
   * Takes feeds from now on.
   *
   * @param self this node, as the ring lists it
   * @param ringShards how slots fall into shards
   * @param shards where to merge
   * @param refused from whom nothing is taken: whom the ring has given up
   */
  public static Behavior<Command> create(
      NodeId self, Shards ringShards, LocalShards shards, Predicate<NodeId> refused) {
    Behavior<Command> inbox =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> new FeedInbox(context, timers, self, ringShards, shards, refused)));
    return Behaviors.supervise(inbox).onFailure(SupervisorStrategy.restart());
  }

  private FeedInbox(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      NodeId self,
      Shards ringShards,
      LocalShards shards,
      Predicate<NodeId> refused) {
    super(context);
    this.refused = refused;
    // Under a supervisor Pekko would name its own class.
    context.setLoggerName(FeedInbox.class);
    this.self = self;
    this.lines = new InboxLines(shards.logs());
    this.timers = timers;
    this.merges =
        new Merges<>(
            ringShards,
            shards,
            context.messageAdapter(ShardProtocol.Merged.class, Merged::new),
            MERGE_AGAIN_AFTER);
    this.awaits = new FeedAwaits(self, lines);
    timers.startTimerWithFixedDelay(Tick.LOOK, LOOK_EVERY);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(FeedBatch.class, this::onFeedBatch)
        .onMessage(Merged.class, this::onMerged)
        .onMessage(FeedHello.class, this::onFeedHello)
        .onMessageEquals(Tick.ACKNOWLEDGE, this::onAcknowledge)
        .onMessageEquals(Tick.LOOK, this::onLook)
        .onMessage(Await.class, this::onAwait)
        .onMessage(GetReceived.class, this::onGetReceived)
        .build();
  }

  private Behavior<Command> onFeedHello(FeedHello hello) {
    if (isForMe(hello.target(), hello.lane()) && isTaken(hello.origin())) {
      Line line = lines.of(hello.origin(), hello.lane(), hello.replyTo());
      lines.feedsFrom(hello.origin(), hello.lanes());
      line.progress.onHello(hello.generation(), hello.hello());
      acknowledge(hello.lane(), line);
      awaits.check();
    }
    return this;
  }

  private boolean isForMe(NodeId target, int lane) {
    return target.equals(self) && lane >= 0 && lane < LANES_MAX;
  }

  private boolean isTaken(NodeId origin) {
    boolean taken = !refused.test(origin);
    if (!taken && refusals.add(origin)) {
      getContext().getLog().warn("nothing is taken from {}: the ring has given it up", origin);
    }
    return taken;
  }

  private Behavior<Command> onFeedBatch(FeedBatch batch) {
    if (!isForMe(batch.target(), batch.lane()) || !isTaken(batch.origin())) {
      return this;
    }
    Line line = lines.of(batch.origin(), batch.lane(), batch.replyTo());
    boolean known = line.progress.session() == batch.session();
    line.progress.onHeard(batch.session(), batch.heard());
    line.progress
        .onPiece(batch.session(), batch.floor(), batch.piece())
        .ifPresent(span -> merge(batch, line, span));
    acknowledge(batch.lane(), line, !known);
    return this;
  }

  private void merge(FeedBatch batch, Line line, Span span) {
    Channel channel = new Channel(batch.origin(), batch.lane());
    Work work = new Work(channel, line, batch.session(), span, batch.awaited());
    try {
      if (!merges.begin(span.bytes(), batch.awaited(), work)) {
        applied(work, List.of());
      }
    } catch (MalformedElementException broken) {
      // Forgetting the lane makes its feed begin again at what is synced here.
      getContext().getLog().error("cannot read what {} feeds in {}", channel, span.from(), broken);
      lines.forget(channel);
    }
  }

  private Behavior<Command> onMerged(Merged answer) {
    merges
        .onMerged(answer.merged())
        .ifPresent(
            done -> {
              Work work = done.work();
              applied(work, done.newer());
              acknowledge(work.channel().lane(), work.line(), work.awaited());
            });
    return this;
  }

  private void applied(Work work, List<ShardProtocol.Newer> newer) {
    work.line()
        .progress
        .onMerged(work.session(), work.span(), Merges.superseded(work.span(), newer));
    awaits.check();
  }

  private void acknowledge(int lane, Line line, boolean atOnce) {
    line.unacknowledged++;
    if (atOnce || line.unacknowledged >= ACK_EVERY) {
      acknowledge(lane, line);
    } else if (!timers.isTimerActive(Tick.ACKNOWLEDGE)) {
      timers.startSingleTimer(Tick.ACKNOWLEDGE, ACK_WITHIN);
    }
  }

  private Behavior<Command> onAcknowledge() {
    lines.forEach(
        (channel, line) -> {
          if (line.unacknowledged > 0) {
            acknowledge(channel.lane(), line);
          }
        });
    return this;
  }

  private void acknowledge(int lane, Line line) {
    line.unacknowledged = 0;
    lines.noteLocalLogs(line);
    line.replyTo.tell(new Feeder.Ack(self, lane, line.progress.receipt()));
  }

  private Behavior<Command> onLook() {
    lines.forEach(
        (channel, line) -> {
          if (lines.hasSyncedMore(line)) {
            acknowledge(channel.lane(), line);
          }
        });
    merges
        .askAgain()
        .forEach(late -> getContext().getLog().warn("shards {} do not answer a merge", late));
    awaits.check();
    return this;
  }

  private Behavior<Command> onGetReceived(GetReceived get) {
    get.replyTo().tell(new Received(self, get.origin(), lines.applied(get.origin())));
    return this;
  }

  private Behavior<Command> onAwait(Await await) {
    awaits.add(await.question());
    return this;
  }
}
