package io.kindred.node;

import io.kindred.management.ClusterSources;
import io.kindred.management.Management;
import io.kindred.membership.ClusterView;
import io.kindred.membership.ViewBoard;
import io.kindred.membership.actor.RingKeeper;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.ring.Member;
import io.kindred.ring.Ring;
import io.kindred.server.FrontDoor;
import io.kindred.server.ServerStats;
import io.kindred.settings.Settings;
import io.kindred.storage.DataDirectory;
import io.kindred.storage.actor.LocalShards;
import io.kindred.warmup.actor.WarmUpProtocol;
import io.kindred.warmup.actor.WarmUpSettings;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.remote.artery.ThisActorSystemQuarantinedEvent;

/**
 * The top of a node: only wires. First the ring keeper and the management port, by which the node
 * joins its cluster; when a ring is known the front door opens and the shards are recovered, while
 * clients are served by other racks or told to wait; then everything that works on the shards is
 * started.
 */
final class Guardian extends AbstractBehavior<Guardian.Command> {

  /** A message to the guardian: all are its own. */
  sealed interface Command {}

  private record ManagementBound(Throwable failure) implements Command {}

  private record ViewChanged(ClusterView view) implements Command {}

  private record Recovered(Boot boot, Throwable failure) implements Command {}

  private record ShardsStarted(LocalShards shards) implements Command {}

  private record GivenUp(ThisActorSystemQuarantinedEvent by) implements Command {}

  private record Leaving(WarmUpProtocol.Leaving why) implements Command {}

  private record NotedToBeEmptied(Throwable failure) implements Command {}

  private record DoorOpened(InetSocketAddress address, Throwable failure) implements Command {}

  private final Member self;
  private final Settings settings;
  private final DataDirectory directory;
  private final Lanes lanes;
  private final NodeClock clock;
  private final ViewBoard board;
  private final ActorRef<RingProtocol.Command> ring;
  private final ClusterSources sources;
  private final Housekeeping housekeeping;
  private final AtomicBoolean mayStartAgain;
  private Optional<FrontDoor> door = Optional.empty();
  private final ServerStats serverStats = new ServerStats();
  private Optional<NodeServices> services = Optional.empty();

  /**
   * A node's guardian.
   *
   * @param mayStartAgain set before it stops, where another start of the same process mends it
   */
  static Behavior<Command> create(
      Member self,
      Settings settings,
      DataDirectory directory,
      Lanes lanes,
      NodeClock clock,
      Housekeeping housekeeping,
      AtomicBoolean mayStartAgain) {
    return Behaviors.setup(
        context ->
            new Guardian(
                context, self, settings, directory, lanes, clock, housekeeping, mayStartAgain));
  }

