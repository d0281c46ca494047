package io.kindred.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.entry.Elements;
import io.kindred.entry.Key;
import io.kindred.ring.NodeId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AckTallyTest {

  private static final NodeId B = new NodeId("b", 2);
  private static final NodeId C = new NodeId("c", 3);
  private static final NodeId D = new NodeId("d", 4);
  private static final NodeId E = new NodeId("e", 5);
  private static final Key KEY = Elements.key("k");
  private static final Key OTHER = Elements.key("other");
  private static final long TIME = 4000;

  private final AckTally<String> tally = new AckTally<>();

  private List<String> applied(NodeId owner, long position) {
    tally.applied(owner, position, List.of());
    return tally.settle().done();
  }

  private AckTally.Outcome<String> applied(NodeId owner, long position, Superseded... newer) {
    tally.applied(owner, position, List.of(newer));
    return tally.settle();
  }

  /** A write that is in the log already. */
  private void await(
      long position, Key key, List<NodeId> others, int needed, long deadline, String write) {
    tally.committed(tally.await(key, TIME, 0, others, needed, deadline, write), position);
  }

  @Test
  void ofThreeRacksOneOtherIsEnough() {
    await(100, KEY, List.of(B, C), 1, 50, "w");
    assertThat(applied(B, 99)).isEmpty();
    assertThat(applied(C, 100)).containsExactly("w");
    assertThat(applied(B, 100)).isEmpty();
    assertThat(tally.isEmpty()).isTrue();
  }

  @Test
  void ofFiveRacksItTakesTwoDifferentOnes() {
    await(100, KEY, List.of(B, C, D, E), 2, 50, "w");
    assertThat(applied(B, 100)).isEmpty();
    assertThat(applied(B, 200)).as("the same rack once more").isEmpty();
    assertThat(applied(E, 150)).containsExactly("w");
  }

  @Test
  void whoLostWhatItHadNotSyncedCountsNoMore() {
    await(100, KEY, List.of(B, C, D, E), 2, 50, "w");
    assertThat(applied(B, 100)).isEmpty();
    assertThat(applied(B, 40)).isEmpty();
    assertThat(applied(C, 100)).isEmpty();
    assertThat(applied(B, 100)).containsExactly("w");
  }

  @Test
  void whoOwnsAnotherShardDoesNotCount() {
    await(100, KEY, List.of(B, C), 1, 50, "w");
    assertThat(applied(D, 500)).isEmpty();
    assertThat(tally.size()).isEqualTo(1);
  }

  @Test
  void anOwnerThatIsAheadCountsForWhatComesLater() {
    applied(B, 100);
    await(100, KEY, List.of(B, C), 1, 50, "w");
    assertThat(applied(B, 100)).containsExactly("w");
  }

  @Test
  void writesComeOutInTheirOrder() {
    await(100, KEY, List.of(B, C), 1, 50, "one");
    await(110, OTHER, List.of(B, C), 1, 50, "two");
    await(120, KEY, List.of(B, C), 1, 50, "three");
    assertThat(applied(C, 115)).containsExactly("one", "two");
    assertThat(applied(B, 120)).containsExactly("three");
  }

  @Test
  void anOwnerWithSomethingNewerHasNotTakenTheWrite() {
    await(100, KEY, List.of(B, C), 1, 50, "w");
    AckTally.Outcome<String> outcome = applied(B, 100, new Superseded(100, KEY.hashCode(), 4711));
    assertThat(outcome.done()).isEmpty();
    assertThat(outcome.raised()).containsExactly(new AckTally.Raise<>(List.of("w"), 4711));
    assertThat(tally.isEmpty()).isTrue();
  }

  @Test
  void whatIsToldTwiceIsNotAboutTheWriteThatWasSentAgain() {
    await(100, KEY, List.of(B, C), 1, 50, "w");
    Superseded told = new Superseded(100, KEY.hashCode(), 4711);
    applied(B, 100, told);
    tally.committed(tally.await(KEY, 4712, 0, List.of(B, C), 1, 50, "again"), 200);
    assertThat(applied(B, 150, told).raised()).isEmpty();
    assertThat(applied(B, 200, told).done()).containsExactly("again");
  }

  @Test
  void anotherKeyOfTheSameSpanIsNoReason() {
    await(100, KEY, List.of(B, C), 1, 50, "w");
    assertThat(applied(B, 100, new Superseded(100, OTHER.hashCode(), 4711)).done())
        .containsExactly("w");
  }

  @Test
  void allWritesToAKeyAreStampedAgainInTheirOrder() {
    await(100, KEY, List.of(B, C), 1, 50, "first");
    tally.committed(tally.follow(KEY, TIME + 1, "at dc_one"), 105);
    await(110, KEY, List.of(B, C), 1, 50, "second");
    await(115, OTHER, List.of(B, C), 1, 50, "other");
    AckTally.Outcome<String> outcome = applied(B, 115, new Superseded(110, KEY.hashCode(), 4711));
    assertThat(outcome.done()).containsExactly("other");
    assertThat(outcome.raised())
        .containsExactly(new AckTally.Raise<>(List.of("first", "at dc_one", "second"), 4711));
    assertThat(tally.isEmpty()).isTrue();
  }

  @Test
  void whatOnlyFollowsIsForgottenWithWhatItFollows() {
    await(100, KEY, List.of(B, C), 1, 50, "first");
    tally.committed(tally.follow(KEY, TIME + 1, "at dc_one"), 105);
    assertThat(tally.waitsFor(KEY)).isTrue();
    assertThat(applied(B, 100)).containsExactly("first");
    assertThat(tally.isEmpty()).isTrue();
  }

  @Test
  void nothingIsStampedAgainBeforeAllOfItIsCommitted() {
    await(100, KEY, List.of(B, C), 1, 50, "first");
    AckTally.Waiting<String> second = tally.await(KEY, TIME, 0, List.of(B, C), 1, 50, "second");
    AckTally.Outcome<String> early = applied(B, 100, new Superseded(100, KEY.hashCode(), 4711));
    assertThat(early.done()).isEmpty();
    assertThat(early.raised()).isEmpty();
    tally.committed(second, 110);
    assertThat(tally.settle().raised())
        .containsExactly(new AckTally.Raise<>(List.of("first", "second"), 4711));
  }

  @Test
  void whatIsOlderThanWhatIsHereItselfIsStampedAgain() {
    tally.committed(tally.await(KEY, TIME, TIME + 5, List.of(B, C), 1, 50, "w"), 100);
    assertThat(tally.settle().raised())
        .containsExactly(new AckTally.Raise<>(List.of("w"), TIME + 5));
  }

  @Test
  void whoNamesNoKeyMeansAll() {
    await(100, KEY, List.of(B, C), 1, 50, "w");
    assertThat(applied(B, 100, new Superseded(100, Superseded.ANY, 4711)).raised())
        .containsExactly(new AckTally.Raise<>(List.of("w"), 4711));
  }

  @Test
  void anOwnerWhoseFeedGaveUpHasNotGotIt() {
    await(100, KEY, List.of(B, C), 1, 50, "w");
    tally.gaveUp(B, 150);
    assertThat(applied(B, 200)).isEmpty();
    assertThat(tally.overdue(0, Set.of(B, C))).isEmpty();
    assertThat(tally.overdue(0, Set.of(B))).hasSize(1);
    await(160, KEY, List.of(B, C), 1, 50, "later");
    assertThat(applied(B, 200)).containsExactly("later");
  }

  @Test
  void whatIsOverdueSaysWhoIsMissing() {
    await(100, KEY, List.of(B, C, D, E), 2, 50, "w");
    applied(D, 100);
    assertThat(tally.overdue(49, Set.of(B, C, D, E))).isEmpty();
    assertThat(tally.overdue(50, Set.of(B, C, D, E)))
        .containsExactly(new AckTally.Lacking<>("w", 2, 3, List.of(B, C, E)));
    assertThat(applied(B, 100)).isEmpty();
  }

  @Test
  void nobodyWaitsForWhomNobodyReaches() {
    await(100, KEY, List.of(B, C), 1, 50, "w");
    assertThat(tally.overdue(0, Set.of(B))).isEmpty();
    assertThat(tally.overdue(0, Set.of()))
        .containsExactly(new AckTally.Lacking<>("w", 1, 2, List.of(B, C)));
  }

  @Test
  void whoHasItAlreadyNeedNotBeInReach() {
    await(100, KEY, List.of(B, C, D, E), 2, 50, "w");
    applied(B, 100);
    assertThat(tally.overdue(0, Set.of(C))).isEmpty();
    assertThat(tally.overdue(0, Set.of())).hasSize(1);
  }

  @Test
  void nothingIsDoneThatThisNodeItselfHasNotCommitted() {
    AckTally.Waiting<String> begun = tally.await(KEY, TIME, 0, List.of(B, C), 1, 50, "w");
    assertThat(applied(B, 100)).isEmpty();
    assertThat(tally.overdue(99, Set.of())).isEmpty();
    tally.committed(begun, 100);
    assertThat(tally.settle().done()).containsExactly("w");
  }

  @Test
  void whatAnOwnerSaysBeforeTheCommitIsNotForgotten() {
    AckTally.Waiting<String> begun = tally.await(KEY, TIME, 0, List.of(B, C), 1, 50, "w");
    applied(B, 100, new Superseded(100, KEY.hashCode(), 4711));
    tally.committed(begun, 120);
    assertThat(tally.settle().raised()).containsExactly(new AckTally.Raise<>(List.of("w"), 4711));
  }

  @Test
  void whatTheLogDidNotTakeWaitsNoMore() {
    AckTally.Waiting<String> begun = tally.await(KEY, TIME, 0, List.of(B, C), 1, 50, "w");
    tally.failed(begun);
    assertThat(tally.isEmpty()).isTrue();
  }

  @Test
  void aQuorumOfNobodyIsAMistake() {
    assertThatThrownBy(() -> tally.await(KEY, TIME, 0, List.of(B), 0, 50, "w"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tally.await(KEY, TIME, 0, List.of(B), 2, 50, "w"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
