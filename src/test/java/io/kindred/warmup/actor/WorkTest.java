package io.kindred.warmup.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.membership.ClusterView;
import io.kindred.reconcile.RunPlan;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.warmup.Claim;
import io.kindred.warmup.Rings;
import io.kindred.warmup.WarmUpEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

/** With whom a comparison is made. This node is the owner n1 of rack r1. */
class WorkTest {

  private static final Member SELF = Rings.member(1, 1);
  private static final NodeId TWO = Rings.node(2);
  private static final NodeId THREE = Rings.node(3);
  private static final NodeId FOUR = Rings.node(4);

  private final List<RunPlan> compared = new ArrayList<>();
  private final List<Finding> found = new ArrayList<>();

  private void compare(int racks, Set<NodeId> reachable, Set<NodeId> feeding) {
    Ring ring = Rings.of(racks, 4);
    ClusterView view = new ClusterView(SELF, Optional.of(ring), Map.of(), reachable);
    Claim claim = Claim.of(ring, SELF.id()).orElseThrow();
    Duration any = Duration.ofSeconds(1);
    Surroundings around =
        new Surroundings(
            SELF,
            null,
            null,
            null,
            null,
            null,
            null,
            (plan, listener) -> {
              compared.add(plan);
              return Behaviors.empty();
            },
            new WarmUpSettings(2, any, any, any, any, any, any, any, Optional.empty()));
    BehaviorTestKit.create(
        Behaviors.setup(
            context -> {
              new Work(context, around, new Board(SELF), (number, finding) -> found.add(finding))
                  .compare(claim, view, feeding);
              return Behaviors.empty();
            }));
  }

  private void assertLacking(NodeId... nodes) {
    assertThat(compared).isEmpty();
    assertThat(found).hasSize(1);
    assertThat(found.get(0)).isInstanceOf(Finding.Event.class);
    WarmUpEvent event = ((Finding.Event) found.get(0)).event();
    assertThat(event).isInstanceOf(WarmUpEvent.ProofLacking.class);
    for (NodeId node : nodes) {
      assertThat(event.toString()).contains(node.toString());
    }
  }

  @Test
  void whoCameIntoReachSinceItWasAskedIsNotComparedWith() {
    compare(3, Set.of(TWO, THREE), Set.of(TWO));
    assertLacking(THREE);
  }

  @Test
  void whoWentOutOfReachSinceItFedIsNotComparedWith() {
    compare(3, Set.of(TWO), Set.of(TWO, THREE));
    assertLacking(THREE);
  }

  @Test
  void nobodyInReachIsNoProof() {
    compare(3, Set.of(), Set.of());
    assertLacking(TWO, THREE);
  }

  @Test
  void whereEnoughAreLeftTheyAreCompared() {
    compare(4, Set.of(TWO, THREE, FOUR), Set.of(TWO, FOUR));
    assertThat(found).isEmpty();
    assertThat(compared).hasSize(1);
    assertThat(compared.get(0).participants()).containsExactlyInAnyOrder(SELF.id(), TWO, FOUR);
  }

  @Test
  void theOnlyRackHasNobodyToCompareWith() {
    compare(1, Set.of(SELF.id()), Set.of());
    assertThat(compared).isEmpty();
    assertThat(found).containsExactly(new Finding.Event(new WarmUpEvent.ProofGiven(0)));
  }
}
