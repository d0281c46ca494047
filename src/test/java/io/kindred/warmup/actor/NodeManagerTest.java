package io.kindred.warmup.actor;

import static io.kindred.ring.Phase.FAILED;
import static io.kindred.ring.Phase.MASTER;
import static io.kindred.ring.Phase.PROMOTING;
import static io.kindred.ring.Phase.STALE;
import static io.kindred.ring.Phase.STANDBY;
import static io.kindred.ring.Phase.STREAMING;
import static io.kindred.ring.Phase.VERIFYING;
import static io.kindred.warmup.actor.Stage.ONE;
import static io.kindred.warmup.actor.Stage.OWNER;
import static io.kindred.warmup.actor.Stage.SELF;
import static io.kindred.warmup.actor.Stage.SHARDS;
import static io.kindred.warmup.actor.Stage.THREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kindred.entry.Element;
import io.kindred.reconcile.RunReport;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.warmup.Progress;
import io.kindred.warmup.Rings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodeManagerTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Set<Integer> ALL_SHARDS = Set.of(0, 1, 2, 3);

  private Stage stage = new Stage(Stage.strings(20, 100), true);

  @AfterEach
  void close() {
    stage.close();
  }

  private Progress until(Phase phase) {
    await().atMost(SOON).until(() -> stage.progress().phase() == phase);
    return stage.progress();
  }

  /** The fakes write down what they are told in their own threads. */
  private static void eventually(ThrowingRunnable holds) {
    await().atMost(SOON).untilAsserted(holds);
  }

  private List<Phase> movesOf(Progress progress) {
    return progress.history().stream().map(Progress.Move::to).toList();
  }

  @Test
  void anEmptyReplacementTakesTheWholeRoad() {
    stage.form(true);
    stage.start();
    stage.proveAtOnce();
    Progress progress = until(MASTER);
    assertThat(stage.proposed)
        .containsSequence(
            new RingChange.Join(SELF, false),
            new RingChange.Succeed(OWNER, SELF.id()),
            new RingChange.Promote(SELF.id()));
    assertThat(stage.merged).containsExactlyInAnyOrderElementsOf(stage.elements);
    eventually(
        () ->
            assertThat(stage.announced)
                .containsExactly(STANDBY, STREAMING, VERIFYING, PROMOTING, MASTER));
    assertThat(movesOf(progress)).containsExactly(STANDBY, STREAMING, VERIFYING, PROMOTING, MASTER);
    await().atMost(SOON).until(() -> stage.served.size() == 2);
    assertThat(stage.served).containsExactly(new TreeSet<>(), new TreeSet<>(ALL_SHARDS));
    assertThat(progress.shardsDone()).isEqualTo(4);
    assertThat(progress.shardsAll()).isEqualTo(4);
    assertThat(progress.elements()).isEqualTo(stage.elements.size());
    assertThat(progress.sources()).extracting(Progress.SourceShare::source).contains(ONE, THREE);
    assertThat(progress.secondsLeft()).isZero();
    assertThat(progress.movesMade()).isEqualTo(5);
  }

  @Test
  void anOwnerStreamsNothingAndProvesItselfAllTheSame() {
    asOwner();
    stage.start();
    Stage.Asked asked = stage.comparison();
    eventually(() -> assertThat(stage.served).containsExactly(new TreeSet<>()));
    assertThat(asked.plan().participants()).containsExactlyInAnyOrder(ONE, THREE, SELF.id());
    assertThat(asked.plan().targets())
        .as("all are made equal, not only who warms up")
        .containsExactlyInAnyOrder(ONE, THREE, SELF.id());
    asked.listener().tell(Stage.report(asked.plan(), 0));
    until(MASTER);
    assertThat(stage.ways.get(ONE).opened).isEmpty();
    assertThat(stage.proposed).isEmpty();
  }

  private void asOwner() {
    stage.form(false);
    stage.world(
        world -> {
          Ring joined = Rings.joined(world.ring.orElseThrow(), SELF);
          world.ring = Optional.of(Rings.with(joined, 2, SELF.id(), Optional.empty()));
        });
  }

  private void aloneAsOwner() {
    asOwner();
    stage.world(world -> world.reachable.removeAll(Set.of(ONE, THREE)));
  }

  @Test
  void anOwnerThatFindsNobodyServesNothing() {
    aloneAsOwner();
    stage.start();
    await().atMost(SOON).until(() -> stage.progress().waitingFor().contains("out of reach"));
    assertThat(stage.progress().phase()).isEqualTo(VERIFYING);
    assertThat(stage.served).containsExactly(new TreeSet<>());
  }

  @Test
  void anOwnerThatFindsNobodyServesStaleByAnOperatorsWordUntilItFindsSomebody() {
    stage.staleStart = Optional.of(Duration.ofMillis(100));
    aloneAsOwner();
    stage.start();
    until(STALE);
    eventually(
        () -> assertThat(stage.served).containsExactly(new TreeSet<>(), new TreeSet<>(ALL_SHARDS)));
    assertThat(stage.proposed).as("it asks the ring for nothing").isEmpty();
    stage.comparisons.expectNoMessage(Duration.ofMillis(100));

    stage.world(world -> world.reachable.add(ONE));
    until(VERIFYING);
    assertThat(stage.served.get(2)).as("no unproven copy beside a proven one").isEmpty();
    stage.world(world -> world.reachable.add(THREE));
    stage.proveAtOnce();
    until(MASTER);
  }

  @Test
  void nobodyIsStaleWhileAnotherOwnerIsInReach() {
    stage.staleStart = Optional.of(Duration.ofMillis(100));
    asOwner();
    stage.world(world -> world.reachable.remove(THREE));
    stage.start();
    await().atMost(SOON).until(() -> stage.progress().waitingFor().contains(THREE.toString()));
    stage.comparisons.expectNoMessage(Duration.ofMillis(500));
    assertThat(stage.progress().phase()).isEqualTo(VERIFYING);
  }

  @Test
  void nobodyIsPromotedWhileOneOfTwoNeededOwnersIsOutOfReach() {
    stage.form(true);
    stage.world(world -> world.reachable.remove(THREE));
    stage.start();
    until(VERIFYING);
    await().atMost(SOON).until(() -> stage.progress().waitingFor().contains(THREE.toString()));
    stage.comparisons.expectNoMessage(Duration.ofMillis(500));
    assertThat(stage.progress().phase()).isEqualTo(VERIFYING);

    stage.world(world -> world.reachable.add(THREE));
    stage.proveAtOnce();
    until(MASTER);
  }

  @Test
  void nobodyIsPromotedWhereTheOthersGoOutOfReachBeforeTheyAreCompared() {
    asOwner();
    stage.ways.values().forEach(way -> way.epoch.set(0));
    stage.start();
    until(VERIFYING);
    await().atMost(SOON).until(() -> stage.progress().waitingFor().contains("newest ring"));

    stage.world(world -> world.reachable.removeAll(Set.of(ONE, THREE)));
    await()
        .atMost(SOON)
        .until(
            () ->
                stage.progress().waitingFor().contains("out of reach")
                    || stage.announced.contains(PROMOTING));
    assertThat(stage.announced).endsWith(VERIFYING).doesNotContain(PROMOTING, MASTER);
    stage.comparisons.expectNoMessage(Duration.ofMillis(200));
  }

  @Test
  void nobodyIsPromotedWhileOneOfTwoNeededOwnersDoesNotAnswer() {
    stage.form(true);
    stage.start();
    for (int i = 0; i < 3; i++) {
      Stage.Asked asked = stage.comparison();
      asked.listener().tell(withoutAnswerOfThree(asked));
    }
    await()
        .atMost(SOON)
        .until(() -> stage.progress().waitingFor().contains(THREE + " (no answer)"));
    assertThat(stage.progress().phase()).isEqualTo(VERIFYING);
    assertThat(stage.announced).doesNotContain(PROMOTING, MASTER);
    eventually(() -> assertThat(stage.served).containsExactly(new TreeSet<>()));
  }

  private static RunReport withoutAnswerOfThree(Stage.Asked asked) {
    RunReport whole = Stage.report(asked.plan(), 0);
    List<RunReport.NodeReport> rows =
        whole.nodes().stream()
            .map(
                row ->
                    row.node().equals(THREE)
                        ? new RunReport.NodeReport(THREE, "r3", "no answer", 0, 0, 0, 0, 4, "")
                        : new RunReport.NodeReport(row.node(), row.rack(), "", 0, 0, 0, 4, 4, ""))
            .toList();
    return new RunReport(whole.id(), whole.state(), 0, 1, 4, 4, 4, 0, 0, 0, 0, rows, 0, 0, "");
  }

  @Test
  void whatWasRepairedIsProvenOnceMore() {
    stage.form(true);
    stage.start();
    Stage.Asked first = stage.comparison();
    first.listener().tell(Stage.report(first.plan(), 3));
    Stage.Asked second = stage.comparison();
    assertThat(stage.progress().phase()).isEqualTo(VERIFYING);
    second.listener().tell(Stage.report(second.plan(), 0));
    until(MASTER);
  }

  @Test
  void aSourceThatDiesIsReplacedAndOnlyTheRestIsSentAgain() {
    stage.close();
    // Strings of one chunk and a half: every chunk but the first ends within a slot.
    stage = new Stage(Stage.strings(6, 96 * 1024), true);
    stage.ways.get(ONE).chunksUntilSilence.set(4);
    stage.stallAfter = Duration.ofSeconds(2);
    stage.form(true);
    stage.start();
    stage.proveAtOnce();
    Progress progress = until(MASTER);
    assertThat(stage.merged).containsExactlyInAnyOrderElementsOf(stage.elements);
    assertThat(progress.retries()).isPositive();
    NodeProtocol.OpenElements broken = stage.ways.get(ONE).opened.get(0);
    int shard = broken.shards().get(0);
    NodeProtocol.OpenElements goneOn =
        stage.ways.get(THREE).opened.stream()
            .filter(open -> open.shards().equals(broken.shards()))
            .findFirst()
            .orElseThrow();
    List<Integer> slots =
        stage.elements.stream()
            .map(element -> element.key().slot())
            .filter(slot -> SHARDS.shardOf(slot) == shard)
            .sorted()
            .toList();
    // Four chunks of 64 KiB hold two whole strings of 96 KiB, and of the third not all.
    assertThat(goneOn.fromSlot()).isGreaterThan(slots.get(1)).isLessThanOrEqualTo(slots.get(2));
  }

  @Test
  void streamingWaitsUntilAllOwnersInReachKnowTheRing() {
    stage.ways.get(THREE).epoch.set(1);
    stage.form(true);
    stage.start();
    until(STREAMING);
    await().atMost(SOON).until(() -> stage.progress().waitingFor().contains(THREE.toString()));
    assertThat(stage.ways.get(ONE).opened).isEmpty();
    stage.ways.get(THREE).epoch.set(100);
    stage.proveAtOnce();
    until(MASTER);
  }

  @Test
  void theSuccessorStepsDownWhenTheOwnerServesAgain() {
    stage.form(false);
    stage.start();
    stage.comparison();
    stage.world(
        world -> {
          world.reachable.add(OWNER);
          world.phases.put(OWNER, MASTER);
        });
    until(STANDBY);
    await().atMost(SOON).until(() -> stage.proposed.contains(new RingChange.StepDown(SELF.id())));
    assertThat(stage.announced).doesNotContain(MASTER);
    assertThat(stage.progress().phase()).isEqualTo(STANDBY);
  }

  @Test
  void aSuccessorWaitsUntilTheRingTakesTheOwnerForLost() {
    stage.proves.set(true);
    stage.form(false);
    stage.start();
    await().atMost(SOON).until(() -> stage.progress().waitingFor().contains(OWNER + " for lost"));
    assertThat(stage.progress().phase()).isEqualTo(VERIFYING);
    assertThat(stage.announced).doesNotContain(PROMOTING);
    stage.world(
        world ->
            world.ring =
                Optional.of(
                    Rings.changed(world.ring.orElseThrow(), new RingChange.DeclareLost(OWNER))));
    until(MASTER);
  }

  @Test
  void anUndecidedPromotionIsProvenAgain() {
    stage.form(true);
    stage.start();
    Stage.Asked first = stage.comparison();
    stage.world(world -> world.majority = false);
    first.listener().tell(Stage.report(first.plan(), 0));
    Stage.Asked second = stage.comparison();
    assertThat(stage.progress().phase()).isEqualTo(VERIFYING);
    eventually(() -> assertThat(stage.announced).endsWith(VERIFYING, PROMOTING, VERIFYING));
    stage.world(world -> world.majority = true);
    second.listener().tell(Stage.report(second.plan(), 0));
    until(MASTER);
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDBY", "STREAMING", "VERIFYING", "PROMOTING", "MASTER"})
  void aCrashInAnyPhaseBeginsAtStandbyAndEndsWithAProof(Phase phase) {
    bring(phase);
    until(phase);
    stage.crash();
    stage.announced.clear();
    stage.served.clear();
    if (phase == STANDBY) {
      stage.form(true);
    }
    stage.ways.get(THREE).epoch.set(Long.MAX_VALUE);
    stage.world(world -> world.mute = false);
    stage.start();
    Stage.Asked asked = stage.comparison();
    eventually(
        () -> {
          assertThat(stage.announced).startsWith(STANDBY, STREAMING, VERIFYING);
          assertThat(stage.served).containsExactly(new TreeSet<>());
        });
    asked.listener().tell(Stage.report(asked.plan(), 0));
    Progress progress = until(MASTER);
    assertThat(progress.history().stream().filter(move -> move.cause().equals("Started")))
        .hasSize(2);
    assertThat(stage.merged).containsAll(stage.elements);
  }

  /** Starts the manager and lets it come as far as this phase, and no further. */
  private void bring(Phase phase) {
    if (phase != STANDBY) {
      stage.form(true);
    }
    if (phase == STREAMING) {
      stage.ways.get(THREE).epoch.set(1);
    }
    stage.start();
    if (phase == VERIFYING) {
      stage.comparison();
    } else if (phase == PROMOTING || phase == MASTER) {
      Stage.Asked asked = stage.comparison();
      stage.world(world -> world.mute = phase == PROMOTING);
      asked.listener().tell(Stage.report(asked.plan(), 0));
    }
  }

  @Test
  void masterOnDiskWithTheDataGoneProvesAndRepairsItselfFirst() {
    stage.form(true);
    stage.start();
    stage.proveAtOnce();
    until(MASTER);
    stage.crash();
    stage.merged.clear();
    stage.served.clear();
    stage.start();
    Stage.Asked first = stage.comparison();
    assertThat(stage.progress().history().get(5).from()).isEqualTo(MASTER);
    first.listener().tell(Stage.report(first.plan(), stage.elements.size()));
    Stage.Asked second = stage.comparison();
    eventually(() -> assertThat(stage.served).containsExactly(new TreeSet<>()));
    second.listener().tell(Stage.report(second.plan(), 0));
    until(MASTER);
    await().atMost(SOON).until(() -> stage.served.contains(new TreeSet<>(ALL_SHARDS)));
  }

  @Test
  void shardsStreamedBeforeACrashAreNotSentAgain() {
    stage.form(true);
    stage.start();
    stage.comparison();
    stage.crash();
    stage.ways.values().forEach(way -> way.opened.clear());
    stage.start();
    stage.proveAtOnce();
    until(MASTER);
    assertThat(stage.ways.get(ONE).opened).isEmpty();
    assertThat(stage.ways.get(THREE).opened).isEmpty();
  }

  @Test
  void aMasterWhoseSeatsAreGivenAwayServesNoLonger() {
    asOwner();
    stage.start();
    stage.proveAtOnce();
    until(MASTER);
    stage.world(
        world -> {
          Ring ring = world.ring.orElseThrow();
          world.ring = Optional.of(Rings.with(ring, 2, OWNER, Optional.empty()));
          world.reachable.add(OWNER);
        });
    until(STANDBY);
    await().atMost(SOON).until(() -> stage.served.get(stage.served.size() - 1).isEmpty());
  }

  @Test
  void aStoreThatDoesNotTakeTheDataEndsTheWarmUpUntilAnOperatorLooks() {
    stage.close();
    stage = new Stage(Stage.strings(2, 10), false);
    stage.form(true);
    stage.start();
    Progress failed = until(FAILED);
    assertThat(failed.because()).contains("operator");
    await().atMost(SOON).until(() -> stage.proposed.contains(new RingChange.StepDown(SELF.id())));
    assertThat(stage.beginAgain().phase()).isEqualTo(STANDBY);
  }

  @Test
  void anOperatorCanCallItOff() {
    stage.form(true);
    stage.start();
    Element sample = stage.elements.get(0);
    stage.comparison();
    assertThat(stage.merged).contains(sample);
    assertThat(stage.cancel().phase()).isEqualTo(FAILED);
    await().atMost(SOON).until(() -> stage.proposed.contains(new RingChange.StepDown(SELF.id())));
    assertThat(stage.cancel().phase()).isEqualTo(FAILED);
  }
}
