package io.kindred.warmup.actor;

import io.kindred.membership.ClusterView;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.reconcile.RunPlan;
import io.kindred.reconcile.RunReport;
import io.kindred.replication.FeedStatus;
import io.kindred.replication.actor.Feeds;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.warmup.Drain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Gives the owners what only this node has. The feeds do that by themselves; this looks how far
 * they are, compares with the owners for whom a feed had to give something up, and asks the ring to
 * let the node go when {@link Drain} says that nothing is left. That it was let go shows in a view.
 */
final class Draining extends AbstractBehavior<Draining.Command> {

  sealed interface Command {}

  /** A newer view: others may be in reach. */
  record Viewed(ClusterView view) implements Command {}

  private record Told(FeedStatus status, Throwable failure) implements Command {}

  private record Compared(SortedSet<NodeId> owners, RunReport report) implements Command {}

  private record ComparisonEnded() implements Command {}

  private record Answered(RingProtocol.Outcome outcome, Throwable failure) implements Command {}

  private enum Time implements Command {
    LOOK
  }

  /** What the node manager is told: why it is not over yet. */
  record WaitingFor(String what) {}

  private final Surroundings around;
  private final ActorRef<WaitingFor> parent;
  private ClusterView view;
  private boolean busy;
  private int runs;

  static Behavior<Command> create(
      ClusterView view, Surroundings around, ActorRef<WaitingFor> parent) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(
                      Time.LOOK, Duration.ZERO, around.settings().retryAfter());
                  return new Draining(context, view, around, parent);
                }));
  }

  private Draining(
      ActorContext<Command> context,
      ClusterView view,
      Surroundings around,
      ActorRef<WaitingFor> parent) {
    super(context);
    this.view = view;
    this.around = around;
    this.parent = parent;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Viewed.class, this::onViewed)
        .onMessageEquals(Time.LOOK, this::onLook)
        .onMessage(Told.class, this::onTold)
        .onMessage(Compared.class, this::onCompared)
        .onMessage(ComparisonEnded.class, ended -> free())
        .onMessage(Answered.class, this::onAnswered)
        .build();
  }

  private Behavior<Command> onViewed(Viewed viewed) {
    view = viewed.view();
    return this;
  }

  private Behavior<Command> free() {
    busy = false;
    return this;
  }

  private Behavior<Command> onLook() {
    if (!busy) {
      busy = true;
      getContext()
          .ask(
              FeedStatus.class,
              around.feeds(),
              around.settings().answerWithin(),
              Feeds.GetStatus::new,
              Told::new);
    }
    return this;
  }

  private Behavior<Command> onTold(Told told) {
    if (told.failure() != null) {
      waitFor("its own feeds to tell how far they are");
      return free();
    }
    Ring ring = view.ring().orElseThrow();
    Drain.Next next = Drain.next(ring, told.status(), view.reachable());
    if (next instanceof Drain.Compare compare) {
      compare(ring, compare.owners());
    } else if (next instanceof Drain.Done done) {
      release(done.owners());
    } else if (next instanceof Drain.Wait wait) {
      waitFor(wait.waitingFor());
      return free();
    }
    return this;
  }

  private void waitFor(String what) {
    parent.tell(new WaitingFor(what));
  }

  /** Repairs only the owners: what this node lacks nobody needs here. */
  private void compare(Ring ring, SortedSet<NodeId> owners) {
    waitFor("a comparison with " + owners + ", for whom the feeds had to give something up");
    SortedSet<Integer> shards = new TreeSet<>();
    owners.forEach(owner -> shards.addAll(ring.ownedBy(owner)));
    List<NodeId> participants = new ArrayList<>(owners);
    participants.add(around.self().id());
    RunPlan plan =
        new RunPlan(
            "drain-" + around.self().id() + "-" + ring.epoch() + "-" + ++runs,
            ring,
            List.copyOf(shards),
            participants,
            List.copyOf(owners),
            around.settings().answerWithin());
    ActorRef<RunReport> listener =
        getContext().messageAdapter(RunReport.class, report -> new Compared(owners, report));
    getContext()
        .watchWith(
            getContext().spawnAnonymous(around.comparison().of(plan, listener)),
            new ComparisonEnded());
  }

  private Behavior<Command> onCompared(Compared compared) {
    RunReport report = compared.report();
    if (report.state() == RunReport.State.COMPLETED) {
      SortedSet<NodeId> whole =
          report.nodes().stream()
              .filter(row -> row.skipped().isEmpty() && row.shardsUnproven() == 0)
              .map(RunReport.NodeReport::node)
              .collect(Collectors.toCollection(TreeSet::new));
      around.feeds().tell(new Feeds.Reconciled(whole, report.startedAtMillis()));
    } else if (report.state() == RunReport.State.FAILED) {
      waitFor("a comparison with " + compared.owners() + ": " + report.reason());
    }
    return this;
  }

  private void release(SortedSet<NodeId> owners) {
    waitFor("the ring to let this node go");
    RingChange change = new RingChange.Drained(around.self().id(), owners);
    getContext()
        .ask(
            RingProtocol.Outcome.class,
            around.ring(),
            around.settings().proposalWithin(),
            (ActorRef<RingProtocol.Outcome> replyTo) -> new RingProtocol.Propose(change, replyTo),
            Answered::new);
  }

  private Behavior<Command> onAnswered(Answered answered) {
    if (!(answered.outcome() instanceof RingProtocol.Decided)) {
      waitFor("the ring to let this node go: " + reason(answered));
    }
    return free();
  }

  private static String reason(Answered answered) {
    if (answered.outcome() instanceof RingProtocol.Refused refused) {
      return refused.reason();
    }
    return answered.outcome() instanceof RingProtocol.NoMajority none
        ? none.reason()
        : String.valueOf(answered.failure());
  }
}