  private Guardian(
      ActorContext<Command> context,
      Member self,
      Settings settings,
      DataDirectory directory,
      Lanes lanes,
      NodeClock clock,
      Housekeeping housekeeping,
      AtomicBoolean mayStartAgain) {
    super(context);
    this.mayStartAgain = mayStartAgain;
    this.self = self;
    this.settings = settings;
    this.directory = directory;
    this.lanes = lanes;
    this.clock = clock;
    this.board =
        new ViewBoard(new ClusterView(self, Optional.empty(), Map.of(), Set.of(self.id())));
    this.ring =
        context.spawn(
            RingKeeper.create(
                self, directory.path(), SystemConfig.ring(settings), clock::stampingMillis, board),
            "ring",
            DispatcherSelector.blocking());
    context.watch(ring);
    context
        .getSystem()
        .eventStream()
        .tell(
            new EventStream.Subscribe<>(
                ThisActorSystemQuarantinedEvent.class,
                context.messageAdapter(ThisActorSystemQuarantinedEvent.class, GivenUp::new)));
    this.sources = new ClusterSources(context.getSystem(), board, ring);
    this.housekeeping = housekeeping;
    context
        .getLog()
        .info("{} in rack {}, boot {}", self.id(), self.rack(), directory.origin().boot());
    context.pipeToSelf(
        Management.start(context.getSystem(), sources),
        (management, failure) -> new ManagementBound(failure));
    ring.tell(
        new RingProtocol.Subscribe(context.messageAdapter(ClusterView.class, ViewChanged::new)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(ManagementBound.class, this::onManagementBound)
        .onMessage(ViewChanged.class, this::onViewChanged)
        .onMessage(Recovered.class, this::onRecovered)
        .onMessage(ShardsStarted.class, this::onShardsStarted)
        .onMessage(DoorOpened.class, this::onDoorOpened)
        .onMessage(GivenUp.class, this::onGivenUp)
        .onMessage(Leaving.class, this::onLeaving)
        .onMessage(NotedToBeEmptied.class, this::onNotedToBeEmptied)
        .onSignal(Terminated.class, this::onTerminated)
        .build();
  }

  private Behavior<Command> onManagementBound(ManagementBound bound) {
    if (bound.failure() != null) {
      return giveUp(
          "the management port " + settings.managementPort() + " cannot be opened",
          bound.failure());
    }
    ClusterBootstrap.get(getContext().getSystem()).start();
    return this;
  }

  private Behavior<Command> onViewChanged(ViewChanged changed) {
    if (door.isEmpty() && changed.view().ring().isPresent()) {
      Ring known = changed.view().ring().get();
      RecoveryProgress progress = new RecoveryProgress(known.shards().count(), directory.lanes());
      FrontDoor opening =
          Door.open(
              getContext().getSystem(),
              settings,
              lanes,
              board,
              serverStats,
              () -> NodeGauges.whileLoading(settings, directory, progress));
      door = Optional.of(opening);
      getContext().pipeToSelf(opening.bind(), DoorOpened::new);
      getContext()
          .pipeToSelf(
              CompletableFuture.supplyAsync(() -> recover(known, progress), housekeeping.blocking())
                  .thenCompose(boot -> timePassed(known).thenApply(passed -> boot)),
              Recovered::new);
    }
    return this;
  }

  /** Other racks serve meanwhile; where there are none nobody else writes either. */
  private CompletableFuture<Void> timePassed(Ring known) {
    return known.racks().size() > 1 ? clock.passed() : CompletableFuture.completedFuture(null);
  }

  private Boot recover(Ring known, RecoveryProgress progress) {
    try {
      return Boot.recover(
          self.id(),
          known,
          settings,
          directory,
          clock,
          lanes.loops(),
          housekeeping.blocking(),
          progress);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Behavior<Command> onRecovered(Recovered recovered) {
    if (recovered.failure() != null) {
      return giveUp(
          "the shards in " + directory.path() + " cannot be recovered", recovered.failure());
    }
    Boot boot = recovered.boot();
    boot.parts().shards().forEach(shard -> shard.fencedBy(board.clocks()));
    housekeeping.keep(boot.logs());
    services =
        Optional.of(
            NodeServices.startNode(
                getContext(),
                new NodeServices.Base(
                    self,
                    settings,
                    WarmUpSettings.from(getContext().getSystem().settings().config()),
                    directory,
                    clock,
                    lanes,
                    board,
                    ring,
                    sources,
                    door.orElseThrow(),
                    serverStats,
                    getContext().messageAdapter(WarmUpProtocol.Leaving.class, Leaving::new)),
                boot,
                getContext().messageAdapter(LocalShards.class, ShardsStarted::new)));
    return this;
  }

  private Behavior<Command> onShardsStarted(ShardsStarted started) {
    services.orElseThrow().startRest(getContext(), started.shards());
    return this;
  }

  private Behavior<Command> onDoorOpened(DoorOpened opened) {
    if (opened.failure() != null) {
      return giveUp(
          "the client port " + settings.client().port() + " cannot be opened", opened.failure());
    }
    getContext().getLog().info("listening for clients on {}", opened.address());
    return this;
  }

  /** The others will not hear another word of this process; they would of one that starts anew. */
  private Behavior<Command> onGivenUp(GivenUp givenUp) {
    mayStartAgain.set(true);
    return giveUp(
        "the cluster has given this process up while it could not be reached",
        new IllegalStateException(givenUp.by().toString()));
  }

  private Behavior<Command> onLeaving(Leaving leaving) {
    if (leaving.why() instanceof WarmUpProtocol.Forgotten forgotten) {
      return giveUp(
          forgotten.node()
              + " was forgotten by an operator, and nobody takes anything from it any more; move "
              + directory.path().toAbsolutePath()
              + " away and start it again, to have it come back empty, as a spare",
          new IllegalStateException("ring epoch " + forgotten.epoch()));
    }
    getContext().pipeToSelf(housekeeping.noteToBeEmptied(), (done, e) -> new NotedToBeEmptied(e));
    return this;
  }

  private Behavior<Command> onNotedToBeEmptied(NotedToBeEmptied noted) {
    if (noted.failure() != null) {
      return giveUp("it cannot be noted that the directory is to be emptied", noted.failure());
    }
    mayStartAgain.set(true);
    getContext()
        .getLog()
        .info("every owner has what {} had: emptied, it starts again as another node", self.id());
    return Behaviors.stopped();
  }

  private Behavior<Command> onTerminated(Terminated ended) {
    return giveUp(
        "a part of the node has ended",
        new IllegalStateException(ended.getRef().path().name() + ", see above"));
  }

  private Behavior<Command> giveUp(String what, Throwable why) {
    getContext().getLog().error("{}: the node stops", what, why);
    return Behaviors.stopped();
  }
}
