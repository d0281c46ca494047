package io.kindred.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.reconcile.RunReport.NodeReport;
import io.kindred.reconcile.RunReport.State;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Seat;
import io.kindred.ring.Shards;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunTallyTest {

  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);
  private static final NodeId C = new NodeId("c", 3);
  private static final NodeId NEW = new NodeId("new", 4);

  private final RunTally tally = new RunTally(plan(List.of(A, B, C)), 1000);

  @Test
  void aRunThatFoundEverythingEqualProvesEverybodyComplete() {
    tally.done(List.of(0, 1, 2, 3));

    RunReport report = tally.report(State.COMPLETED, 1500, "");

    assertThat(report.shardsDone()).isEqualTo(4);
    assertThat(report.shardsInSync()).isEqualTo(4);
    assertThat(report.shardsNotCompared()).isZero();
    assertThat(report.tookMillis()).isEqualTo(500);
    assertThat(report.nodes()).extracting(NodeReport::shardsCompared).containsExactly(4, 4, 4);
    assertThat(List.of(A, B, C)).allMatch(report::provesComplete);
  }

  @Test
  void nothingIsProvenBeforeTheRunIsCompleted() {
    tally.done(List.of(0, 1, 2, 3));

    assertThat(tally.report(State.RUNNING, 1500, "").provesComplete(A)).isFalse();
    assertThat(tally.report(State.FAILED, 1500, "disk full").provesComplete(A)).isFalse();
  }

  @Test
  void aParticipantLeftOutSpoilsTheProofOfAllWhoShareAShardWithItFromThenOn() {
    tally.done(List.of(0, 1));
    tally.skip(C, "no answer");
    tally.done(List.of(2, 3));

    RunReport report = tally.report(State.COMPLETED, 1500, "");

    assertThat(List.of(A, B, C)).noneMatch(report::provesComplete);
    assertThat(report.shardsNotCompared()).isZero();
    assertThat(row(report, A).shardsCompared()).isEqualTo(4);
    assertThat(row(report, A).shardsUnproven()).isEqualTo(2);
    assertThat(row(report, C).shardsCompared()).isEqualTo(2);
    assertThat(row(report, C).skipped()).isEqualTo("no answer");
  }

  @Test
  void whoDoesNotTakeWhatItLacksIsComparedOnAndUnprovenAlone() {
    tally.done(List.of(0, 1));
    tally.remark(C, "late");
    tally.notRepaired(C, "no answer");
    tally.notRepaired(C, "no answer again");
    assertThat(tally.targets()).containsExactly(A, B);
    assertThat(tally.roster(List.of(2)).nodes()).containsExactly(A, B, C);
    tally.done(List.of(2, 3));

    RunReport report = tally.report(State.COMPLETED, 1500, "");

    assertThat(List.of(A, B)).allMatch(report::provesComplete);
    assertThat(report.provesComplete(C)).isFalse();
    assertThat(report.shardsInSync()).isEqualTo(2);
    assertThat(row(report, C).shardsCompared()).isEqualTo(4);
    assertThat(row(report, C).shardsUnproven()).isEqualTo(2);
    assertThat(row(report, C).skipped()).isEmpty();
    assertThat(row(report, C).remark()).isEqualTo("did not take what it lacks: no answer");
  }

  @Test
  void aDamagedCopyIsEvidenceOnlyWhereAllOwnersAreThere() {
    tally.damaged(B, List.of(1));
    tally.done(List.of(0, 1, 2, 3));
    RunReport all = tally.report(State.COMPLETED, 1500, "");
    assertThat(List.of(A, B, C))
        .as("nobody is left who could have more")
        .allMatch(all::provesComplete);

    RunTally without = new RunTally(plan(List.of(A, B)), 1000);
    without.damaged(B, List.of(1));
    without.done(List.of(0, 1, 2, 3));
    RunReport some = without.report(State.COMPLETED, 1500, "");
    assertThat(some.provesComplete(A)).isFalse();
    assertThat(row(some, A).shardsUnproven()).isEqualTo(1);
    assertThat(row(some, A).remark())
        .isEqualTo("[" + B + "] lost something of shard 1, and others may have had it");
    assertThat(some.provesComplete(B)).as("what A has may be all").isTrue();

    RunTally both = new RunTally(plan(List.of(A, B)), 1000);
    both.damaged(A, List.of(1));
    both.damaged(B, List.of(1));
    both.done(List.of(0, 1, 2, 3));
    RunReport neither = both.report(State.COMPLETED, 1500, "");
    assertThat(List.of(A, B)).noneMatch(neither::provesComplete);

    RunTally majority = new RunTally(plan(List.of(A, B, C)), 1000);
    majority.damaged(A, List.of(1));
    majority.damaged(B, List.of(1));
    majority.done(List.of(0, 1, 2, 3));
    RunReport most = majority.report(State.COMPLETED, 1500, "");
    assertThat(List.of(A, B, C))
        .as("it took a write that both lost")
        .noneMatch(most::provesComplete);
  }

  @Test
  void aShardWithOneAnswerIsNotCompared() {
    tally.skip(B, "no answer");
    tally.skip(C, "no answer");
    tally.done(List.of(0, 1));

    RunReport report = tally.report(State.COMPLETED, 1500, "");

    assertThat(report.shardsNotCompared()).isEqualTo(2);
    assertThat(report.shardsInSync()).isZero();
    assertThat(row(report, A).shardsCompared()).isZero();
    assertThat(report.provesComplete(A)).isFalse();
    assertThat(tally.comparedNothing()).isTrue();
  }

  @Test
  void whoHadSomethingRepairedIsNotProvenAndTheShardWasNotInSync() {
    tally.merged(A, 2, 3, 1, 5);
    tally.merged(B, 1, 0, 0, 7);
    tally.done(List.of(0, 1, 2, 3));

    RunReport report = tally.report(State.COMPLETED, 1500, "");

    assertThat(report.shardsInSync()).isEqualTo(3);
    assertThat(row(report, A).missing()).isEqualTo(3);
    assertThat(row(report, A).stale()).isEqualTo(1);
    assertThat(row(report, B).superseded()).isEqualTo(7);
    assertThat(report.provesComplete(A)).isFalse();
    assertThat(report.provesComplete(B)).as("what was overtaken was not missing").isTrue();
  }

  @Test
  void aNodeThatTakesPartInNoShardProvesNothing() {
    RunTally other = new RunTally(plan(List.of(A, B, NEW)), 1000);
    other.done(List.of(0, 1, 2, 3));

    assertThat(other.report(State.COMPLETED, 1500, "").provesComplete(NEW)).isFalse();
  }

  @Test
  void whoTheRingDoesNotKnowIsLeftOutByName() {
    NodeId stranger = new NodeId("stranger", 9);
    RunTally other = new RunTally(plan(List.of(A, B, stranger)), 1000);

    RunReport report = other.report(State.COMPLETED, 1500, "");

    assertThat(row(report, stranger).skipped()).contains("not a member");
  }

  @Test
  void theRosterHoldsOnlyShardsThatCanBeCompared() {
    tally.skip(C, "no answer");
    Roster roster = tally.roster(List.of(0, 1));

    assertThat(roster.nodes()).containsExactly(A, B);
    assertThat(roster.ofSlot(0)).containsExactly(A, B);
    assertThat(roster.areCompared(A, B)).isTrue();
    assertThat(roster.areCompared(A, C)).isFalse();
    assertThat(roster.ofSlots(List.of(4096, 8191)).shardsOf(A)).containsExactly(1);
    assertThat(roster.without(Set.of(B)).byShard()).isEmpty();
    assertThat(roster.without(Set.of(B)).ofSlot(0)).isEmpty();
  }

  private static NodeReport row(RunReport report, NodeId node) {
    return report.nodes().stream().filter(row -> row.node().equals(node)).findFirst().orElseThrow();
  }

  private static RunPlan plan(List<NodeId> participants) {
    Map<String, NodeId> owners = Map.of("r1", A, "r2", B, "r3", C);
    TreeMap<String, List<Seat>> seats = new TreeMap<>();
    owners.forEach((rack, owner) -> seats.put(rack, Collections.nCopies(4, Seat.of(owner))));
    List<Member> members =
        List.of(member(A, "r1"), member(B, "r2"), member(C, "r3"), member(NEW, "r3"));
    Ring ring = new Ring(7, 1, "dc", new Shards(4), members, List.of(), seats);
    return new RunPlan(
        "run", ring, List.of(0, 1, 2, 3), participants, participants, Duration.ofSeconds(1));
  }

  private static Member member(NodeId id, String rack) {
    return new Member(id, rack, "127.0.0.1", 1, 2, 3);
  }
}
