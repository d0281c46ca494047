package io.kindred.reconcile.actor;

import io.kindred.membership.ClusterView;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.reconcile.RunLedger;
import io.kindred.reconcile.RunPlan;
import io.kindred.reconcile.RunReport;
import io.kindred.reconcile.RunTally;
import io.kindred.reconcile.actor.ReconcilerProtocol.ListRuns;
import io.kindred.reconcile.actor.ReconcilerProtocol.RunRefused;
import io.kindred.reconcile.actor.ReconcilerProtocol.RunShown;
import io.kindred.reconcile.actor.ReconcilerProtocol.RunStarted;
import io.kindred.reconcile.actor.ReconcilerProtocol.Runs;
import io.kindred.reconcile.actor.ReconcilerProtocol.ShowRun;
import io.kindred.reconcile.actor.ReconcilerProtocol.StartAnswer;
import io.kindred.reconcile.actor.ReconcilerProtocol.StartRun;
import io.kindred.ring.Ring;
import io.kindred.storage.actor.Peers;
import io.kindred.wire.WireMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * The cluster's reconciliation engine: starts runs, one at a time, and remembers the last {@link
 * RunLedger#RUNS_MAX} reports. A cluster singleton on a node of role engine; two at once, while a
 * link is cut, are harmless, since all that a run does ends in merges.
 *
 * <p>Event sourced, under an identity that names the node: journals are a node's own unless all
 * engine nodes share a database, and two engines must not write to one identity. So an engine that
 * takes over on another node begins with that node's own memory, where the journal is not shared. A
 * run that is found unfinished in the journal is closed as FAILED, never resumed: what it merged is
 * merged, and the next run finds the rest.
 */
