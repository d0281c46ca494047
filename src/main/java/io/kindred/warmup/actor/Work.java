package io.kindred.warmup.actor;

import io.kindred.membership.ClusterView;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.reconcile.RunPlan;
import io.kindred.reconcile.RunReport;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Shards;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.warmup.Claim;
import io.kindred.warmup.Proof;
import io.kindred.warmup.WarmUpAction;
import io.kindred.warmup.WarmUpEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The children that do what a phase is there for. Each piece of work has a number, which rises when
 * the phase is left: late word of work that was stopped is known as such.
 */
final class Work {

  /** Is told what the work of a number finds. */
  @FunctionalInterface
  interface Listener {
    void found(int number, Finding finding);
  }

  private final ActorContext<?> context;
  private final Surroundings around;
  private final Board board;
  private final Listener listener;
  private final List<ActorRef<?>> children = new ArrayList<>();
  private Consumer<ClusterView> viewer = view -> {};
  private int number;
  private int runs;

  Work(ActorContext<?> context, Surroundings around, Board board, Listener listener) {
    this.context = context;
    this.around = around;
    this.board = board;
    this.listener = listener;
  }

  /** The number of the work that counts now. */
  int number() {
    return number;
  }

  /** Ends whatever is under way. */
  void stop() {
    number++;
    children.forEach(context::stop);
    children.clear();
    viewer = view -> {};
  }

  /** Tells whoever is at work of a newer view. */
  void view(ClusterView view) {
    viewer.accept(view);
  }

  /** Does what a step asks for; all but the pause before another comparison. */
  void carryOut(WarmUpAction action, KeptState kept, ClusterView view) {
    if (action instanceof WarmUpAction.StopWork) {
      stop();
    } else if (action instanceof WarmUpAction.Announce announce) {
      around.ring().tell(new RingProtocol.AnnouncePhase(announce.phase()));
    } else if (action instanceof WarmUpAction.OpenFeeds open) {
      board.begin(System.currentTimeMillis());
      openFeeds(open.claim(), view, opened -> new Finding.Event(new WarmUpEvent.FeedsOpened()));
    } else if (action instanceof WarmUpAction.CatchUp catchUp) {
      board.begin(System.currentTimeMillis());
      catchUp(catchUp.claim(), view);
    } else if (action instanceof WarmUpAction.Stream stream) {
      stream(stream.claim(), kept.streamed(), view);
    } else if (action instanceof WarmUpAction.Verify verify) {
      verify(verify.claim(), view);
    } else if (action instanceof WarmUpAction.Serve serve) {
      around.node().tell(new NodeProtocol.Serve(serve.claim().shards()));
    } else if (action instanceof WarmUpAction.StopServing) {
      around.node().tell(new NodeProtocol.Serve(Collections.emptySortedSet()));
    } else if (action instanceof WarmUpAction.DrainLog) {
      drain(view);
    } else if (action instanceof WarmUpAction.StartOver) {
      around.leaving().tell(new WarmUpProtocol.StartOver());
    } else if (action instanceof WarmUpAction.Leave) {
      long epoch = view.ring().orElseThrow().epoch();
      around.leaving().tell(new WarmUpProtocol.Forgotten(around.self().id(), epoch));
    }
  }

  private void openFeeds(
      Claim claim, ClusterView view, Function<FeedsOpening.Opened, Finding> reading) {
    ActorRef<FeedsOpening.Command> child =
        start(
            (ActorRef<FeedsOpening.Report> parent) ->
                FeedsOpening.create(claim, view, around, parent),
            report ->
                report instanceof FeedsOpening.WaitingFor waiting
                    ? new Finding.Waiting(
                        "the feeds of " + waiting.owners() + " by the newest ring")
                    : reading.apply((FeedsOpening.Opened) report));
    viewer = newer -> child.tell(new FeedsOpening.Viewed(newer));
  }

  private void catchUp(Claim claim, ClusterView view) {
    ActorRef<CatchingUp.Command> child =
        start(
            (ActorRef<CatchingUp.Report> parent) -> CatchingUp.create(claim, view, around, parent),
            report ->
                report instanceof CatchingUp.CaughtUp caughtUp
                    ? new Finding.Event(new WarmUpEvent.FeedsCaughtUp(caughtUp.how()))
                    : new Finding.Waiting("the feeds of " + ((CatchingUp.Behind) report).owners()));
    viewer = newer -> child.tell(new CatchingUp.Viewed(newer));
  }

  private void drain(ClusterView view) {
    ActorRef<Draining.Command> child =
        start(
            (ActorRef<Draining.WaitingFor> parent) -> Draining.create(view, around, parent),
            waiting -> new Finding.Waiting(waiting.what()));
    viewer = newer -> child.tell(new Draining.Viewed(newer));
  }

