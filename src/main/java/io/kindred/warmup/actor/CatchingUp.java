package io.kindred.warmup.actor;

import io.kindred.membership.ClusterView;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.FeedAwaited;
import io.kindred.storage.actor.NodeProtocol.FeedEnds;
import io.kindred.warmup.Claim;
import io.kindred.warmup.Proof;
import java.util.HashSet;
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
 * An owner's way through STREAMING: asks each other owner in reach how far its own writes have
 * come, and waits until the feeds have brought them here. A feed that does not get there in time
 * (its peer is gone, or its log was cut meanwhile) is waited for no longer: nothing is taken for
 * proven here, and the comparison that follows finds what it would have brought.
 */
final class CatchingUp extends AbstractBehavior<CatchingUp.Command> {

  sealed interface Command {}

  /** A newer view: others may be in reach. */
  record Viewed(ClusterView view) implements Command {}

  private record Told(FeedEnds ends) implements Command {}

  private record Reached(FeedAwaited awaited) implements Command {}

  private enum Time implements Command {
    AGAIN,
    ENOUGH
  }

  /** What the node manager is told. */
  sealed interface Report {}

  /** The feeds have brought what they bring. */
  record CaughtUp(String how) implements Report {}

  /** These feeds are still behind. */
  record Behind(SortedSet<NodeId> owners) implements Report {}

  private final Claim claim;
  private final Surroundings around;
  private final ActorRef<Report> parent;
  private final ActorRef<FeedEnds> ends;
  private final ActorRef<FeedAwaited> awaited;
  private final Set<NodeId> asked = new HashSet<>();
  private final Set<NodeId> reached = new HashSet<>();
  private ClusterView view;

  static Behavior<Command> create(
      Claim claim, ClusterView view, Surroundings around, ActorRef<Report> parent) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Time.AGAIN, around.settings().retryAfter());
                  timers.startSingleTimer(Time.ENOUGH, around.settings().catchUpWithin());
                  context.getSelf().tell(Time.AGAIN);
                  return new CatchingUp(context, claim, view, around, parent);
                }));
  }

  private CatchingUp(
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
    this.ends = context.messageAdapter(FeedEnds.class, Told::new);
    this.awaited = context.messageAdapter(FeedAwaited.class, Reached::new);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Viewed.class, this::onViewed)
        .onMessage(Told.class, this::onTold)
        .onMessage(Reached.class, this::onReached)
        .onMessage(Time.class, this::onTime)
        .build();
  }

  private Behavior<Command> onViewed(Viewed viewed) {
    view = viewed.view();
    return this;
  }

  private Behavior<Command> onTold(Told told) {
    if (asked.add(told.ends().node())) {
      around
          .node()
          .tell(
              new NodeProtocol.AwaitFeed(
                  told.ends(), around.settings().catchUpWithin().toMillis(), awaited));
    }
    return this;
  }

  private Behavior<Command> onReached(Reached message) {
    NodeId origin = message.awaited().origin();
    if (message.awaited().reached()) {
      reached.add(origin);
    } else {
      asked.remove(origin);
    }
    return behind().isEmpty() ? done("all feeds in reach arrived") : this;
  }

  private Behavior<Command> onTime(Time time) {
    SortedSet<NodeId> behind = behind();
    if (behind.isEmpty()) {
      return done("all feeds in reach arrived");
    }
    if (time == Time.ENOUGH) {
      return done("left to the comparison: what " + behind + " did not bring in time");
    }
    Ring ring = view.ring().orElseThrow();
    behind.stream()
        .filter(owner -> !asked.contains(owner))
        .forEach(
            owner ->
                around
                    .nodes()
                    .apply(ring.member(owner).orElseThrow())
                    .tell(new NodeProtocol.GetFeedEnds(ends)));
    parent.tell(new Behind(behind));
    return this;
  }

  private Behavior<Command> done(String how) {
    parent.tell(new CaughtUp(how));
    return Behaviors.stopped();
  }

  private SortedSet<NodeId> behind() {
    SortedSet<NodeId> behind =
        new TreeSet<>(Proof.others(view.ring().orElseThrow(), view.self().rack(), claim.shards()));
    behind.retainAll(view.reachable());
    behind.removeAll(reached);
    return behind;
  }
}