public final class Reconciler
    extends EventSourcedBehavior<ReconcilerProtocol.Command, Reconciler.Event, RunLedger> {

  /** What is written to the journal. */
  sealed interface Event extends WireMessage {}

  /** A run was begun; {@code report} says how it stood then. */
  record Started(String because, RunReport report) implements Event {}

  /** The run that was going on has ended. */
  record Ended(RunReport report) implements Event {}

  /** Makes runs of plans; the reports go to the given actor. */
  interface Launcher extends BiFunction<RunPlan, ActorRef<RunReport>, Behavior<Run.Command>> {

    /** Told when a run has come to its end, with the ring of that time. */
    default void completed(Ring ring, RunReport report) {}
  }

  private record ViewSeen(ClusterView view) implements ReconcilerProtocol.Command {}

  private record Reported(RunReport report) implements ReconcilerProtocol.Command {}

  private record RunGone(String id) implements ReconcilerProtocol.Command {}

  private enum CloseUnfinished implements ReconcilerProtocol.Command {
    CLOSE_UNFINISHED
  }

  private enum Leave implements ReconcilerProtocol.Command {
    LEAVE
  }

  private static final String ENGINE_STOPPED = "engine stopped";
  private static final String NAME = "reconciler";
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

  // Reports of all runs must fit one message: a node's row is about 200 bytes, a frame 256 KiB.
  private static final int LISTED_ROWS_MAX = 400;

  private final ActorContext<ReconcilerProtocol.Command> context;
  private final String nodeName;
  private final Launcher launcher;
  private final Duration answerWithin;
  private Optional<Ring> ring = Optional.empty();
  // Of the run that is going on; not in the journal.
  private Optional<RunReport> progress = Optional.empty();

  /**
   * Starts the singleton, or where this node is not the one that runs it, a way to reach it.
   *
   * @param nodeName this node's, for the identity of its journal
   * @param ring this node's ring keeper
   * @param answerWithin how long a node may take for one answer in a run
   */
  public static ActorRef<ReconcilerProtocol.Command> init(
      ActorSystem<?> system,
      String nodeName,
      ActorRef<RingProtocol.Command> ring,
      Peers peers,
      Duration answerWithin) {
    Launcher launcher = new ClusterLauncher(peers);
    return ClusterSingleton.get(system)
        .init(
            SingletonActor.of(create(nodeName, ring, launcher, answerWithin), NAME)
                .withStopMessage(Leave.LEAVE)
                .withSettings(ClusterSingletonSettings.create(system).withRole("engine")));
  }

  static Behavior<ReconcilerProtocol.Command> create(
      String nodeName,
      ActorRef<RingProtocol.Command> ring,
      Launcher launcher,
      Duration answerWithin) {
    return Behaviors.setup(
        context -> {
          ring.tell(
              new RingProtocol.Subscribe(context.messageAdapter(ClusterView.class, ViewSeen::new)));
          return new Reconciler(context, nodeName, launcher, answerWithin);
        });
  }

  private Reconciler(
      ActorContext<ReconcilerProtocol.Command> context,
      String nodeName,
      Launcher launcher,
      Duration answerWithin) {
    super(
        PersistenceId.ofUniqueId(NAME + "-" + nodeName),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(30), 0.1));
    this.context = context;
    this.nodeName = nodeName;
    this.launcher = launcher;
    this.answerWithin = answerWithin;
  }

  @Override
  public RunLedger emptyState() {
    return RunLedger.empty();
  }

  @Override
  public CommandHandler<ReconcilerProtocol.Command, Event, RunLedger> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(StartRun.class, this::onStartRun)
        .onCommand(ListRuns.class, this::onListRuns)
        .onCommand(ShowRun.class, this::onShowRun)
        .onCommand(ViewSeen.class, this::onViewSeen)
        .onCommand(Reported.class, this::onReported)
        .onCommand(RunGone.class, this::onRunGone)
        .onCommand(CloseUnfinished.class, (ledger, close) -> closeUnfinished(ledger))
        .onCommand(Leave.class, (ledger, leave) -> onLeave())
        .build();
  }

  @Override
  public EventHandler<RunLedger, Event> eventHandler() {
    return newEventHandlerBuilder()
        .forAnyState()
        .onEvent(Started.class, (ledger, e) -> ledger.started(e.because(), e.report()))
        .onEvent(Ended.class, (ledger, e) -> ledger.ended(e.report()))
        .build();
  }

  @Override
  public SignalHandler<RunLedger> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(
            RecoveryCompleted.instance(),
            ledger -> {
              // The same object is begun again where the journal failed, maybe with a run that
              // was never launched.
              progress = Optional.empty();
              context.getSelf().tell(CloseUnfinished.CLOSE_UNFINISHED);
            })
        .build();
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    // Two events a run; the state is about as large as the last hundred of them.
    return RetentionCriteria.snapshotEvery(200, 1).withDeleteEventsOnSnapshot();
  }

  private Effect<Event, RunLedger> onStartRun(RunLedger ledger, StartRun start) {
    if (progress.isPresent()) {
      return answer(start.replyTo(), new RunStarted(progress.get(), false));
    }
    if (ring.isEmpty()) {
      return answer(start.replyTo(), new RunRefused("the cluster has not formed yet"));
    }
    long now = System.currentTimeMillis();
    String id = ID.format(Instant.ofEpochMilli(now)) + "-" + nodeName;
    RunPlan plan =
        start.among().isEmpty()
            ? RunPlan.ofAllOwners(id, ring.get(), answerWithin)
            : RunPlan.among(start.among(), id, ring.get(), answerWithin);
    if (plan.shards().isEmpty()) {
      return answer(
          start.replyTo(), new RunRefused(start.among() + " own no shard in common any more"));
    }
    RunReport first = new RunTally(plan, now).report(RunReport.State.RUNNING, now, "");
    progress = Optional.of(first);
    List<Event> events = new ArrayList<>();
    // Of a life before this one, whose closing still waits behind this very question.
    ledger.running().ifPresent(e -> events.add(new Ended(e.report().failed(ENGINE_STOPPED))));
    events.add(new Started(start.because(), first));
    return Effect()
        .persist(events)
        .thenRun(
            next -> {
              launch(plan);
              start.replyTo().tell(new RunStarted(first, true));
            });
  }

  private void launch(RunPlan plan) {
    context.getLog().info("run {} begins", plan.id());
    ActorRef<Run.Command> run =
        context.spawnAnonymous(
            launcher.apply(plan, context.messageAdapter(RunReport.class, Reported::new)));
    context.watchWith(run, new RunGone(plan.id()));
  }

  private Effect<Event, RunLedger> answer(ActorRef<StartAnswer> to, StartAnswer answer) {
    to.tell(answer);
    return Effect().none();
  }

  private Effect<Event, RunLedger> onListRuns(RunLedger ledger, ListRuns list) {
    List<RunReport> reports = new ArrayList<>();
    int rows = 0;
    for (int i = ledger.runs().size() - 1; i >= 0 && rows < LISTED_ROWS_MAX; i--) {
      RunReport report = newest(ledger.runs().get(i));
      rows += report.nodes().size();
      reports.add(report);
    }
    list.replyTo().tell(new Runs(reports));
    return Effect().none();
  }

  private Effect<Event, RunLedger> onShowRun(RunLedger ledger, ShowRun show) {
    Optional<RunLedger.Entry> found = ledger.find(show.id());
    show.replyTo()
        .tell(
            new RunShown(
                found.map(RunLedger.Entry::because).orElse(""),
                found.map(entry -> List.of(newest(entry))).orElse(List.of())));
    return Effect().none();
  }

  private RunReport newest(RunLedger.Entry entry) {
    return progress.filter(p -> p.id().equals(entry.report().id())).orElse(entry.report());
  }

  private Effect<Event, RunLedger> onViewSeen(RunLedger ledger, ViewSeen seen) {
    ring = seen.view().ring();
    return Effect().none();
  }

  private Effect<Event, RunLedger> onReported(RunLedger ledger, Reported reported) {
    RunReport report = reported.report();
    if (!progress.map(RunReport::id).equals(Optional.of(report.id()))) {
      return Effect().none();
    }
    if (report.state() == RunReport.State.RUNNING) {
      progress = Optional.of(report);
      return Effect().none();
    }
    return end(report);
  }

  private Effect<Event, RunLedger> onRunGone(RunLedger ledger, RunGone gone) {
    return progress.map(RunReport::id).equals(Optional.of(gone.id()))
        ? end(progress.get().failed("the run failed; the engine's log says why"))
        : Effect().none();
  }

  private Effect<Event, RunLedger> end(RunReport report) {
    progress = Optional.empty();
    context.getLog().info("run {} {} {}", report.id(), report.state(), report.reason());
    if (report.state() == RunReport.State.COMPLETED) {
      ring.ifPresent(known -> launcher.completed(known, report));
    }
    return Effect().persist(new Ended(report));
  }

  /** Ends what an earlier life of this engine left open; a run of this life goes on. */
  private Effect<Event, RunLedger> closeUnfinished(RunLedger ledger) {
    Optional<RunLedger.Entry> open = ledger.running();
    return open.isPresent() && progress.isEmpty()
        ? Effect().persist(new Ended(open.get().report().failed(ENGINE_STOPPED)))
        : Effect().none();
  }

  private Effect<Event, RunLedger> onLeave() {
    Optional<RunReport> open = progress;
    progress = Optional.empty();
    return open.isPresent()
        ? Effect().persist(new Ended(open.get().failed(ENGINE_STOPPED))).thenStop()
        : Effect().stop();
  }
}
