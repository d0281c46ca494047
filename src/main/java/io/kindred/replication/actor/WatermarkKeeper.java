package io.kindred.replication.actor;

import io.kindred.entry.HybridClock;
import io.kindred.membership.ClusterView;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.replication.FeedStatus;
import io.kindred.replication.StandStill;
import io.kindred.replication.WatermarkRow;
import io.kindred.replication.Watermarks;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.storage.LaneLog;
import io.kindred.storage.actor.LaneActor;
import io.kindred.storage.actor.LaneFloor;
import io.kindred.storage.actor.LocalShards;
import io.kindred.storage.actor.Peers;
import io.kindred.storage.actor.ShardProtocol;
import io.kindred.wire.WireMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Moves this node's watermarks: asks its lanes for floors and its feeds for cursors, tells the
 * other members what follows, and tells the shards what they may purge. Decides nothing: {@link
 * Watermarks} does. Writes a file, so it belongs on a dispatcher that may block.
 */
public final class WatermarkKeeper extends AbstractBehavior<WatermarkKeeper.Command> {

  /** Its name under the guardian. */
  public static final String NAME = "watermark";

  // A step takes some five turns, of which a lane notices next to nothing.
  private static final Duration TURN_EVERY = Duration.ofSeconds(1);

  // Far longer than a message takes that arrives at all.
  private static final Duration IN_FLIGHT = Duration.ofSeconds(5);

  // A row is some 80 bytes; frames over 256 KiB would be dropped.
  private static final int ROWS_MAX = 500;

  /** What it can be told. */
  public sealed interface Command {}

  /** What a node knows of its shards, by the ring of that epoch. */
  public record Told(NodeId node, long epoch, List<WatermarkRow> rows)
      implements Command, WireMessage {}

  /** A reconciliation that began then, in ms since 1970, has made these nodes equal. */
  public record Reconciled(SortedSet<NodeId> whole, long startedAtMillis)
      implements Command, WireMessage {}

  private record ViewChanged(ClusterView view) implements Command {}

  private record Fed(FeedStatus status) implements Command {}

  private record Promised(LaneFloor floor) implements Command {}

  private enum Turn implements Command {
    NOW
  }

  /**
   * What it works with.
   *
   * @param self this node, as the ring lists it
   * @param dataDir where the file is
   * @param stored what the file had at start
   * @param stepInterval no step of a shard comes sooner behind the one before
   * @param alarmAfter how long a shard may wait to purge before it is reported
   * @param feeds this node's
   * @param reconcile has a reconciliation started, for that reason
   * @param waits is told each turn what waits longest to be purged
   */
  public record Parts(
      NodeId self,
      LocalShards shards,
      Path dataDir,
      Watermarks.Stored stored,
      Duration stepInterval,
      Duration alarmAfter,
      ActorRef<Feeds.Command> feeds,
      Peers peers,
      Consumer<String> reconcile,
      Consumer<Optional<StandStill.Held>> waits) {}

  private final Parts parts;
  private final Watermarks marks;
  private final WatermarkFile file;
  private final StandStill standStill;
  private final ActorRef<FeedStatus> fedTo;
  private final ActorRef<LaneFloor> promisedTo;
  private final List<Watermarks.Move> moved = new ArrayList<>();
  private final Set<Integer> proven = new HashSet<>();
  private Ring ring;
  private Watermarks.Stored onDisk;

