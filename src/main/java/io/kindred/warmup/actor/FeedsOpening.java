package io.kindred.warmup.actor;

import io.kindred.membership.ClusterView;
import io.kindred.ring.NodeId;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.FedUnder;
import io.kindred.warmup.Claim;
import io.kindred.warmup.Proof;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Waits until every owner in reach feeds this node by a ring that has it fed: what is written from
 * then on comes by the feeds, and what was written before is there to be streamed. That an owner
 * knows the ring is not enough, since it may have accepted writes between hearing of the ring and
 * beginning to feed. An owner that goes out of reach is not waited for; what it knows is found by
 * the comparison, which needs it.
 */
final class FeedsOpening extends AbstractBehavior<FeedsOpening.Command> {

  sealed interface Command {}

  /** A newer view: others may be in reach. */
  record Viewed(ClusterView view) implements Command {}

  /** Of those that one question was about, these do not feed us. */
  private record Answered(SortedSet<NodeId> asked, SortedSet<NodeId> missing) implements Command {}

  /** An answer that is overdue was lost with an inbox that restarted; it counts no more. */
  private enum Overdue implements Command {
    ASK
  }

  /** What the node manager is told. */
  sealed interface Report {}

  /** Everybody in reach feeds us: these. */
  record Opened(SortedSet<NodeId> feeding) implements Report {}

  /** These do not feed us by that ring yet. */
  record WaitingFor(SortedSet<NodeId> owners) implements Report {}

  private final Claim claim;
  private final Surroundings around;
  private final ActorRef<Report> parent;
  private ClusterView view;

  static Behavior<Command> create(
      Claim claim, ClusterView view, Surroundings around, ActorRef<Report> parent) {
    return Behaviors.setup(context -> new FeedsOpening(context, claim, view, around, parent));
  }

  private FeedsOpening(
      ActorContext<Command> context,
      Claim claim,
      ClusterView view,
      Surroundings around,
      ActorRef<Report> parent) {
    super(context);
    this.claim = claim;
    this.view = view;
    this.around = around;
    this.parent = parent;
    ask();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Viewed.class, this::onViewed)
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(Overdue.class, overdue -> ask())
        .build();
  }

  /** This node's own inbox knows who feeds it; it answers when all do, or when the time is over. */
  private Behavior<Command> ask() {
    SortedSet<NodeId> asked = inReach();
    Duration within = around.settings().retryAfter();
    getContext()
        .ask(
            FedUnder.class,
            around.node(),
            within.multipliedBy(4),
            answers -> new NodeProtocol.AwaitFedUnder(claim.epoch(), asked, within, answers),
            (answer, late) -> late == null ? new Answered(asked, answer.missing()) : Overdue.ASK);
    return this;
  }

  private Behavior<Command> onViewed(Viewed viewed) {
    view = viewed.view();
    return this;
  }

  private Behavior<Command> onAnswered(Answered answered) {
    SortedSet<NodeId> feeding = new TreeSet<>(answered.asked());
    feeding.removeAll(answered.missing());
    SortedSet<NodeId> missing = inReach();
    missing.removeAll(feeding);
    if (missing.isEmpty()) {
      parent.tell(new Opened(feeding));
      return Behaviors.stopped();
    }
    parent.tell(new WaitingFor(missing));
    return ask();
  }

  private SortedSet<NodeId> inReach() {
    SortedSet<NodeId> owners =
        new TreeSet<>(Proof.others(view.ring().orElseThrow(), view.self().rack(), claim.shards()));
    owners.retainAll(view.reachable());
    return owners;
  }
}
