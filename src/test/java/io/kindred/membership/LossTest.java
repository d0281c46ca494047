package io.kindred.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Rings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LossTest {

  private static final Ring RING = Rings.of("a1", "b1", "c1");
  private static final NodeId A = new NodeId("a1", 1);
  private static final NodeId B = new NodeId("b1", 2);
  private static final NodeId C = new NodeId("c1", 3);
  private static final Duration AFTER = Duration.ofSeconds(30);

  private static List<Silence> misses(NodeId of, long seconds) {
    return List.of(new Silence(of, seconds * 1000));
  }

  @Test
  void aMajorityThatMissesAMemberForLongEnoughFindsItLost() {
    assertThat(Loss.in(RING, Map.of(A, misses(C, 30), B, misses(C, 31)), AFTER)).contains(C);
    assertThat(Loss.in(RING, Map.of(A, misses(C, 29), B, misses(C, 31)), AFTER)).isEmpty();
  }

  @Test
  void aVoterThatStillReachesItVotesNo() {
    assertThat(Loss.in(RING, Map.of(A, misses(C, 99), B, misses(C, 0)), AFTER)).isEmpty();
    assertThat(Loss.in(RING, Map.of(A, misses(C, 99)), AFTER)).isEmpty();
  }

  @Test
  void anIslandFindsNobodyLost() {
    List<Silence> all = List.of(new Silence(A, 99_000), new Silence(B, 99_000));
    assertThat(Loss.in(RING, Map.of(C, all), AFTER)).isEmpty();
  }

  @Test
  void strangersAndTheSuspectHaveNoVote() {
    NodeId stranger = new NodeId("z1", 77);
    assertThat(
            Loss.in(
                RING, Map.of(A, misses(C, 99), stranger, misses(C, 99), C, misses(C, 99)), AFTER))
        .isEmpty();
  }
}
