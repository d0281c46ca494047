package io.kindred.replication.actor;

import io.kindred.replication.InboxProgress;
import io.kindred.ring.NodeId;
import io.kindred.storage.actor.NodeProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** Who waits for the feeds to come somewhere, and until when. For the inbox alone. */
final class FeedAwaits {

  /** What the inbox knows of the origins that feed it. */
  interface Origins {
    /** How far a lane has come; null where nothing of it is known. */
    InboxProgress lane(NodeId origin, int lane);

    /** How many lanes an origin feeds from; 0 where nothing of it is known. */
    int lanes(NodeId origin);
  }

  private record Wait(BooleanSupplier reached, long untilNanos, Runnable yes, Runnable no) {}

  private final NodeId self;
  private final Origins origins;
  private final List<Wait> waits = new ArrayList<>();

  FeedAwaits(NodeId self, Origins origins) {
    this.self = self;
    this.origins = origins;
  }

  void add(NodeProtocol.FeedQuestion question) {
    if (question instanceof NodeProtocol.AwaitFeed feed) {
      add(feed);
    } else if (question instanceof NodeProtocol.AwaitFedUnder fedUnder) {
      add(fedUnder);
    }
  }

  private void add(NodeProtocol.AwaitFeed question) {
    NodeProtocol.FeedEnds ends = question.ends();
    add(
        new Wait(
            () -> reached(ends),
            until(Duration.ofMillis(question.timeoutMillis())),
            () -> question.replyTo().tell(new NodeProtocol.FeedAwaited(self, ends.node(), true)),
            () -> question.replyTo().tell(new NodeProtocol.FeedAwaited(self, ends.node(), false))));
  }

  private boolean reached(NodeProtocol.FeedEnds ends) {
    if (ends.node().equals(self)) {
      return true;
    }
    for (int lane = 0; lane < ends.ends().size(); lane++) {
      long end = ends.ends().get(lane);
      InboxProgress known = origins.lane(ends.node(), lane);
      if (end > 0 && (known == null || !known.reached(ends.generation(), end))) {
        return false;
      }
    }
    return true;
  }

  private void add(NodeProtocol.AwaitFedUnder question) {
    add(
        new Wait(
            () -> missing(question).isEmpty(),
            until(question.within()),
            () ->
                question
                    .replyTo()
                    .tell(new NodeProtocol.FedUnder(question.epoch(), new TreeSet<>())),
            () ->
                question
                    .replyTo()
                    .tell(new NodeProtocol.FedUnder(question.epoch(), missing(question)))));
  }

  private SortedSet<NodeId> missing(NodeProtocol.AwaitFedUnder question) {
    SortedSet<NodeId> missing = new TreeSet<>(question.origins());
    missing.removeIf(origin -> origin.equals(self) || fedUnder(origin, question.epoch()));
    return missing;
  }

  private boolean fedUnder(NodeId origin, long epoch) {
    int lanes = origins.lanes(origin);
    for (int lane = 0; lane < lanes; lane++) {
      InboxProgress known = origins.lane(origin, lane);
      if (known == null || !known.fedUnder(epoch)) {
        return false;
      }
    }
    return lanes > 0;
  }

  private void add(Wait wait) {
    waits.add(wait);
    check();
  }

  private static long until(Duration within) {
    return System.nanoTime() + within.toNanos();
  }

  /** Answers those whose wait is over. */
  void check() {
    if (waits.isEmpty()) {
      return;
    }
    waits.removeIf(
        wait -> {
          if (wait.reached().getAsBoolean()) {
            wait.yes().run();
            return true;
          }
          if (System.nanoTime() - wait.untilNanos() >= 0) {
            wait.no().run();
            return true;
          }
          return false;
        });
  }
}
