package io.kindred.node;

import io.kindred.management.ClusterSources;
import io.kindred.membership.ViewBoard;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.reconcile.actor.Reconciler;
import io.kindred.reconcile.actor.ReconcilerProtocol;
import io.kindred.replication.FeedSettings;
import io.kindred.replication.FeedStatus;
import io.kindred.replication.actor.FeedInbox;
import io.kindred.replication.actor.Feeds;
import io.kindred.replication.actor.WatermarkFile;
import io.kindred.replication.actor.WatermarkKeeper;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.server.FrontDoor;
import io.kindred.server.Gateway;
import io.kindred.server.ServerStats;
import io.kindred.settings.Settings;
import io.kindred.storage.DataDirectory;
import io.kindred.storage.actor.LocalShards;
import io.kindred.storage.actor.Node;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.Peers;
import io.kindred.storage.actor.Snapshots;
import io.kindred.warmup.actor.NodeManager;
import io.kindred.warmup.actor.WarmUpProtocol;
import io.kindred.warmup.actor.WarmUpSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * What a node runs once its shards are recovered. The names are those by which peers reach it. The
 * guardian watches all of it: a node without one of these would look alive and do harm.
 */
final class NodeServices {

  /** What was there before the shards. */
  record Base(
      Member self,
      Settings settings,
      WarmUpSettings warmUp,
      DataDirectory directory,
      NodeClock clock,
      Lanes lanes,
      ViewBoard board,
      ActorRef<RingProtocol.Command> ring,
      ClusterSources sources,
      FrontDoor door,
      ServerStats serverStats,
      ActorRef<WarmUpProtocol.Leaving> leaving) {}

  private static final Duration FEEDS_ANSWER_WITHIN = Duration.ofSeconds(3);

  private final Base base;
  private final Boot boot;
  private final Peers peers;
  private final NodeGauges gauges;
  private final ActorRef<NodeProtocol.Command> node;

  private NodeServices(
      ActorContext<?> context, Base base, Boot boot, ActorRef<LocalShards> startedTo) {
    this.base = base;
    this.boot = boot;
    this.peers = new Peers(context.getSystem());
    this.gauges = new NodeGauges(base, boot);
    this.node =
        context.spawn(
            Node.create(boot.parts(), base.board(), this::askInbox, gauges::stats, startedTo),
            "node");
    context.watch(node);
  }

  /** Resolved at each use: the inbox starts after the Node actor. */
  private void askInbox(NodeProtocol.FeedQuestion question) {
    ActorRef<FeedInbox.Command> inbox = peers.actor(base.self(), FeedInbox.NAME);
    inbox.tell(new FeedInbox.Await(question));
  }

  /** Starts the Node actor, which starts the shards'. */
  static NodeServices startNode(
      ActorContext<?> context, Base base, Boot boot, ActorRef<LocalShards> startedTo) {
    return new NodeServices(context, base, boot, startedTo);
  }

  /** Starts all that works on the shards. */
  void startRest(ActorContext<?> context, LocalShards shards) {
    Settings settings = base.settings();
    Member self = base.self();
    context.watch(
        context.spawn(
            FeedInbox.create(self.id(), boot.parts().ringShards(), shards, this::isGivenUp),
            FeedInbox.NAME));
    ActorRef<Feeds.Command> feeds =
        context.spawn(
            Feeds.create(
                self.id(),
                shards,
                base.directory().path(),
                FeedSettings.of(
                    settings.feed().windowBytes(),
                    settings.feed().batchBytes(),
                    settings.feed().retentionBytes()),
                base.ring(),
                peers),
            Feeds.NAME,
            DispatcherSelector.blocking());
    context.watch(feeds);
    ActorRef<Snapshots.Command> snapshots =
        context.spawn(
            Snapshots.create(
                new Snapshots.Parts(
                    shards,
                    boot.logs(),
                    boot.parts().ringShards(),
                    boot.ringId(),
                    boot.snapshots(),
                    boot.stored(),
                    boot.quarantine(),
                    settings.snapshot().logBytes(),
                    settings.snapshot().bytesPerSecond(),
                    settings.snapshot().lookInterval(),
                    () -> fedUpTo(context.getSystem(), feeds))),
            Snapshots.NAME,
            DispatcherSelector.blocking());
    context.watch(snapshots);
    base.sources().snapshots(snapshots);
    gauges.follow(context.getSystem(), node, feeds, snapshots);
    base.door()
        .serve(
            shards,
            gauges::facts,
            base.directory().newClock(base.clock()),
            settings.consistency().within());
    context.watch(
        context.spawn(
            Gateway.create(shards, base.door()::runSafe, base.serverStats()), Gateway.NAME));
    context.watch(
        context.spawn(
            NodeManager.create(
                self, base.ring(), node, shards, feeds, base.leaving(), peers, base.warmUp()),
            "node-manager"));
    ActorRef<ReconcilerProtocol.Command> engine =
        Reconciler.init(
            context.getSystem(),
            self.id().name(),
            base.ring(),
            peers,
            settings.reconcile().answerWithin());
    base.sources().engine(engine);
    ActorRef<ReconcilerProtocol.StartAnswer> nobody = context.getSystem().ignoreRef();
    context.watch(
        context.spawn(
            WatermarkKeeper.create(
                new WatermarkKeeper.Parts(
                    self.id(),
                    shards,
                    base.directory().path(),
                    new WatermarkFile(base.directory().path()).read(),
                    settings.watermark().stepInterval(),
                    settings.watermark().alarmAfter(),
                    feeds,
                    peers,
                    because -> engine.tell(new ReconcilerProtocol.StartRun(because, nobody)),
                    gauges::purgeWaits),
                base.ring()),
            WatermarkKeeper.NAME,
            DispatcherSelector.blocking()));
    if (settings.reconcile().divergedPeers()) {
      DivergenceWatch.start(context.getSystem(), self.id(), base.board(), feeds, base.sources());
    }
  }

  /**
   * One that was lost feeds again once it has joined, which shows that it follows the same ring.
   */
  private boolean isGivenUp(NodeId origin) {
    return base.board()
        .current()
        .ring()
        .filter(ring -> ring.departed().has(origin) || ring.isLost(origin))
        .isPresent();
  }

  /** Below this no feed reads a log any more; empty until the feeds have seen a ring. */
  private CompletionStage<Optional<List<Long>>> fedUpTo(
      ActorSystem<?> system, ActorRef<Feeds.Command> feeds) {
    CompletionStage<FeedStatus> asked =
        AskPattern.ask(feeds, Feeds.GetStatus::new, FEEDS_ANSWER_WITHIN, system.scheduler());
    return asked.thenApply(
        status ->
            status.epoch() == 0
                ? Optional.empty()
                : Optional.of(
                    IntStream.range(0, boot.logs().size())
                        .mapToObj(lane -> status.syncedByAll(lane).orElse(Long.MAX_VALUE))
                        .toList()));
  }
}