  private void stream(Claim claim, SortedSet<Integer> streamed, ClusterView view) {
    SortedSet<Integer> wanted = new TreeSet<>(claim.shards());
    wanted.removeAll(streamed);
    Shards dealt = view.ring().orElseThrow().shards();
    board.stream(claim, wanted.size(), dealt, System.currentTimeMillis());
    ActorRef<Streaming.Command> child =
        start(
            (ActorRef<Streaming.Report> parent) -> Streaming.create(wanted, view, around, parent),
            Work::reading);
    viewer = newer -> child.tell(new Streaming.Viewed(newer));
  }

  private static Finding reading(Streaming.Report report) {
    if (report instanceof Streaming.ShardDone done) {
      return new Finding.Event(new WarmUpEvent.ShardStreamed(done.shard()));
    }
    if (report instanceof Streaming.Lost lost) {
      return new Finding.Event(new WarmUpEvent.SourceLost(lost.source(), lost.reason()));
    }
    if (report instanceof Streaming.StoreFailed failed) {
      return new Finding.Event(new WarmUpEvent.StoreBroken(failed.reason()));
    }
    if (report instanceof Streaming.AllDone) {
      return new Finding.Event(new WarmUpEvent.AllStreamed());
    }
    return report instanceof Streaming.NoSource none
        ? new Finding.Waiting("a source for shard " + none.shard())
        : new Finding.Counted(report);
  }

  /**
   * Sees to it that the owners in reach feed this node, if they are enough for a proof: with fewer
   * a comparison could not count, and each one that does not answer costs it its deadline. {@link
   * Finding.Fed} says when to {@link #compare}: what an owner accepts before it feeds this node may
   * be behind what is compared.
   */
  void verify(Claim claim, ClusterView view) {
    if (sufficient(claim, view, view.reachable(), "out of reach: ")) {
      openFeeds(claim, view, opened -> new Finding.Fed(opened.feeding()));
    }
  }

  /** Whether a proof can be had with these owners; tells whom it lacks where it cannot. */
  private boolean sufficient(
      Claim claim, ClusterView view, Set<NodeId> takingPart, String whyNotOthers) {
    SortedSet<NodeId> lacking =
        Proof.lacking(
            view.ring().orElseThrow(), around.self().rack(), claim.shards(), takingPart::contains);
    if (!lacking.isEmpty()) {
      String waitingFor = whyNotOthers + lacking;
      listener.found(number, new Finding.Event(new WarmUpEvent.ProofLacking(waitingFor)));
    }
    return lacking.isEmpty();
  }

  /**
   * Compares with the owners in reach that feed this node, if they are enough for a proof still:
   * the view is newer than the one by which they were awaited, and who came into reach since then
   * was not.
   */
  void compare(Claim claim, ClusterView view, Set<NodeId> feeding) {
    Ring ring = view.ring().orElseThrow();
    SortedSet<NodeId> others = Proof.others(ring, around.self().rack(), claim.shards());
    others.retainAll(view.reachable());
    others.retainAll(feeding);
    if (!sufficient(claim, view, others, "out of reach, or not known to feed this node: ")) {
      return;
    }
    if (Proof.others(ring, around.self().rack(), claim.shards()).isEmpty()) {
      listener.found(number, new Finding.Event(new WarmUpEvent.ProofGiven(0)));
      return;
    }
    List<NodeId> participants = new ArrayList<>(others);
    participants.add(around.self().id());
    RunPlan plan =
        new RunPlan(
            "warm-up-" + around.self().id() + "-" + ring.epoch() + "-" + ++runs,
            ring,
            List.copyOf(claim.shards()),
            participants,
            // All are repaired: what a lost owner had fed to some of them only comes to the others
            // now, since nobody sends on what he did not accept himself.
            participants,
            around.settings().answerWithin());
    start(
        (ActorRef<RunReport> parent) -> around.comparison().of(plan, parent),
        report ->
            report.state() == RunReport.State.RUNNING
                ? new Finding.Comparing(report)
                : new Finding.Compared(ring, report));
  }

  private <R, C> ActorRef<C> start(
      Function<ActorRef<R>, ? extends Behavior<? extends C>> work, Function<R, Finding> reading) {
    int own = number;
    ActorRef<R> relay =
        context.spawnAnonymous(
            Behaviors.receiveMessage(
                report -> {
                  listener.found(own, reading.apply(report));
                  return Behaviors.same();
                }));
    @SuppressWarnings("unchecked") // a comparison's own messages are nobody's here
    Behavior<C> behavior = (Behavior<C>) work.apply(relay);
    ActorRef<C> child =
        context.spawnAnonymous(
            Behaviors.supervise(behavior)
                .onFailure(
                    SupervisorStrategy.restartWithBackoff(
                        around.settings().retryAfter(),
                        around.settings().retryAfter().plus(Duration.ofSeconds(10)),
                        0.2)));
    children.add(relay);
    children.add(child);
    return child;
  }
}
