package io.kindred.node;

import io.kindred.management.ClusterSources;
import io.kindred.membership.ClusterView;
import io.kindred.membership.ViewBoard;
import io.kindred.reconcile.actor.ReconcilerProtocol;
import io.kindred.replication.DivergedPeers;
import io.kindred.replication.FeedStatus;
import io.kindred.replication.actor.Feeds;
import io.kindred.ring.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a peer reconciled whose feed gave something up: with this node alone, since nobody else knows
 * what it was.
 */
final class DivergenceWatch {

  private static final Logger LOG = LoggerFactory.getLogger(DivergenceWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(3);
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(30);
  private static final Duration ENGINE_ANSWERS_WITHIN = Duration.ofSeconds(10);

  private final ActorSystem<?> system;
  private final NodeId self;
  private final ViewBoard board;
  private final ActorRef<Feeds.Command> feeds;
  private final ClusterSources sources;
  private final DivergedPeers peers = new DivergedPeers(AGAIN_AFTER.toMillis());

  private DivergenceWatch(
      ActorSystem<?> system,
      NodeId self,
      ViewBoard board,
      ActorRef<Feeds.Command> feeds,
      ClusterSources sources) {
    this.system = system;
    this.self = self;
    this.board = board;
    this.feeds = feeds;
    this.sources = sources;
  }

  /** Begins to look every few seconds. */
  static void start(
      ActorSystem<?> system,
      NodeId self,
      ViewBoard board,
      ActorRef<Feeds.Command> feeds,
      ClusterSources sources) {
    DivergenceWatch watch = new DivergenceWatch(system, self, board, feeds, sources);
    system.scheduler().scheduleWithFixedDelay(EVERY, EVERY, watch::look, system.executionContext());
  }

  private void look() {
    CompletionStage<FeedStatus> asked =
        AskPattern.ask(feeds, Feeds.GetStatus::new, EVERY, system.scheduler());
    asked.whenComplete(
        (status, failure) -> {
          if (failure == null) {
            due(status).forEach(this::repair);
          } else {
            LOG.debug("the feeds did not tell how they stand", failure);
          }
        });
  }

  private synchronized List<NodeId> due(FeedStatus status) {
    ClusterView view = board.current();
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    return view.serves(self) ? peers.due(status, view::serves, now) : List.of();
  }

  private void repair(NodeId peer) {
    LOG.warn("{} is diverged: asking for a reconciliation of it with this node", peer);
    sources
        .engine()
        .ifPresent(
            engine -> {
              CompletionStage<ReconcilerProtocol.StartAnswer> asked =
                  AskPattern.ask(
                      engine,
                      replyTo ->
                          new ReconcilerProtocol.StartRun(
                              "the feed of " + self + " gave up something that " + peer + " lacks",
                              List.of(self, peer),
                              replyTo),
                      ENGINE_ANSWERS_WITHIN,
                      system.scheduler());
              asked.whenComplete(
                  (answer, failure) -> {
                    if (failure != null) {
                      LOG.info("no engine answers, it is asked again: {}", failure.getMessage());
                    }
                  });
            });
  }
}
