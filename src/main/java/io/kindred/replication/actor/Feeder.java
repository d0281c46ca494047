package io.kindred.replication.actor;

import io.kindred.replication.Cursor;
import io.kindred.replication.Divergence;
import io.kindred.replication.FeedFilter;
import io.kindred.replication.FeedSettings;
import io.kindred.replication.LaneFeed;
import io.kindred.replication.Receipt;
import io.kindred.replication.Retention;
import io.kindred.replication.SpanReader;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.storage.LaneLog;
import io.kindred.storage.actor.LocalShards;
import io.kindred.storage.actor.Peers;
import io.kindred.wire.WireMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Feeds one peer from all lanes' logs. Decides nothing: {@link LaneFeed} says what to send. Reads
 * files, so it belongs on a dispatcher that may block.
 */
public final class Feeder extends AbstractBehavior<Feeder.Command> {

  /** What it can be told. */
  public sealed interface Command {}

  /** How far a peer has one lane. */
  public record Ack(NodeId peer, int lane, Receipt receipt) implements Command, WireMessage {}

  /** The lanes' logs have grown. */
  enum Grown implements Command {
    LOOK
  }

  /**
   * Where the peer is, and what it is to have.
   *
   * @param rewindTo for each lane the position from which the wider filter must be applied; empty
   *     where the filter is no wider than before
   */
  record Follow(Member peer, FeedFilter filter, long epoch, List<Long> rewindTo)
      implements Command {}

  /** The peer may be there again, or has moved on: ask it how far it is. */
  enum Ask implements Command {
    NOW
  }

  /** A reconciliation that began then, in ms since 1970, has made the peer whole. */
  record Whole(long startedAtMillis) implements Command {}

  private enum Tick implements Command {
    TIME,
    TELL_EMPTY
  }

  /** What a feeder begins with. */
  record Begin(
      NodeId self,
      LocalShards shards,
      FeedSettings settings,
      Peers peers,
      LongSupplier sessions,
      Follow follow,
      List<Cursor> cursors,
      Optional<Divergence> diverged,
      ActorRef<Feeds.Reported> reports) {}

  private record Lane(LaneLog log, LaneFeed feed, SpanReader reader) {}

  private final Begin begin;
  private final FeedSettings settings;
  private final TimerScheduler<Command> timers;
  private final Retention retention;
  private final List<Lane> lanes = new ArrayList<>();
  private Member peer;
  private FeedFilter filter;
  private ActorRef<FeedInbox.Command> inbox;
  private Optional<Divergence> diverged;
  private boolean changed;
  private long sentBytes;

