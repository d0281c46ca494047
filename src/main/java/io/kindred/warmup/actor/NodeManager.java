package io.kindred.warmup.actor;

import io.kindred.membership.ClusterView;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.reconcile.actor.Run;
import io.kindred.replication.actor.Feeds;
import io.kindred.ring.Member;
import io.kindred.ring.Phase;
import io.kindred.ring.RingChange;
import io.kindred.storage.actor.LocalShards;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.Peers;
import io.kindred.warmup.Claim;
import io.kindred.warmup.Outlook;
import io.kindred.warmup.WarmUp;
import io.kindred.warmup.WarmUpAction;
import io.kindred.warmup.WarmUpEvent;
import io.kindred.warmup.actor.WarmUpProtocol.Command;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.state.RecoveryCompleted;
import org.apache.pekko.persistence.typed.state.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.state.javadsl.DurableStateBehavior;
import org.apache.pekko.persistence.typed.state.javadsl.Effect;
import org.apache.pekko.persistence.typed.state.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.state.javadsl.SignalHandler;
import org.slf4j.event.Level;

/**
 * Carries one node's warm-up out. Decides nothing: {@link WarmUp} says what follows what, {@link
 * Outlook} what a view of the cluster, or a comparison, means. Stores each step before acting.
 */
public final class NodeManager extends DurableStateBehavior<Command, KeptState> {

  private record Viewed(ClusterView view) implements Command {}

  private record Found(int work, Finding finding) implements Command {}

  private record VerifyNow(int work) implements Command {}

  private enum Turn implements Command {
    BEGIN,
    LOOK,
    RETRY,
    ALONE
  }

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Surroundings around;
  private final Proposals proposals;
  private final Work work;
  private final Board board;
  private Optional<ClusterView> view = Optional.empty();
  private boolean begun;

  /**
   * A node's manager.
   *
   * @param self the node as it stands, or is to stand, in the ring
   * @param ring its ring keeper
   * @param node its Node actor
   * @param feeds its feeds
   * @param leaving the guardian, to be told when the node cannot go on as the one it is
   */
  public static Behavior<Command> create(
      Member self,
      ActorRef<RingProtocol.Command> ring,
      ActorRef<NodeProtocol.Command> node,
      LocalShards shards,
      ActorRef<Feeds.Command> feeds,
      ActorRef<WarmUpProtocol.Leaving> leaving,
      Peers peers,
      WarmUpSettings settings) {
    return create(
        new Surroundings(
            self,
            ring,
            node,
            shards,
            feeds,
            leaving,
            peers::node,
            (plan, listener) -> Run.create(plan, peers, listener),
            settings));
  }

  static Behavior<Command> create(Surroundings around) {
    Behavior<Command> manager =
        Behaviors.setup(
            context -> Behaviors.withTimers(timers -> new NodeManager(context, timers, around)));
    // An illegal move is a bug; a fresh start from STANDBY is right after it, whatever it was.
    return Behaviors.supervise(manager).onFailure(backoff());
  }

  private static BackoffSupervisorStrategy backoff() {
    return SupervisorStrategy.restartWithBackoff(
        Duration.ofMillis(200), Duration.ofSeconds(10), 0.2);
  }

  private NodeManager(
      ActorContext<Command> context, TimerScheduler<Command> timers, Surroundings around) {
    super(PersistenceId.of("warm-up", around.self().id().toString()), backoff());
    this.context = context;
    this.timers = timers;
    this.around = around;
    this.board = new Board(around.self());
    this.proposals = new Proposals(context, around);
    ActorRef<Command> self = context.getSelf();
    this.work =
        new Work(
            context, around, board, (number, finding) -> self.tell(new Found(number, finding)));
  }

  @Override
  public KeptState emptyState() {
    return KeptState.EMPTY;
  }

