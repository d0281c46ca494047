package io.kindred.warmup.actor;

import io.kindred.membership.ClusterView;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.Manifest;
import io.kindred.warmup.Claim;
import io.kindred.warmup.Proof;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Waits until every owner in reach knows a ring that has this node fed: what is written from then
 * on comes by the feeds, and what was written before is there to be streamed. An owner that goes
 * out of reach is not waited for; what it knows is found by the comparison, which needs it.
 */
final class FeedsOpening extends AbstractBehavior<FeedsOpening.Command> {

  sealed interface Command {}

  /** A newer view: others may be in reach. */
  record Viewed(ClusterView view) implements Command {}

  private record Answered(Manifest manifest) implements Command {}

  private enum Ask implements Command {
    AGAIN
  }

  /** What the node manager is told. */
  sealed interface Report {}

  /** Everybody in reach feeds us. */
  record Opened() implements Report {}

  /** These do not know the ring yet. */
  record WaitingFor(SortedSet<NodeId> owners) implements Report {}

  private final Claim claim;
  private final Surroundings around;
  private final ActorRef<Report> parent;
  private final ActorRef<Manifest> answers;
  private final Set<NodeId> ready = new HashSet<>();
  private ClusterView view;

  static Behavior<Command> create(
      Claim claim, ClusterView view, Surroundings around, ActorRef<Report> parent) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Ask.AGAIN, around.settings().retryAfter());
                  context.getSelf().tell(Ask.AGAIN);
                  return new FeedsOpening(context, claim, view, around, parent);
                }));
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
    this.answers = context.messageAdapter(Manifest.class, Answered::new);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Viewed.class, this::onViewed)
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(Ask.class, ask -> onAsk())
        .build();
  }

  private Behavior<Command> onViewed(Viewed viewed) {
    view = viewed.view();
    return this;
  }

  private Behavior<Command> onAnswered(Answered answered) {
    Manifest manifest = answered.manifest();
    if (manifest.epoch() >= claim.epoch() && ready.add(manifest.node())) {
      return missing().isEmpty() ? opened() : this;
    }
    return this;
  }

  /** Asks whoever has not said so yet; an answer may be lost, or say an old epoch. */
  private Behavior<Command> onAsk() {
    SortedSet<NodeId> missing = missing();
    if (missing.isEmpty()) {
      return opened();
    }
    Ring ring = view.ring().orElseThrow();
    // One shard is enough: it is the epoch that is asked for.
    NodeProtocol.GetManifest question =
        new NodeProtocol.GetManifest(List.of(claim.shards().first()), answers);
    missing.forEach(owner -> around.nodes().apply(ring.member(owner).orElseThrow()).tell(question));
    parent.tell(new WaitingFor(missing));
    return this;
  }

  private Behavior<Command> opened() {
    parent.tell(new Opened());
    return Behaviors.stopped();
  }

  private SortedSet<NodeId> missing() {
    SortedSet<NodeId> missing =
        new TreeSet<>(Proof.others(view.ring().orElseThrow(), view.self().rack(), claim.shards()));
    missing.retainAll(view.reachable());
    missing.removeAll(ready);
    return missing;
  }
}