  static Behavior<Command> create(Begin begin) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Feeder(context, timers, begin)));
  }

  private Feeder(ActorContext<Command> context, TimerScheduler<Command> timers, Begin begin) {
    super(context);
    context.setLoggerName(Feeder.class);
    this.begin = begin;
    this.settings = begin.settings();
    this.timers = timers;
    this.retention = new Retention(settings.retentionBytes());
    this.diverged = begin.diverged();
    this.filter = begin.follow().filter();
    moveTo(begin.follow().peer());
    List<LaneLog> logs = begin.shards().logs();
    for (int lane = 0; lane < logs.size(); lane++) {
      LaneFeed feed =
          new LaneFeed(
              begin.cursors().get(lane),
              begin.follow().epoch(),
              settings,
              logs.size(),
              begin.sessions());
      SpanReader reader = new SpanReader(logs.get(lane), settings.pieceBytes());
      lanes.add(new Lane(logs.get(lane), feed, reader));
    }
    // Four looks a patience: a resend comes at most a quarter late.
    timers.startTimerWithFixedDelay(Tick.TIME, settings.resendAfter().dividedBy(4));
    context.getSelf().tell(Grown.LOOK);
  }

  private void moveTo(Member member) {
    peer = member;
    inbox = begin.peers().actor(member, FeedInbox.NAME);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Ack.class, this::onAck)
        .onMessageEquals(Grown.LOOK, () -> pump(false))
        .onMessageEquals(Tick.TIME, this::onTime)
        .onMessageEquals(Tick.TELL_EMPTY, () -> pump(true))
        .onMessage(Follow.class, this::onFollow)
        .onMessageEquals(Ask.NOW, this::onAsk)
        .onMessage(Whole.class, this::onWhole)
        .onSignal(PostStop.class, stopped -> onStop())
        .build();
  }

  private static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private Behavior<Command> onAck(Ack ack) throws IOException {
    if (!ack.peer().equals(peer.id()) || ack.lane() < 0 || ack.lane() >= lanes.size()) {
      return this;
    }
    LaneFeed.Outcome outcome = lanes.get(ack.lane()).feed().onReceipt(ack.receipt(), now());
    if (outcome == LaneFeed.Outcome.RESTARTED) {
      getContext().getLog().info("feed of lane {} to {} begins again", ack.lane(), peer.id());
    }
    if (outcome != LaneFeed.Outcome.IGNORED) {
      changed = true;
      long applied = lanes.get(ack.lane()).feed().cursor().applied();
      begin
          .shards()
          .applied(ack.lane(), peer.id(), applied, ack.receipt().superseded(), diverged.isEmpty());
    }
    pumpLane(ack.lane(), false);
    return this;
  }

  private Behavior<Command> onTime() throws IOException {
    for (Lane lane : lanes) {
      lane.feed().onTime(now());
    }
    pump(false);
    if (changed) {
      changed = false;
      List<Cursor> cursors = lanes.stream().map(lane -> lane.feed().cursor()).toList();
      long resends = lanes.stream().mapToLong(lane -> lane.feed().resends()).sum();
      begin
          .reports()
          .tell(
              new Feeds.Reported(
                  peer.id(), cursors, diverged, new FedPeer.Sent(resends, sentBytes)));
    }
    return this;
  }

  private Behavior<Command> onFollow(Follow follow) throws IOException {
    if (!follow.peer().equals(peer)) {
      moveTo(follow.peer());
    }
    filter = follow.filter();
    for (int lane = 0; lane < lanes.size(); lane++) {
      LaneFeed feed = lanes.get(lane).feed();
      if (follow.rewindTo().isEmpty()) {
        feed.announce(follow.epoch());
      } else {
        feed.rewind(follow.rewindTo().get(lane), follow.epoch());
        changed = true;
      }
    }
    return pump(false);
  }

  private Behavior<Command> onAsk() throws IOException {
    lanes.forEach(lane -> lane.feed().ask());
    return pump(false);
  }

  private Behavior<Command> onWhole(Whole whole) {
    diverged = diverged.flatMap(known -> known.reconciled(whole.startedAtMillis()));
    changed = true;
    return this;
  }

  private Behavior<Command> pump(boolean evenEmpty) throws IOException {
    for (int lane = 0; lane < lanes.size(); lane++) {
      pumpLane(lane, evenEmpty);
    }
    return this;
  }

  private void pumpLane(int number, boolean evenEmpty) throws IOException {
    Lane lane = lanes.get(number);
    long end = lane.log().end();
    if (retention.gaveUp(lane.feed().cursor().applied(), lane.log().oldest(), end)) {
      giveUp(number, "it is too far behind the log's end");
    }
    boolean more = true;
    while (more) {
      if (lane.feed().wantsSpan() && lane.feed().loaded() < lane.log().end()) {
        load(number, evenEmpty);
      }
      Optional<LaneFeed.Send> send = lane.feed().next(now());
      send.ifPresent(next -> transmit(number, next));
      more = send.isPresent();
    }
    if (lane.reader().holds() && !timers.isTimerActive(Tick.TELL_EMPTY)) {
      timers.startSingleTimer(Tick.TELL_EMPTY, settings.holdEmpty());
    }
  }

  private void load(int number, boolean evenEmpty) {
    Lane lane = lanes.get(number);
    try {
      lane.reader().next(lane.feed().loaded(), filter, evenEmpty).ifPresent(lane.feed()::load);
    } catch (IOException | RuntimeException unreadable) {
      getContext().getLog().error("cannot read the log of lane {}", number, unreadable);
      giveUp(number, "the log cannot be read where it stands");
    }
  }

  private void giveUp(int number, String because) {
    Lane lane = lanes.get(number);
    long end = lane.log().end();
    getContext()
        .getLog()
        .warn(
            "{} is diverged: lane {} goes on at {} instead of {}, since {}",
            peer.id(),
            number,
            end,
            lane.feed().cursor().applied(),
            because);
    diverged = Optional.of(Divergence.gaveUp(diverged, System.currentTimeMillis()));
    lane.feed().jump(end);
    begin.shards().gaveUp(number, peer.id(), end);
    changed = true;
  }

  private void transmit(int lane, LaneFeed.Send send) {
    if (send instanceof LaneFeed.Carry carry) {
      sentBytes += carry.piece().bytes().length;
    }
    long heard = lanes.get(lane).feed().cursor().applied();
    inbox.tell(
        FeedPost.message(begin, peer.id(), lane, heard, send, getContext().getSelf().narrow()));
  }

  private Behavior<Command> onStop() throws IOException {
    for (Lane lane : lanes) {
      lane.reader().close();
    }
    return this;
  }
}
