package io.kindred.replication.actor;

import io.kindred.membership.ClusterView;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.replication.Cursor;
import io.kindred.replication.Divergence;
import io.kindred.replication.FeedFilter;
import io.kindred.replication.FeedSettings;
import io.kindred.replication.FeedStart;
import io.kindred.replication.FeedStatus;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.storage.actor.LocalShards;
import io.kindred.storage.actor.Peers;
import io.kindred.wire.WireMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Keeps one {@link Feeder} for each other node that the ring names for any shard, and keeps their
 * cursors over restarts. Must be started before this node serves its first client: what its logs
 * hold by then is what was recovered.
 */
public final class Feeds extends AbstractBehavior<Feeds.Command> {

  /** Its name under the guardian. */
  public static final String NAME = "feeds";

  private static final Duration SAVE_EVERY = Duration.ofSeconds(1);

  /** What it can be told. */
  public sealed interface Command {}

  /** Asks how the feeds stand. */
  public record GetStatus(ActorRef<FeedStatus> replyTo) implements Command {}

  /**
   * A reconciliation has made these nodes equal: what this node gave up for them before that began
   * they have now.
   *
   * @param startedAtMillis since 1970, when the reconciliation began
   */
  public record Reconciled(SortedSet<NodeId> whole, long startedAtMillis)
      implements Command, WireMessage {}

  /** How a feeder stands. */
  record Reported(
      NodeId peer, List<Cursor> cursors, Optional<Divergence> diverged, FedPeer.Sent sent)
      implements Command {}

  private record ViewChanged(ClusterView view) implements Command {}

  private record FeederEnded(NodeId peer, ActorRef<Feeder.Command> feeder) implements Command {}

  private record Saved(Throwable failure) implements Command {}

  private enum Tick implements Command {
    SAVE
  }

  private final NodeId self;
  private final LocalShards shards;
  private final FeedSettings settings;
  private final Peers peers;
  private final LaneStarts laneStarts;
  private final CursorKeeper cursors;
  private final LogPulse pulse;
  private final Map<NodeId, FedPeer> fed = new TreeMap<>();
  private ClusterView view;
  private boolean watching;

