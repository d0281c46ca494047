package io.kindred.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.reconcile.RunReport;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProofTest {

  private static final SortedSet<Integer> SHARDS = new TreeSet<>(Set.of(0, 1, 2, 3));
  private static final NodeId SELF = Rings.node(9);

  private static Ring threeRacksWithASuccessorInTheSecond() {
    Ring ring = Rings.of(3, 4, Rings.member(9, 2));
    return Rings.with(ring, 2, Rings.node(2), Optional.of(SELF));
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 1", "3, 2", "4, 2", "5, 3", "6, 3", "7, 4"})
  void howManyOthersAreNeeded(int racks, int others) {
    assertThat(Proof.othersNeeded(racks)).isEqualTo(others);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9})
  void theyAreTheFewestThatMeetEveryMajorityTheLostOwnerWasPartOf(int racks) {
    int holdersElsewhere = racks / 2 + 1 - 1;
    int elsewhere = racks - 1;
    assertThat(Proof.othersNeeded(racks) + holdersElsewhere).isGreaterThan(elsewhere);
    assertThat(Proof.othersNeeded(racks) - 1 + holdersElsewhere).isLessThanOrEqualTo(elsewhere);
  }

  @Test
  void othersAreTheOwnersThatTheRingNamesInOtherRacks() {
    assertThat(Proof.others(threeRacksWithASuccessorInTheSecond(), "r2", SHARDS))
        .containsExactly(Rings.node(1), Rings.node(3));
  }

  @Test
  void ofThreeRacksBothOthersMustTakePart() {
    Ring ring = threeRacksWithASuccessorInTheSecond();
    assertThat(Proof.lacking(ring, "r2", SHARDS, node -> true)).isEmpty();
    assertThat(Proof.lacking(ring, "r2", SHARDS, Rings.node(1)::equals))
        .containsExactly(Rings.node(3));
  }

  @Test
  void ofFourRacksOneOtherMayBeMissing() {
    Ring ring = Rings.of(4, 4);
    assertThat(Proof.lacking(ring, "r1", SHARDS, node -> !node.equals(Rings.node(2)))).isEmpty();
    assertThat(Proof.lacking(ring, "r1", SHARDS, Rings.node(4)::equals))
        .containsExactly(Rings.node(2), Rings.node(3));
  }

  @Test
  void oneRackNeedsNobody() {
    assertThat(Proof.lacking(Rings.of(1, 4), "r1", SHARDS, node -> false)).isEmpty();
  }

  @Test
  void anEqualCopyIsProven() {
    assertThat(judge(row(SELF, 0, 0, 4), row(1, "", 4), row(3, "", 4)))
        .isEqualTo(new WarmUpEvent.ProofGiven(2));
  }

  @Test
  void whatOthersLackedIsNotTheNewNodesFault() {
    RunReport.NodeReport behind =
        new RunReport.NodeReport(Rings.node(1), "r1", "", 7, 1, 0, 4, 0, "");
    assertThat(judge(row(SELF, 0, 0, 4), behind, row(3, "", 4)))
        .isEqualTo(new WarmUpEvent.ProofGiven(2));
  }

  @Test
  void whoDoesNotTakeWhatItLacksIsNoEvidenceAgainstTheOthers() {
    RunReport.NodeReport full =
        new RunReport.NodeReport(Rings.node(1), "r1", "", 0, 0, 0, 4, 4, "no answer");
    assertThat(judge(row(SELF, 0, 0, 4), full, row(3, "", 4)))
        .isEqualTo(new WarmUpEvent.ProofGiven(2));
    RunReport.NodeReport self = new RunReport.NodeReport(SELF, "r2", "", 0, 0, 0, 4, 4, "no room");
    assertThat(judge(self, row(1, "", 4), row(3, "", 4)))
        .as("but it is against itself")
        .isInstanceOf(WarmUpEvent.ProofLacking.class);
  }

  @Test
  void aRepairedCopyIsNotYetProven() {
    assertThat(judge(row(SELF, 2, 1, 4), row(1, "", 4), row(3, "", 4)))
        .isEqualTo(new WarmUpEvent.DifferenceRepaired(3));
  }

  @Test
  void whoWasSkippedProvesNothingAndIsNamed() {
    assertThat(judge(row(SELF, 0, 0, 4), row(1, "", 4), row(3, "no answer", 4)))
        .isEqualTo(new WarmUpEvent.ProofLacking(Rings.node(3) + " (no answer)"));
    assertThat(judge(row(SELF, 0, 0, 4), row(1, "", 4)))
        .isEqualTo(new WarmUpEvent.ProofLacking(Rings.node(3).toString()));
  }

  @Test
  void whoWasComparedInSomeShardsOnlyProvesNothing() {
    assertThat(judge(row(SELF, 0, 0, 4), row(1, "", 4), row(3, "", 3)))
        .isInstanceOf(WarmUpEvent.ProofLacking.class);
    assertThat(judge(row(SELF, 0, 0, 3), row(1, "", 4), row(3, "", 4)))
        .isInstanceOf(WarmUpEvent.ProofLacking.class);
  }

  @Test
  void aShardThatWasNotComparedWithEverybodyProvesNothing() {
    RunReport.NodeReport unproven =
        new RunReport.NodeReport(SELF, "r2", "", 0, 0, 0, 4, 1, "n3 stopped in shard 2");
    assertThat(judge(unproven, row(1, "", 4), row(3, "", 4)))
        .isEqualTo(new WarmUpEvent.ProofLacking("owners in every shard (n3 stopped in shard 2)"));
  }

  @Test
  void aRunThatFailedProvesNothing() {
    RunReport report =
        report(RunReport.State.FAILED, row(SELF, 0, 0, 4), row(1, "", 4), row(3, "", 4));
    assertThat(Proof.judge(threeRacksWithASuccessorInTheSecond(), SELF, "r2", SHARDS, report))
        .isInstanceOf(WarmUpEvent.ProofLacking.class);
  }

  private static WarmUpEvent judge(RunReport.NodeReport... rows) {
    return Proof.judge(
        threeRacksWithASuccessorInTheSecond(),
        SELF,
        "r2",
        SHARDS,
        report(RunReport.State.COMPLETED, rows));
  }

  private static RunReport.NodeReport row(NodeId node, long missing, long stale, int shards) {
    return new RunReport.NodeReport(node, "r2", "", missing, stale, 0, shards, 0, "");
  }

  private static RunReport.NodeReport row(int node, String skipped, int shards) {
    return new RunReport.NodeReport(Rings.node(node), "r" + node, skipped, 0, 0, 0, shards, 0, "");
  }

  private static RunReport report(RunReport.State state, RunReport.NodeReport... rows) {
    return new RunReport(
        "run", state, 0, 1, 4, 4, 4, 0, 1024, 0, 0, List.of(rows), 0, 0, "because");
  }
}