  /** Follows the ring from now on. */
  public static Behavior<Command> create(Parts parts, ActorRef<RingProtocol.Command> ring) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new WatermarkKeeper(context, timers, parts, ring)));
  }

  private WatermarkKeeper(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Parts parts,
      ActorRef<RingProtocol.Command> ring) {
    super(context);
    this.parts = parts;
    this.file = new WatermarkFile(parts.dataDir());
    this.onDisk = parts.stored();
    this.marks =
        new Watermarks(
            parts.self(),
            parts.shards().actors().size(),
            parts.shards().logs().size(),
            IN_FLIGHT.toMillis(),
            parts.stored());
    this.standStill = new StandStill(parts.alarmAfter().toMillis());
    boolean hadLog = parts.shards().logs().stream().anyMatch(log -> log.end() > 0);
    if (hadLog && parts.stored().generation() != parts.shards().generation()) {
      marks.tailMayBeLost(System.currentTimeMillis());
    }
    this.fedTo = context.messageAdapter(FeedStatus.class, Fed::new);
    this.promisedTo = context.messageAdapter(LaneFloor.class, Promised::new);
    timers.startTimerWithFixedDelay(Turn.NOW, TURN_EVERY);
    ring.tell(
        new RingProtocol.Subscribe(context.messageAdapter(ClusterView.class, ViewChanged::new)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Turn.NOW, this::onTurn)
        .onMessage(Promised.class, this::onPromised)
        .onMessage(Fed.class, this::onFed)
        .onMessage(Told.class, this::onTold)
        .onMessage(Reconciled.class, this::onReconciled)
        .onMessage(ViewChanged.class, this::onViewChanged)
        .build();
  }

  private Behavior<Command> onViewChanged(ViewChanged changed) {
    changed
        .view()
        .ring()
        .ifPresent(
            next -> {
              ring = next;
              marks.follow(next, System.currentTimeMillis());
            });
    return this;
  }

  private Behavior<Command> onPromised(Promised promised) {
    LaneFloor floor = promised.floor();
    Map<Integer, Long> adopted = new HashMap<>();
    for (LaneFloor.ShardState state : floor.shards()) {
      adopted.put(state.shard(), state.adopted());
      marks.waits(state.shard(), state.waiting());
      if (state.serving()) {
        proven.add(state.shard());
      } else {
        proven.remove(state.shard());
      }
    }
    marks.promise(floor.logEnd(), floor.floor(), floor.clock(), adopted);
    return this;
  }

  private Behavior<Command> onFed(Fed fed) {
    marks.synced(parts.shards().logs().stream().map(LaneLog::synced).toList(), fed.status());
    return this;
  }

  private Behavior<Command> onTold(Told told) {
    marks.hear(told.node(), told.epoch(), told.rows());
    return this;
  }

  private Behavior<Command> onReconciled(Reconciled reconciled) {
    marks.reconciled(reconciled.whole(), reconciled.startedAtMillis());
    return this;
  }

  private Behavior<Command> onTurn() {
    if (ring == null) {
      return this;
    }
    // Ends are read first: what is synced of them then is synced.
    List<Long> ends = parts.shards().logs().stream().map(LaneLog::end).toList();
    List<Long> synced = parts.shards().logs().stream().map(LaneLog::synced).toList();
    long leastAdvance = HybridClock.ofMillis(parts.stepInterval().toMillis());
    moved.addAll(marks.turn(proven::contains, ends, synced, leastAdvance));
    if (save()) {
      moved.forEach(
          move ->
              parts
                  .shards()
                  .shard(move.shard())
                  .tell(new ShardProtocol.Limits(move.adopted(), move.step(), move.forget())));
      moved.clear();
      tellOthers();
    }
    lookForStandStill();
    parts.feeds().tell(new Feeds.GetStatus(fedTo));
    parts.shards().lanes().forEach(lane -> lane.tell(new LaneActor.TellFloor(promisedTo)));
    return this;
  }

  /** Whether the disk has what the others are about to be told. */
  private boolean save() {
    Watermarks.Stored now = marks.toStore(marks.savesAs(parts.shards().generation()));
    if (now.equals(onDisk)) {
      return true;
    }
    try {
      file.write(now);
      onDisk = now;
      return true;
    } catch (IOException e) {
      getContext().getLog().warn("cannot store the watermarks, which stand still until then", e);
      return false;
    }
  }

  private void tellOthers() {
    List<WatermarkRow> rows = marks.rows();
    for (Member member : ring.members()) {
      if (!member.id().equals(parts.self())) {
        ActorRef<Command> there = parts.peers().actor(member, NAME);
        for (int from = 0; from < rows.size(); from += ROWS_MAX) {
          List<WatermarkRow> some =
              List.copyOf(rows.subList(from, Math.min(rows.size(), from + ROWS_MAX)));
          there.tell(new Told(parts.self(), ring.epoch(), some));
        }
      }
    }
  }

  private void lookForStandStill() {
    long now = System.currentTimeMillis();
    standStill
        .turn(marks, parts.shards().actors().size(), now)
        .ifPresent(
            held ->
                getContext()
                    .getLog()
                    .warn(
                        "nothing has been purged of shard {} for {} s, though there is something to:"
                            + " it waits for {}. Bring that back, replace it, or have the owners"
                            + " reconciled",
                        held.shard(),
                        held.millis() / 1000,
                        held.by()));
    parts.waits().accept(standStill.longest(marks, now));
    if (standStill.isReconciliationDue(marks, now)) {
      parts.reconcile().accept("the watermark waits until all owners are known to be equal");
    }
  }
}
