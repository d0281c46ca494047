package io.kindred.node;

import io.kindred.replication.FeedStatus;
import io.kindred.replication.StandStill;
import io.kindred.replication.actor.Feeds;
import io.kindred.ring.NodeId;
import io.kindred.server.NodeFacts;
import io.kindred.settings.Settings;
import io.kindred.storage.DataDirectory;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.actor.Node;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.FeedLag;
import io.kindred.storage.actor.NodeProtocol.NodeStats;
import io.kindred.storage.actor.SnapshotStatus;
import io.kindred.storage.actor.Snapshots;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node in numbers, for INFO, status and pages. What takes questions to actors is looked at about
 * once a second and kept, since INFO is answered on an event loop that must not wait.
 */
final class NodeGauges {

  private static final Logger LOG = LoggerFactory.getLogger(NodeGauges.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final NodeServices.Base base;
  private final Boot boot;
  private volatile Node.Totals totals = Node.Totals.NONE;
  private volatile List<FeedLag> feeds = List.of();
  private volatile SnapshotStatus snapshots =
      new SnapshotStatus(false, 0, 0, 0, Optional.empty(), List.of());
  private volatile Optional<StandStill.Held> held = Optional.empty();
  private volatile double opsPerSecond;
  private final AtomicBoolean farFutureTold = new AtomicBoolean();
  private long lastCommands;
  private long lastNanos = System.nanoTime();

  NodeGauges(NodeServices.Base base, Boot boot) {
    this.base = base;
    this.boot = boot;
  }

  /** What waits longest to be purged, and for whom. */
  void purgeWaits(Optional<StandStill.Held> longest) {
    held = longest;
  }

  /** Begins to look about each second. */
  void follow(
      ActorSystem<?> system,
      ActorRef<NodeProtocol.Command> node,
      ActorRef<Feeds.Command> feedsActor,
      ActorRef<Snapshots.Command> snapshotsActor) {
    system
        .scheduler()
        .scheduleWithFixedDelay(
            EVERY,
            EVERY,
            () -> {
              look(system, node, feedsActor);
              lookAtSnapshots(system, snapshotsActor);
            },
            system.executionContext());
  }

  private void look(
      ActorSystem<?> system,
      ActorRef<NodeProtocol.Command> node,
      ActorRef<Feeds.Command> feedsActor) {
    long commands = base.serverStats().commands();
    long nanos = System.nanoTime();
    opsPerSecond = (commands - lastCommands) * 1e9 / Math.max(1, nanos - lastNanos);
    lastCommands = commands;
    lastNanos = nanos;
    CompletionStage<FeedStatus> status =
        AskPattern.ask(feedsActor, Feeds.GetStatus::new, EVERY, system.scheduler());
    status.whenComplete(
        (answer, failure) -> {
          if (failure == null) {
            feeds = answer.peers().stream().map(NodeGauges::lag).toList();
          } else {
            LOG.debug("the feeds did not tell how they stand", failure);
          }
        });
    // The Node actor passes its sums to stats(), which keeps them.
    CompletionStage<NodeStats> asked =
        AskPattern.ask(node, NodeProtocol.GetStats::new, EVERY, system.scheduler());
    asked.whenComplete(
        (answer, failure) -> {
          if (failure != null) {
            LOG.debug("the shards did not tell how they stand", failure);
          }
        });
  }

  private void lookAtSnapshots(ActorSystem<?> system, ActorRef<Snapshots.Command> snapshotsActor) {
    CompletionStage<SnapshotStatus> asked =
        AskPattern.ask(snapshotsActor, Snapshots.GetStatus::new, EVERY, system.scheduler());
    asked.whenComplete(
        (answer, failure) -> {
          if (failure == null) {
            snapshots = answer;
          } else {
            LOG.debug("the snapshots did not tell how they stand", failure);
          }
        });
  }

  private static FeedLag lag(FeedStatus.Peer peer) {
    return new FeedLag(
        peer.peer(),
        peer.lagBytes(),
        peer.divergedSince().orElse(0),
        peer.resends(),
        peer.sentBytes(),
        peer.logEnd());
  }

  /** What the Node actor answers about itself, made of its shards' sums. */
  NodeStats stats(Node.Totals sums) {
    totals = sums;
    if (sums.farFutureElements() > 0 && farFutureTold.compareAndSet(false, true)) {
      LOG.warn(
          "elements came from other nodes ({} by now) with versions more than a minute ahead of this"
              + " node's clock: some node's clock was far ahead when it wrote them. They beat all that"
              + " nodes write which have not seen them; a later write to the same key beats them. Look"
              + " at the nodes' clocks, and see kindred_far_future_elements in INFO",
          sums.farFutureElements());
    }
    Runtime runtime = Runtime.getRuntime();
    return new NodeStats(
        base.self().id(),
        base.board().current().phase(base.self().id()),
        sums.shardsServed(),
        sums.keys(),
        sums.tombstones(),
        boot.logBytes(),
        runtime.totalMemory() - runtime.freeMemory(),
        runtime.maxMemory(),
        base.door().clientCount(),
        base.serverStats().commands(),
        base.serverStats().forwarded(),
        opsPerSecond,
        ManagementFactory.getRuntimeMXBean().getUptime(),
        boot.quarantine().reasons().size(),
        sums.driftedSlots(),
        sums.farFutureElements(),
        feeds);
  }

  private static long processStartMillis() {
    return ManagementFactory.getRuntimeMXBean().getStartTime();
  }

  /** What INFO tells before there are shards. */
  static NodeFacts whileLoading(
      Settings settings, DataDirectory directory, RecoveryProgress progress) {
    return new NodeFacts(
        Optional.of(progress.facts()),
        Version.KINDRED,
        processStartMillis(),
        directory.path().toAbsolutePath().toString(),
        settings.log().fsync(),
        directory.lanes(),
        settings.client().maxMemoryBytes());
  }

  /** What INFO tells. */
  NodeFacts facts() {
    Node.Totals last = totals;
    return new NodeFacts(
        Optional.empty(),
        Version.KINDRED,
        processStartMillis(),
        base.directory().path().toAbsolutePath().toString(),
        base.settings().log().fsync(),
        base.directory().lanes(),
        boot.logBytes(),
        last.keys(),
        last.expiring(),
        last.tombstones(),
        boot.parts().budget().used(),
        boot.parts().budget().maxBytes(),
        last.driftedSlots(),
        last.farFutureElements(),
        new NodeFacts.Persistence(
            boot.logs().stream()
                .map(FileLaneLog::failure)
                .filter(Objects::nonNull)
                .findFirst()
                .or(base.directory()::clockFailure),
            snapshots.underWay(),
            snapshots.lastWrittenMillis(),
            snapshots.failure().isEmpty(),
            snapshots.shards().stream().mapToLong(SnapshotStatus.Row::fileBytes).sum(),
            boot.quarantine().reasons().size()),
        held.map(
                waits ->
                    new NodeFacts.Purging(
                        waits.millis(), waits.by().stream().map(NodeId::toString).toList()))
            .orElse(NodeFacts.Purging.NOTHING));
  }
}
