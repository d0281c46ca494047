package io.kindred.reconcile.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.kindred.membership.ClusterView;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.reconcile.RunPlan;
import io.kindred.reconcile.RunReport;
import io.kindred.reconcile.RunReport.State;
import io.kindred.reconcile.actor.ReconcilerProtocol.ListRuns;
import io.kindred.reconcile.actor.ReconcilerProtocol.RunRefused;
import io.kindred.reconcile.actor.ReconcilerProtocol.RunShown;
import io.kindred.reconcile.actor.ReconcilerProtocol.RunStarted;
import io.kindred.reconcile.actor.ReconcilerProtocol.Runs;
import io.kindred.reconcile.actor.ReconcilerProtocol.ShowRun;
import io.kindred.reconcile.actor.ReconcilerProtocol.StartAnswer;
import io.kindred.reconcile.actor.ReconcilerProtocol.StartRun;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Seat;
import io.kindred.ring.Shards;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconcilerTest {

  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);

  /** A run as it was launched: a test plays its part. */
  private record Launched(RunPlan plan, ActorRef<RunReport> listener, ActorRef<Run.Command> run) {
    void report(State state) {
      listener.tell(
          new RunReport(plan.id(), state, 1, 2, 3, 4, 5, 6, 7, 8, 9, List.of(), 10, 11, ""));
    }
  }

  private ActorTestKit kit;
  private TestProbe<RingProtocol.Command> ring;
  private TestProbe<Launched> launched;
  private TestProbe<StartAnswer> answers;
  private TestProbe<Runs> lists;
  private TestProbe<RunShown> shown;

  @BeforeEach
  void start() {
    kit =
        ActorTestKit.create(
            EventSourcedBehaviorTestKit.config()
                .withFallback(ConfigFactory.load("application-test")));
    ring = kit.createTestProbe();
    launched = kit.createTestProbe();
    answers = kit.createTestProbe();
    lists = kit.createTestProbe();
    shown = kit.createTestProbe();
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void aRunCoversAllOwnersOfAllShards() {
    ActorRef<ReconcilerProtocol.Command> engine = engineWithRing();

    RunStarted started = startRun(engine);
    Launched run = launched.receiveMessage();

    assertThat(started.anew()).isTrue();
    assertThat(started.report().state()).isEqualTo(State.RUNNING);
    assertThat(started.report().shardsAll()).isEqualTo(4);
    assertThat(run.plan().id()).isEqualTo(started.report().id());
    assertThat(run.plan().participants()).containsExactly(A, B);
    assertThat(run.plan().targets()).containsExactly(A, B);
    assertThat(run.plan().shards()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void whoAsksWhileARunGoesOnIsToldOfThatOne() {
    ActorRef<ReconcilerProtocol.Command> engine = engineWithRing();
    RunStarted first = startRun(engine);
    launched.receiveMessage();

    RunStarted second = startRun(engine);

    assertThat(second.anew()).isFalse();
    assertThat(second.report().id()).isEqualTo(first.report().id());
    launched.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void progressIsShownAndTheReportIsRemembered() {
    ActorRef<ReconcilerProtocol.Command> engine = engineWithRing();
    String id = startRun(engine).report().id();
    Launched run = launched.receiveMessage();

    run.report(State.RUNNING);
    assertThat(show(engine, id).report()).map(RunReport::shardsDone).containsExactly(3);
    assertThat(show(engine, id).because()).isEqualTo("a test");

    run.report(State.COMPLETED);
    assertThat(list(engine)).extracting(RunReport::state).containsExactly(State.COMPLETED);
    assertThat(show(engine, "other").report()).isEmpty();

    kit.stop(engine);
    assertThat(list(engineWithRing())).extracting(RunReport::id).containsExactly(id);
  }

  @Test
  void afterARunAnotherCanBeStartedAndIsListedFirst() {
    ActorRef<ReconcilerProtocol.Command> engine = engineWithRing();
    String first = startRun(engine).report().id();
    launched.receiveMessage().report(State.COMPLETED);
    assertThat(list(engine)).hasSize(1);

    RunStarted second = startRun(engine);

    assertThat(second.anew()).isTrue();
    assertThat(list(engine)).extracting(RunReport::id).containsExactly(second.report().id(), first);
  }

  @Test
  void aRunFoundUnfinishedIsClosedAndNotResumed() {
    ActorRef<ReconcilerProtocol.Command> engine = engineWithRing();
    startRun(engine);
    launched.receiveMessage();
    kit.stop(engine);

    ActorRef<ReconcilerProtocol.Command> next = engineWithRing();

    assertThat(startRun(next).anew()).isTrue();
    List<RunReport> reports = list(next);
    assertThat(reports).extracting(RunReport::state).containsExactly(State.RUNNING, State.FAILED);
    assertThat(reports.get(1).reason()).isEqualTo("engine stopped");
    launched.receiveMessage();
    launched.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void aRunWhoseActorDiesIsClosed() {
    ActorRef<ReconcilerProtocol.Command> engine = engineWithRing();
    String id = startRun(engine).report().id();

    launched.receiveMessage().run().tell(Run.Stop.STOP);

    answers.awaitAssert(
        () -> {
          assertThat(show(engine, id).report()).map(RunReport::state).containsExactly(State.FAILED);
          return null;
        });
  }

  @Test
  void withoutARingNothingIsStarted() {
    ActorRef<ReconcilerProtocol.Command> engine = engine();
    ActorRef<ClusterView> views =
        ring.expectMessageClass(RingProtocol.Subscribe.class).subscriber();
    views.tell(view(Optional.empty()));

    engine.tell(new StartRun("a test", answers.ref()));

    assertThat(answers.expectMessageClass(RunRefused.class).reason()).contains("not formed");
  }

  private ActorRef<ReconcilerProtocol.Command> engine() {
    return kit.spawn(
        Reconciler.create(
            "a", ring.ref(), (plan, listener) -> playedRun(plan, listener), Duration.ofSeconds(1)));
  }

  private Behavior<Run.Command> playedRun(RunPlan plan, ActorRef<RunReport> listener) {
    return Behaviors.setup(
        context -> {
          launched.ref().tell(new Launched(plan, listener, context.getSelf()));
          return Behaviors.receive(Run.Command.class)
              .onMessage(Run.Stop.class, stop -> Behaviors.stopped())
              .build();
        });
  }

  private ActorRef<ReconcilerProtocol.Command> engineWithRing() {
    ActorRef<ReconcilerProtocol.Command> engine = engine();
    ring.expectMessageClass(RingProtocol.Subscribe.class)
        .subscriber()
        .tell(view(Optional.of(ring())));
    return engine;
  }

  private RunStarted startRun(ActorRef<ReconcilerProtocol.Command> engine) {
    engine.tell(new StartRun("a test", answers.ref()));
    return answers.expectMessageClass(RunStarted.class);
  }

  private List<RunReport> list(ActorRef<ReconcilerProtocol.Command> engine) {
    engine.tell(new ListRuns(lists.ref()));
    return lists.receiveMessage().reports();
  }

  private RunShown show(ActorRef<ReconcilerProtocol.Command> engine, String id) {
    engine.tell(new ShowRun(id, shown.ref()));
    return shown.receiveMessage();
  }

  private static ClusterView view(Optional<Ring> ring) {
    return new ClusterView(member(A, "r1"), ring, Map.of(), Set.of(A));
  }

  private static Ring ring() {
    TreeMap<String, List<Seat>> seats = new TreeMap<>();
    seats.put("r1", Collections.nCopies(4, Seat.of(A)));
    seats.put("r2", Collections.nCopies(4, Seat.of(B)));
    return new Ring(
        7, 1, "dc", new Shards(4), List.of(member(A, "r1"), member(B, "r2")), List.of(), seats);
  }

  private static Member member(NodeId id, String rack) {
    return new Member(id, rack, "127.0.0.1", 1, 2, 3);
  }
}
