package io.kindred.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.membership.ClusterView;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutlookTest {

  private static final Member SPARE = Rings.member(9, 2);
  private static final NodeId SELF = SPARE.id();
  private static final NodeId OWNER = Rings.node(2);
  private static final Set<NodeId> WITHOUT_OWNER = Set.of(Rings.node(1), Rings.node(3), SELF);
  private static final Set<NodeId> ALL = Set.of(Rings.node(1), OWNER, Rings.node(3), SELF);

  private final Ring formed = Rings.of(3, 4);
  private final Ring joined = Rings.joined(formed, SPARE);
  private final Ring granted = Rings.with(joined, 2, OWNER, Optional.of(SELF));
  private final Ring promoted = Rings.with(joined, 2, SELF, Optional.empty());

  private static ClusterView view(Ring ring, Set<NodeId> reachable, Map<NodeId, Phase> phases) {
    return new ClusterView(SPARE, Optional.of(ring), phases, reachable);
  }

  private static ClusterView view(Ring ring) {
    return view(ring, WITHOUT_OWNER, Map.of());
  }

  private WarmUp in(Phase phase) {
    return new WarmUp(
        phase, phase == Phase.MASTER ? Claim.of(promoted, SELF) : Claim.of(granted, SELF));
  }

  @Test
  void withoutARingThereIsNothingToDo() {
    ClusterView view = new ClusterView(SPARE, Optional.empty(), Map.of(), ALL);
    assertThat(Outlook.event(WarmUp.BEGIN, view)).isEmpty();
    assertThat(Outlook.proposal(WarmUp.BEGIN, view)).isEmpty();
  }

  @Test
  void whoIsNoMemberAsksToJoin() {
    assertThat(Outlook.proposal(WarmUp.BEGIN, view(formed)))
        .contains(new RingChange.Join(SPARE, false));
  }

  @Test
  void aMemberThatMovedTellsItsNewAddress() {
    Member moved = new Member(SELF, "r2", "10.0.0.9", 1, 2, 3);
    ClusterView view = new ClusterView(moved, Optional.of(joined), Map.of(), ALL);
    assertThat(Outlook.proposal(WarmUp.BEGIN, view)).contains(new RingChange.Join(moved, false));
  }

  @Test
  void whoStandsAtItsNamesakesAddressReplacesIt() {
    Member lost = Rings.member(2, 2);
    Member self = new Member(new NodeId("n2", 99), "r2", lost.host(), 1, 2, lost.arteryPort());
    ClusterView view = new ClusterView(self, Optional.of(formed), Map.of(), Set.of(self.id()));
    assertThat(Outlook.proposal(WarmUp.BEGIN, view)).contains(new RingChange.Join(self, true));
    Member elsewhere = new Member(self.id(), "r2", lost.host(), 1, 2, 5);
    ClusterView fromElsewhere =
        new ClusterView(elsewhere, Optional.of(formed), Map.of(), Set.of(self.id()));
    assertThat(Outlook.proposal(WarmUp.BEGIN, fromElsewhere))
        .contains(new RingChange.Join(elsewhere, false));
  }

  @Test
  void aSpareAsksForTheSeatsOfAnOwnerOutOfReachOnly() {
    assertThat(Outlook.proposal(WarmUp.BEGIN, view(joined)))
        .contains(new RingChange.Succeed(OWNER, SELF));
    assertThat(Outlook.proposal(WarmUp.BEGIN, view(joined, ALL, Map.of()))).isEmpty();
    Ring taken =
        Rings.with(Rings.joined(joined, Rings.member(8, 2)), 2, OWNER, Optional.of(Rings.node(8)));
    assertThat(Outlook.proposal(WarmUp.BEGIN, view(taken))).isEmpty();
  }

  @Test
  void whatTheRingGivesBeginsAWarmUp() {
    assertThat(Outlook.event(WarmUp.BEGIN, view(joined))).isEmpty();
    assertThat(Outlook.event(WarmUp.BEGIN, view(granted)))
        .contains(new WarmUpEvent.SuccessionGranted(Claim.of(granted, SELF).orElseThrow()));
    assertThat(Outlook.event(WarmUp.BEGIN, view(promoted)))
        .contains(new WarmUpEvent.OwnSeatsFound(Claim.of(promoted, SELF).orElseThrow()));
  }

  @Test
  void aSuccessorStepsDownWhenTheOwnerServesAgain() {
    ClusterView inReach = view(granted, ALL, Map.of());
    ClusterView serves = view(granted, ALL, Map.of(OWNER, Phase.MASTER));
    for (Phase phase : Set.of(Phase.STREAMING, Phase.VERIFYING, Phase.PROMOTING)) {
      assertThat(Outlook.event(in(phase), inReach)).isEmpty();
      assertThat(Outlook.event(in(phase), serves)).contains(new WarmUpEvent.OwnerReturned(OWNER));
    }
    assertThat(Outlook.event(WarmUp.BEGIN, serves)).isEmpty();
    assertThat(Outlook.proposal(WarmUp.BEGIN, serves)).contains(new RingChange.StepDown(SELF));
  }

  @Test
  void whoFailedGivesItsClaimBack() {
    WarmUp failed = new WarmUp(Phase.FAILED, Optional.empty());
    assertThat(Outlook.event(failed, view(granted))).isEmpty();
    assertThat(Outlook.proposal(failed, view(granted))).contains(new RingChange.StepDown(SELF));
    assertThat(Outlook.proposal(failed, view(joined))).isEmpty();
    assertThat(Outlook.proposal(failed, view(promoted))).isEmpty();
  }

  @Test
  void onlyInPromotingDoesTheRingMakeAMaster() {
    assertThat(Outlook.event(in(Phase.PROMOTING), view(promoted)))
        .contains(new WarmUpEvent.RingDecided(Claim.of(promoted, SELF).orElseThrow()));
    assertThat(Outlook.event(in(Phase.VERIFYING), view(promoted)))
        .get()
        .isInstanceOf(WarmUpEvent.SeatsChanged.class);
    assertThat(Outlook.event(in(Phase.PROMOTING), view(granted))).isEmpty();
  }

  @Test
  void whoLosesWhatItWorkedForBeginsAgain() {
    for (Phase phase : Set.of(Phase.STREAMING, Phase.VERIFYING, Phase.PROMOTING, Phase.MASTER)) {
      assertThat(Outlook.event(in(phase), view(joined)))
          .get()
          .isInstanceOf(WarmUpEvent.SeatsChanged.class);
    }
    assertThat(Outlook.event(in(Phase.MASTER), view(promoted))).isEmpty();
  }
}
