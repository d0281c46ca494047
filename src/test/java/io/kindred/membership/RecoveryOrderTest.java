package io.kindred.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.ring.RingChanges;
import io.kindred.ring.Rings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RecoveryOrderTest {

  private static final Ring RING = Rings.of("a1", "b1", "c1");
  private static final NodeId A = new NodeId("a1", 1);
  private static final NodeId B = new NodeId("b1", 2);
  private static final NodeId C = new NodeId("c1", 3);

  private static SortedSet<NodeId> set(NodeId... nodes) {
    return new TreeSet<>(List.of(nodes));
  }

  private static RecoveryOrder.Result judge(Set<NodeId> inReach, SortedSet<NodeId> without) {
    return RecoveryOrder.judge(Optional.of(RING), inReach, without, 7);
  }

  private static void assertRefused(RecoveryOrder.Result result, String reason) {
    assertThat(result)
        .isInstanceOfSatisfying(
            RecoveryOrder.Refused.class, refused -> assertThat(refused.reason()).contains(reason));
  }

  @Test
  void theSurvivorsGoOnWithoutThoseTheOperatorNamed() {
    assertThat(judge(Set.of(A), set(B, C)))
        .isInstanceOfSatisfying(
            RecoveryOrder.Formed.class,
            formed -> {
              assertThat(formed.ring().voters()).containsExactly(A);
              assertThat(formed.ring().lost()).containsExactly(B, C);
              assertThat(RingChanges.apply(formed.ring(), new RingChange.Forget(B)))
                  .as("one voter is a majority of one")
                  .isInstanceOf(RingChanges.Next.class);
            });
  }

  @Test
  void anOrderIsVoidWhereOthersAreOutOfReachThanTheOperatorWasTold() {
    assertRefused(judge(Set.of(A, B), set(B, C)), "out of reach are [c1#3] now");
    assertRefused(judge(Set.of(A), set(C)), "out of reach are [b1#2, c1#3] now");
  }

  @Test
  void aMajorityDecidesByItself() {
    assertRefused(judge(Set.of(A, B), set(C)), "a majority of the voters is in reach");
  }

  @Test
  void aSecondOrderFindsNothingToDo() {
    Ring recovered = ((RecoveryOrder.Formed) judge(Set.of(A), set(B, C))).ring();
    assertRefused(RecoveryOrder.judge(Optional.of(recovered), Set.of(A), set(), 8), "a majority");
  }

  @Test
  void aVoterOfTheOldMajorityThatDecidedNothingFollowsAndOneThatWentOnDoesNot() {
    Ring recovered = ((RecoveryOrder.Formed) judge(Set.of(A), set(B, C))).ring();
    Ring wentOn = Rings.after(RING, new RingChange.DeclareLost(A));
    Voter idle = blank(B).informedOf(RING);
    assertThat(idle.informedOf(recovered).ring()).contains(recovered);
    Voter busy = blank(B).informedOf(wentOn);
    assertThat(busy.informedOf(recovered)).isEqualTo(busy);
    assertThat(
            busy.on(
                    Optional.of(recovered),
                    new io.kindred.consensus.Request.Prepare<>(
                        io.kindred.consensus.Ballot.first("x")))
                .outcome())
        .isInstanceOf(Voter.NotAsked.class);
  }

  private static Voter blank(NodeId self) {
    return new Voter(self, Optional.empty(), 0, io.kindred.consensus.Acceptor.blank());
  }
}