  /**
   * Follows the ring from now on.
   *
   * @param self this node, as the ring lists it
   * @param dataDir where the cursors are kept
   * @param ring the ring keeper to follow
   */
  public static Behavior<Command> create(
      NodeId self,
      LocalShards shards,
      Path dataDir,
      FeedSettings settings,
      ActorRef<RingProtocol.Command> ring,
      Peers peers) {
    LaneStarts starts = LaneStarts.of(shards);
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new Feeds(
                        context, timers, self, shards, starts, dataDir, settings, ring, peers)));
  }

  private Feeds(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      NodeId self,
      LocalShards shards,
      LaneStarts starts,
      Path dataDir,
      FeedSettings settings,
      ActorRef<RingProtocol.Command> ring,
      Peers peers) {
    super(context);
    this.self = self;
    this.shards = shards;
    this.settings = settings;
    this.peers = peers;
    this.laneStarts = starts;
    this.cursors =
        new CursorKeeper(
            new CursorFile(dataDir),
            context.getSystem().dispatchers().lookup(DispatcherSelector.blocking()));
    this.pulse = new LogPulse(shards);
    cursors
        .load(shards.logs().size(), context.getLog())
        .forEach(stored -> fed.put(stored.peer(), FedPeer.stored(stored)));
    timers.startTimerWithFixedDelay(Tick.SAVE, SAVE_EVERY);
    ring.tell(
        new RingProtocol.Subscribe(context.messageAdapter(ClusterView.class, ViewChanged::new)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Reported.class, this::onReported)
        .onMessage(ViewChanged.class, this::onViewChanged)
        .onMessage(FeederEnded.class, this::onFeederEnded)
        .onMessage(GetStatus.class, this::onGetStatus)
        .onMessage(Reconciled.class, this::onReconciled)
        .onMessageEquals(Tick.SAVE, this::onSave)
        .onMessage(Saved.class, this::onSaved)
        .onSignal(PostStop.class, stopped -> onStop())
        .build();
  }

  private Behavior<Command> onViewChanged(ViewChanged news) {
    ClusterView before = view;
    view = news.view();
    view.ring().ifPresent(ring -> follow(ring, before));
    return this;
  }

  private void follow(Ring ring, ClusterView before) {
    Map<NodeId, FeedFilter> wanted = FeedFilter.ofOthers(ring, self);
    forgetAllBut(wanted.keySet());
    // Worked out before anything starts, so that two newcomers do not wait for one another.
    Map<String, List<FeedStart>> newcomers =
        laneStarts.newcomers(ring, fed, id -> watching && !view.reachable().contains(id));
    wanted.forEach(
        (id, filter) -> {
          Member member = ring.member(id).orElseThrow();
          follow(ring, member, filter, newcomers.get(member.rack()));
        });
    watching = true;
    fed.forEach((id, peer) -> peer.askIfNews(id, before, view));
    pulse.tell(fed.values().stream().flatMap(peer -> peer.feeder().stream()).toList());
  }

  private void forgetAllBut(Set<NodeId> wanted) {
    for (NodeId id : Set.copyOf(fed.keySet())) {
      if (!wanted.contains(id)) {
        fed.remove(id).feeder().ifPresent(getContext()::stop);
        cursors.changed();
        getContext().getLog().info("no longer feeds {}", id);
      }
    }
  }

  private void follow(Ring ring, Member member, FeedFilter filter, List<FeedStart> newcomers) {
    FedPeer peer = fed.get(member.id());
    if (peer == null) {
      // An owner that this node has never fed was streamed to by others, perhaps while this node
      // was away: it is fed all there is. A successor has its stream before it.
      boolean streams = watching && ring.ownedBy(member.id()).isEmpty();
      List<FeedStart> starts = streams ? newcomers : laneStarts.known(Optional.empty());
      start(member, filter, ring.epoch(), starts, Optional.empty());
    } else if (peer.feeder().isEmpty()) {
      List<FeedStart> starts = laneStarts.known(Optional.of(peer.cursors()));
      boolean widens = filter.widens(peer.filter());
      start(
          member,
          filter,
          ring.epoch(),
          widens ? LaneStarts.lower(starts, newcomers) : starts,
          peer.diverged());
    } else {
      boolean widens = filter.widens(peer.filter());
      List<Long> rewindTo =
          widens ? newcomers.stream().map(start -> start.cursor().applied()).toList() : List.of();
      peer.follow(new Feeder.Follow(member, filter, ring.epoch(), rewindTo));
    }
  }

  private void start(
      Member member,
      FeedFilter filter,
      long epoch,
      List<FeedStart> starts,
      Optional<Divergence> before) {
    Optional<Divergence> diverged =
        FeedStart.divergence(starts, before, System.currentTimeMillis());
    List<Cursor> cursors = starts.stream().map(FeedStart::cursor).toList();
    ActorRef<Feeder.Command> feeder =
        getContext()
            .spawnAnonymous(
                Feeder.create(
                    new Feeder.Begin(
                        self,
                        shards,
                        settings,
                        peers,
                        laneStarts::nextSession,
                        new Feeder.Follow(member, filter, epoch, List.of()),
                        cursors,
                        diverged,
                        getContext().getSelf().narrow())),
                DispatcherSelector.blocking());
    getContext().watchWith(feeder, new FeederEnded(member.id(), feeder));
    fed.put(member.id(), FedPeer.started(feeder, filter, cursors, diverged));
    this.cursors.changed();
    getContext().getLog().info("feeds {} from {} on", member.id(), cursors);
  }

  private Behavior<Command> onReported(Reported report) {
    FedPeer peer = fed.get(report.peer());
    if (peer != null) {
      peer.report(report);
      cursors.changed();
    }
    return this;
  }

  private Behavior<Command> onFeederEnded(FeederEnded ended) {
    FedPeer peer = fed.get(ended.peer());
    if (peer != null && peer.feeder().equals(Optional.of(ended.feeder()))) {
      getContext().getLog().error("the feeder of {} failed; another begins soon", ended.peer());
      peer.feederEnded();
    }
    return this;
  }

  private Behavior<Command> onReconciled(Reconciled reconciled) {
    if (reconciled.whole().contains(self)) {
      fed.forEach((id, peer) -> peer.reconciled(id, reconciled));
      cursors.changed();
    }
    return this;
  }

  private Behavior<Command> onGetStatus(GetStatus ask) {
    long epoch = view == null ? 0 : view.ring().map(Ring::epoch).orElse(0L);
    ask.replyTo().tell(new FeedStatus(self, epoch, FedPeer.statusOf(fed, laneStarts.ends())));
    return this;
  }

  private Behavior<Command> onSave() {
    if (view != null && fed.values().stream().anyMatch(peer -> peer.feeder().isEmpty())) {
      view.ring().ifPresent(ring -> follow(ring, view));
    }
    cursors
        .save(() -> FedPeer.toStore(fed))
        .ifPresent(
            written -> getContext().pipeToSelf(written, (done, failure) -> new Saved(failure)));
    return this;
  }

  private Behavior<Command> onSaved(Saved saved) {
    cursors.saved(saved.failure() == null);
    if (saved.failure() != null) {
      getContext().getLog().warn("cannot store the cursors", saved.failure());
    }
    return this;
  }

  private Behavior<Command> onStop() throws IOException {
    pulse.close();
    cursors.saveNow(FedPeer.toStore(fed));
    return this;
  }
}
