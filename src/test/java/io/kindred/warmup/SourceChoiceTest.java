package io.kindred.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.membership.ClusterView;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourceChoiceTest {

  private static final NodeId ONE = Rings.node(1);
  private static final NodeId THREE = Rings.node(3);

  private final Ring ring =
      Rings.with(Rings.of(3, 4, Rings.member(9, 2)), 2, Rings.node(2), Optional.of(Rings.node(9)));

  private Optional<NodeId> choose(
      Map<NodeId, Phase> phases,
      Set<NodeId> reachable,
      Map<NodeId, Integer> given,
      Set<NodeId> failed) {
    ClusterView view = new ClusterView(Rings.member(9, 2), Optional.of(ring), phases, reachable);
    return SourceChoice.choose(0, ring, view, given, failed);
  }

  private static final Map<NodeId, Phase> MASTERS =
      Map.of(ONE, Phase.MASTER, Rings.node(2), Phase.MASTER, THREE, Phase.MASTER);
  private static final Set<NodeId> ALL = Set.of(ONE, Rings.node(2), THREE, Rings.node(9));

  @Test
  void theLeastLoadedMasterOfAnotherRackIsTaken() {
    assertThat(choose(MASTERS, ALL, Map.of(), Set.of())).contains(ONE);
    assertThat(choose(MASTERS, ALL, Map.of(ONE, 2, THREE, 1), Set.of())).contains(THREE);
  }

  @Test
  void severalSourcesShareTheWorkEvenly() {
    Map<NodeId, Integer> given = new HashMap<>();
    for (int shard = 0; shard < 10; shard++) {
      given.merge(choose(MASTERS, ALL, given, Set.of()).orElseThrow(), 1, Integer::sum);
    }
    assertThat(given).isEqualTo(Map.of(ONE, 5, THREE, 5));
  }

  @Test
  void whoFailedLatelyOrIsOutOfReachIsSkipped() {
    assertThat(choose(MASTERS, ALL, Map.of(), Set.of(ONE))).contains(THREE);
    assertThat(choose(MASTERS, Set.of(ONE), Map.of(ONE, 9), Set.of())).contains(ONE);
    assertThat(choose(MASTERS, Set.of(THREE), Map.of(), Set.of(THREE))).isEmpty();
  }

  @Test
  void theOwnersOfTheOwnRackAreNoSources() {
    assertThat(choose(MASTERS, Set.of(Rings.node(2)), Map.of(), Set.of())).isEmpty();
  }

  @Test
  void anOwnerThatIsBeingComparedWillDoWhereThereIsNoMaster() {
    Map<NodeId, Phase> phases = Map.of(ONE, Phase.STREAMING, THREE, Phase.VERIFYING);
    assertThat(choose(phases, ALL, Map.of(), Set.of())).contains(THREE);
    assertThat(choose(Map.of(ONE, Phase.STANDBY), ALL, Map.of(), Set.of())).isEmpty();
    assertThat(
            choose(
                Map.of(ONE, Phase.VERIFYING, THREE, Phase.MASTER),
                ALL,
                Map.of(THREE, 60),
                Set.of()))
        .contains(THREE);
  }
}
