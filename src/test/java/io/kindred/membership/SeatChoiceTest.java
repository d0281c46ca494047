package io.kindred.membership;

import static io.kindred.ring.Rings.after;
import static io.kindred.ring.Rings.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.ring.Rings;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeatChoiceTest {

  private static final Ring RING = Rings.of("a1", "a2", "b1", "b2");
  private static final NodeId A1 = new NodeId("a1", 1);
  private static final NodeId A2 = new NodeId("a2", 2);
  private static final Member SPARE = member("a9", 9);
  private static final Member NEW_A2 = member("a2", 20);

  private static Set<NodeId> allBut(Ring ring, NodeId... missing) {
    Set<NodeId> inReach = new HashSet<>();
    ring.members().forEach(each -> inReach.add(each.id()));
    inReach.removeAll(Set.of(missing));
    return inReach;
  }

  @Test
  void anOwnerWorksForItsOwnSeats() {
    assertThat(SeatChoice.of(A1, RING, allBut(RING, A2))).isEqualTo(new SeatChoice.Own());
  }

  @Test
  void whoIsNotInTheRingOrLostJoins() {
    assertThat(SeatChoice.of(SPARE.id(), RING, allBut(RING))).isEqualTo(new SeatChoice.Join());
    Ring lost = after(RING, new RingChange.DeclareLost(A1));
    assertThat(SeatChoice.of(A1, lost, allBut(lost))).isEqualTo(new SeatChoice.Join());
  }

  @Test
  void aSpareWaitsAndThenTakesTheLowestVacantOwnerOfItsRack() {
    Ring ring = after(RING, new RingChange.Join(SPARE, false));
    NodeId spare = SPARE.id();
    assertThat(SeatChoice.of(spare, ring, allBut(ring))).isEqualTo(new SeatChoice.Spare());
    assertThat(SeatChoice.of(spare, ring, allBut(ring, new NodeId("b1", 3))))
        .isEqualTo(new SeatChoice.Spare());
    assertThat(SeatChoice.of(spare, ring, allBut(ring, A1, A2)))
        .isEqualTo(new SeatChoice.Claim(A1));
    Ring claimed = after(ring, new RingChange.Succeed(A2, spare));
    assertThat(SeatChoice.of(spare, claimed, allBut(ring, A1)))
        .isEqualTo(new SeatChoice.Succeeding(A2));
  }

  @Test
  void aNamesakeGoesFirst() {
    Ring ring =
        after(
            RING,
            new RingChange.Join(SPARE, false),
            new RingChange.DeclareLost(A1),
            new RingChange.Join(NEW_A2, true));
    assertThat(SeatChoice.of(NEW_A2.id(), ring, allBut(ring, A1, A2)))
        .isEqualTo(new SeatChoice.Claim(A2));
    Ring onlyA2 = after(RING, new RingChange.Join(SPARE, false), new RingChange.Join(NEW_A2, true));
    assertThat(SeatChoice.of(SPARE.id(), onlyA2, allBut(onlyA2, A2)))
        .isEqualTo(new SeatChoice.Spare());
    assertThat(SeatChoice.of(SPARE.id(), onlyA2, allBut(onlyA2, A2, NEW_A2.id())))
        .isEqualTo(new SeatChoice.Claim(A2));
  }
}