  @Override
  public SignalHandler<KeptState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.class, (state, done) -> context.getSelf().tell(Turn.BEGIN))
        .build();
  }

  @Override
  public CommandHandler<Command, KeptState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Turn.class, this::onTurn)
        .onCommand(Viewed.class, this::onViewed)
        .onCommand(Found.class, this::onFound)
        .onCommand(Proposals.Undecided.class, this::onUndecided)
        .onCommand(Proposals.Done.class, this::onDecided)
        .onCommand(VerifyNow.class, this::onVerifyNow)
        .onCommand(WarmUpProtocol.GetProgress.class, this::onGetProgress)
        .onCommand(WarmUpProtocol.Cancel.class, this::onCancel)
        .onCommand(WarmUpProtocol.BeginAgain.class, this::onBeginAgain)
        .build();
  }

  private Effect<KeptState> onTurn(KeptState state, Turn turn) {
    return switch (turn) {
      case BEGIN -> onBegin(state);
      case LOOK -> look(state);
      case ALONE ->
          Outlook.isAlone(state.warmUp(), view.orElseThrow())
              ? move(state, new WarmUpEvent.LeftAlone())
              : Effect().none();
      case RETRY -> {
        proposals.mayAsk();
        yield look(state);
      }
    };
  }

  private Effect<KeptState> onBegin(KeptState state) {
    begun = true;
    proposals.answered();
    proposals.mayAsk();
    work.stop();
    return Effect()
        .persist(state.started(now()))
        .thenRun(
            () -> {
              context.getLog().info("warm-up: starts at STANDBY, was {}", state.warmUp().phase());
              board.moved();
              around.node().tell(new NodeProtocol.Serve(Collections.emptySortedSet()));
              around.ring().tell(new RingProtocol.AnnouncePhase(Phase.STANDBY));
              around
                  .ring()
                  .tell(
                      new RingProtocol.Subscribe(
                          context.messageAdapter(ClusterView.class, Viewed::new)));
              timers.startTimerWithFixedDelay(Turn.RETRY, around.settings().retryAfter());
            });
  }

  private Effect<KeptState> onViewed(KeptState state, Viewed viewed) {
    view = Optional.of(viewed.view());
    work.view(viewed.view());
    return look(state);
  }

  /** Sees what the newest view means, and asks the ring for what is to be asked. */
  private Effect<KeptState> look(KeptState state) {
    if (!begun || view.isEmpty()) {
      return Effect().none();
    }
    listenForOthers(state);
    Optional<WarmUpEvent> event = Outlook.event(state.warmUp(), view.get());
    if (event.isPresent()) {
      return move(state, event.get());
    }
    Outlook.proposal(state.warmUp(), view.get())
        .ifPresent(change -> proposals.ask(change, work.number()));
    return Effect().none();
  }

  /** Where an operator allows a stale start: whether nobody is there for as long as that takes. */
  private void listenForOthers(KeptState state) {
    boolean alone =
        state.warmUp().phase() == Phase.VERIFYING && Outlook.isAlone(state.warmUp(), view.get());
    if (!alone || around.settings().staleStart().isEmpty()) {
      timers.cancel(Turn.ALONE);
    } else if (!timers.isTimerActive(Turn.ALONE)) {
      timers.startSingleTimer(Turn.ALONE, around.settings().staleStart().get());
    }
  }

  private Effect<KeptState> onDecided(KeptState state, Proposals.Done done) {
    proposals.answered();
    return Effect().none();
  }

  /** What was not decided is asked again at the next turn. */
  private Effect<KeptState> onUndecided(KeptState state, Proposals.Undecided undecided) {
    proposals.answered();
    if (undecided.work() == work.number() && undecided.change() instanceof RingChange.Promote) {
      return move(state, new WarmUpEvent.RingUndecided(undecided.reason()));
    }
    board.waitFor("the ring, for " + undecided.change() + ": " + undecided.reason());
    return Effect().none();
  }

  private Effect<KeptState> onFound(KeptState state, Found found) {
    if (found.work() != work.number()) {
      return Effect().none();
    }
    Finding finding = found.finding();
    if (finding instanceof Finding.Event event) {
      return move(state, event.event());
    }
    if (finding instanceof Finding.Compared compared) {
      Claim claim = state.warmUp().claim().orElseThrow();
      return move(
          state, Outlook.judge(claim, compared.ring(), view.orElseThrow(), compared.report()));
    }
    if (finding instanceof Finding.Fed fed) {
      work.compare(state.warmUp().claim().orElseThrow(), view.orElseThrow(), fed.feeding());
    } else if (finding instanceof Finding.Waiting waiting) {
      board.waitFor(waiting.waitingFor());
    } else if (finding instanceof Finding.Counted counted) {
      board.count(counted.report(), now());
    }
    return Effect().none();
  }

  /** The one place where the state changes: stored first, then told, then acted upon. */
  private EffectBuilder<KeptState> move(KeptState state, WarmUpEvent event) {
    WarmUp.Step step = state.warmUp().on(event);
    KeptState next = state.after(step, event, now());
    EffectBuilder<KeptState> effect = next.equals(state) ? Effect().none() : Effect().persist(next);
    return effect.thenRun(() -> moved(state.warmUp().phase(), step, event, next));
  }

  private void moved(Phase from, WarmUp.Step step, WarmUpEvent event, KeptState kept) {
    Phase to = step.next().phase();
    boolean routine = event instanceof WarmUpEvent.ShardStreamed;
    context
        .getLog()
        .atLevel(routine ? Level.DEBUG : Level.INFO)
        .log("warm-up: {} -> {} on {}: {}", from, to, event, step.because());
    if (to == Phase.STALE) {
      context
          .getLog()
          .warn(
              "STALE: serves what its disk has, unproven, as kindred.ring.allow-stale-start says;"
                  + " the other racks may hold newer writes");
    }
    if (from != to) {
      board.moved();
      proposals.mayAsk();
    }
    board.note(event);
    for (WarmUpAction action : step.actions()) {
      if (action instanceof WarmUpAction.VerifyAgain) {
        Duration pause = around.settings().retryAfter();
        timers.startSingleTimer(new VerifyNow(work.number()), pause);
      } else {
        work.carryOut(action, kept, view.orElseThrow());
      }
    }
    context.getSelf().tell(Turn.LOOK);
  }

  private Effect<KeptState> onVerifyNow(KeptState state, VerifyNow verify) {
    if (verify.work() == work.number()) {
      Claim claim = state.warmUp().claim().orElseThrow();
      work.carryOut(new WarmUpAction.Verify(claim), state, view.orElseThrow());
    }
    return Effect().none();
  }

  private Effect<KeptState> onGetProgress(KeptState state, WarmUpProtocol.GetProgress get) {
    get.replyTo().tell(board.progress(state, now()));
    return Effect().none();
  }

  private Effect<KeptState> onCancel(KeptState state, WarmUpProtocol.Cancel cancel) {
    boolean underWay =
        switch (state.warmUp().phase()) {
          case STREAMING, VERIFYING, PROMOTING -> begun;
          case STANDBY, MASTER, STALE, DRAINING, EMPTYING, FAILED -> false;
        };
    EffectBuilder<KeptState> effect =
        underWay ? move(state, new WarmUpEvent.Cancelled()) : Effect().none();
    return effect.thenRun(after -> cancel.replyTo().tell(board.progress(after, now())));
  }

  private Effect<KeptState> onBeginAgain(KeptState state, WarmUpProtocol.BeginAgain again) {
    EffectBuilder<KeptState> effect =
        begun && state.warmUp().phase() == Phase.FAILED
            ? move(state, new WarmUpEvent.BeginAgain())
            : Effect().none();
    return effect.thenRun(after -> again.replyTo().tell(board.progress(after, now())));
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
