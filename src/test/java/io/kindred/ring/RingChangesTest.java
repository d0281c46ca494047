package io.kindred.ring;

import static io.kindred.ring.Rings.after;
import static io.kindred.ring.Rings.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.ring.RingChange.DeclareLost;
import io.kindred.ring.RingChange.Drained;
import io.kindred.ring.RingChange.Forget;
import io.kindred.ring.RingChange.Join;
import io.kindred.ring.RingChange.Promote;
import io.kindred.ring.RingChange.Recover;
import io.kindred.ring.RingChange.StepDown;
import io.kindred.ring.RingChange.Succeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RingChangesTest {

  private static final Ring RING = Rings.of("a1", "b1", "c1");
  private static final NodeId A1 = new NodeId("a1", 1);
  private static final NodeId C1 = new NodeId("c1", 3);
  private static final Member NEW_C1 = member("c1", 9);
  private static final Member C2 = member("c2", 8);

  private static void assertNotAllowed(Ring ring, RingChange change, String reason) {
    assertThat(RingChanges.apply(ring, change))
        .isInstanceOfSatisfying(
            RingChanges.NotAllowed.class,
            notAllowed -> assertThat(notAllowed.reason()).contains(reason));
  }

  private static void assertStands(Ring ring, RingChange change) {
    assertThat(RingChanges.apply(ring, change)).isEqualTo(new RingChanges.Stands());
  }

  @Test
  void aNamesakeTakesTheSeatsOfADeadNodeStepByStep() {
    Ring joined = after(RING, new Join(NEW_C1, true));
    assertThat(joined.epoch()).isEqualTo(2);
    assertThat(joined.isLost(C1)).isTrue();
    assertThat(joined.voters()).doesNotContain(C1).contains(NEW_C1.id());
    assertThat(joined.memberNamed("c1")).contains(NEW_C1);
    assertThat(joined.ownedBy(C1)).hasSize(8);

    Ring claimed = after(joined, new Succeed(C1, NEW_C1.id()));
    assertThat(claimed.fed(0)).contains(C1, NEW_C1.id());

    Ring promoted = after(claimed, new Promote(NEW_C1.id()));
    assertThat(promoted.ownedBy(NEW_C1.id())).hasSize(8);
    assertThat(promoted.member(C1)).isEmpty();
    assertThat(promoted.former()).extracting(Member::id).containsExactly(C1);
    assertThat(promoted.lost()).isEmpty();
    assertNotAllowed(promoted, new Join(member("c1", 3), true), "lost its seats");
  }

  @Test
  void aSpareIsPromotedOnlyInPlaceOfALostOwner() {
    Ring claimed = after(RING, new Join(C2, false), new Succeed(C1, C2.id()));
    assertNotAllowed(claimed, new Promote(C2.id()), "not lost");
    Ring promoted = after(claimed, new DeclareLost(C1), new Promote(C2.id()));
    assertThat(promoted.ownedBy(C2.id())).hasSize(8);
  }

  @Test
  void anOwnerThatComesBackKeepsItsSeats() {
    Ring lost = after(RING, new Join(C2, false), new Succeed(C1, C2.id()), new DeclareLost(C1));
    Ring back = after(lost, new Join(member("c1", 3), false));
    assertThat(back.isLost(C1)).isFalse();
    assertNotAllowed(back, new Promote(C2.id()), "not lost");
    assertThat(after(back, new StepDown(C2.id())).succeededBy(C2.id())).isEmpty();
  }

  @Test
  void onlyOneSucceedsUnlessTheOtherIsLostItself() {
    Ring claimed =
        after(RING, new Join(NEW_C1, true), new Succeed(C1, NEW_C1.id()), new Join(C2, false));
    assertNotAllowed(claimed, new Succeed(C1, C2.id()), "already is the successor");
    Ring again = after(claimed, new DeclareLost(NEW_C1.id()), new Succeed(C1, C2.id()));
    assertThat(again.succeededBy(C2.id())).hasSize(8);
    assertThat(again.member(NEW_C1.id())).as("it owned nothing").isEmpty();
    assertThat(again.former()).isEmpty();
  }

  @Test
  void aReplacementOfAReplacementTakesItsClaimAway() {
    Ring claimed = after(RING, new Join(NEW_C1, true), new Succeed(C1, NEW_C1.id()));
    Ring again = after(claimed, new Join(member("c1", 10), true));
    assertThat(again.succeededBy(NEW_C1.id())).isEmpty();
    assertThat(again.member(NEW_C1.id())).isEmpty();
    assertThat(again.isLost(C1)).isTrue();
  }

  @Test
  void aJoinIsRefusedWhereALivingNodeIsInTheWay() {
    assertNotAllowed(RING, new Join(NEW_C1, false), "has that name");
    assertNotAllowed(RING, new Join(member("c7", 3), false), "has the store");
    Member sameAddress = new Member(C2.id(), "c", "127.0.0.1", 1, 2, 30_001);
    assertNotAllowed(RING, new Join(sameAddress, false), "has that address");
    Member otherRack = new Member(C1, "a", "127.0.0.1", 1, 2, 3);
    assertNotAllowed(RING, new Join(otherRack, false), "belongs to rack");
  }

  @Test
  void aClaimIsRefusedWhereItMakesNoSense() {
    Ring joined = after(RING, new Join(C2, false));
    assertNotAllowed(joined, new Succeed(A1, C2.id()), "different racks");
    assertNotAllowed(joined, new Succeed(C2.id(), C1), "owns nothing");
    assertNotAllowed(joined, new Succeed(C1, C1), "itself");
    assertNotAllowed(joined, new Succeed(C1, new NodeId("c9", 77)), "no living member");
    assertNotAllowed(joined, new Promote(C2.id()), "nobody's successor");
  }

  @Test
  void whatStandsAlreadyIsSaidToStand() {
    assertStands(RING, new Join(member("c1", 3), false));
    assertStands(RING, new StepDown(C1));
    assertStands(RING, new Promote(C1));
    Ring lost = after(RING, new DeclareLost(C1), new Join(C2, false), new Succeed(C1, C2.id()));
    assertStands(lost, new DeclareLost(C1));
    assertStands(lost, new Succeed(C1, C2.id()));
    assertStands(RING, new DeclareLost(new NodeId("unknown", 5)));
  }

  private static Ring taken() {
    return after(
        RING,
        new DeclareLost(C1),
        new Join(C2, false),
        new Succeed(C1, C2.id()),
        new Promote(C2.id()));
  }

  private static SortedSet<NodeId> set(NodeId... nodes) {
    return new TreeSet<>(List.of(nodes));
  }

  @Test
  void aFormerNodeIsLetGoOnceEveryPresentOwnerHasWhatItHad() {
    Ring taken = taken();
    NodeId b1 = new NodeId("b1", 2);
    assertNotAllowed(taken, new Drained(C1, set(A1, b1)), "[c2#8] are not known to have all");
    assertNotAllowed(taken, new Drained(C1, set(A1, C2.id())), "[b1#2] are not known");
    assertNotAllowed(taken, new Drained(A1, set(A1, b1, C2.id())), "no former node");

    Ring drained = after(taken, new Drained(C1, set(A1, b1, C2.id())));
    assertThat(drained.former()).isEmpty();
    assertThat(drained.departed().drained()).containsExactly(C1);
    assertNotAllowed(drained, new Join(member("c1", 3), true), "directory is to be emptied first");
    assertThat(after(drained, new Join(NEW_C1, false)).member(NEW_C1.id())).isPresent();
  }

  @Test
  void aLivingNodeIsNeverForgotten() {
    assertNotAllowed(RING, new Forget(C1), "is a living member");
    assertNotAllowed(RING, new Forget(C2.id()), "no member of the ring");
    Ring back = after(RING, new DeclareLost(C1), new Join(member("c1", 3), false));
    assertNotAllowed(back, new Forget(C1), "is a living member");
  }

  @Test
  void aForgottenFormerNodeIsGoneForGood() {
    Ring forgotten = after(taken(), new Forget(C1));
    assertThat(forgotten.former()).isEmpty();
    assertThat(forgotten.isForgotten(C1)).isTrue();
    assertNotAllowed(forgotten, new Join(member("c1", 3), true), "was forgotten by an operator");
    assertNotAllowed(forgotten, new Drained(C1, set()), "no former node");
  }

  @Test
  void aForgottenOwnersSeatsWaitForASuccessorAndNobodyFeedsIt() {
    Ring forgotten = after(RING, new DeclareLost(C1), new Forget(C1));
    assertThat(forgotten.ownedBy(C1)).hasSize(8);
    assertThat(forgotten.fed(0)).doesNotContain(C1);
    assertThat(forgotten.presentOwners()).doesNotContain(C1);
    assertNotAllowed(forgotten, new Join(member("c1", 3), false), "was forgotten by an operator");

    Ring promoted =
        after(forgotten, new Join(C2, false), new Succeed(C1, C2.id()), new Promote(C2.id()));
    assertThat(promoted.former()).as("nobody waits for it").isEmpty();
    assertThat(promoted.isForgotten(C1)).isTrue();
  }

  @Test
  void aRecoveryGivesUpWhoIsOutOfReachAndIsAboveWhateverTheyDecide() {
    assertNotAllowed(RING, new Recover(set(A1, C1), 5), "a majority of the voters is in reach");
    assertNotAllowed(RING, new Recover(set(C2.id()), 5), "none of the voters");
    Ring recovered = after(RING, new Recover(set(A1), 5));
    assertThat(recovered.voters()).containsExactly(A1);
    assertThat(recovered.lost()).hasSize(2);
    assertThat(recovered.epoch()).isEqualTo(Ring.RECOVERY_STEP);
    assertThat(recovered.recoveries()).containsExactly(new Recovery(5, 1));
    assertThat(RING.relationOf(recovered)).isEqualTo(Lineage.Relation.NEWER);
    assertStands(recovered, new Recover(set(A1), 5));

    Ring others = after(RING, new DeclareLost(A1));
    assertThat(others.relationOf(recovered)).isEqualTo(Lineage.Relation.SPLIT);
    assertThat(recovered.relationOf(others)).isEqualTo(Lineage.Relation.SPLIT);
  }

  @Test
  void theLastVoterIsNotDeclaredLost() {
    Ring one = after(RING, new DeclareLost(A1), new DeclareLost(C1));
    assertNotAllowed(one, new DeclareLost(new NodeId("b1", 2)), "last");
  }

  @Test
  void anyChangesInAnyOrderGiveRingsAndStandOnceMade() {
    int made = 0;
    for (long seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      Ring ring = Rings.of("a1", "a2", "b1", "b2");
      for (int step = 0; step < 40; step++) {
        RingChange change = anyChange(random);
        // The constructor of Ring checks the invariants.
        if (RingChanges.apply(ring, change) instanceof RingChanges.Next next) {
          made++;
          assertThat(next.ring().epoch()).isEqualTo(ring.epoch() + 1);
          assertStands(next.ring(), change);
          ring = next.ring();
        }
      }
    }
    assertThat(made).isGreaterThan(600);
  }

  private static RingChange anyChange(Random random) {
    List<NodeId> ids = new ArrayList<>();
    for (int store = 1; store <= 9; store++) {
      ids.add(new NodeId(List.of("a", "b").get((store - 1) / 2 % 2) + (1 + store % 2), store));
    }
    ids.replaceAll(
        id ->
            id.store() > 4
                ? id
                : new NodeId(List.of("a1", "a2", "b1", "b2").get(id.store() - 1), id.store()));
    NodeId one = ids.get(random.nextInt(ids.size()));
    NodeId other = ids.get(random.nextInt(ids.size()));
    return switch (random.nextInt(7)) {
      case 0 -> new Join(member(one.name(), one.store()), random.nextBoolean());
      case 1 -> new Succeed(one, other);
      case 2 -> new StepDown(one);
      case 3 -> new Promote(one);
      case 4 -> new Forget(one);
      case 5 -> new Drained(one, new TreeSet<>(ids));
      default -> new DeclareLost(one);
    };
  }
}
