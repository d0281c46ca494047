package io.kindred.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.ring.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who refuses writes, by the offsets that one node sees; node 0 is the one that looks. */
class ClockFenceTest {

  private static final ClockLimits LIMITS =
      new ClockLimits(Duration.ofMillis(250), Duration.ofMillis(400));

  private static NodeId node(int number) {
    return new NodeId("n" + number, number + 1);
  }

  private static List<NodeId> voters(int count) {
    return IntStream.range(0, count).mapToObj(ClockFenceTest::node).toList();
  }

  /** The clocks of nodes 1 and on, an error of 2 ms each; null for one that is out of reach. */
  private static List<PeerClock> peers(Integer... offsets) {
    List<PeerClock> peers = new ArrayList<>();
    for (int i = 0; i < offsets.length; i++) {
      if (offsets[i] != null) {
        peers.add(peer(i + 1, offsets[i], 2));
      }
    }
    return peers;
  }

  private static PeerClock peer(int node, long offset, long error) {
    return new PeerClock(node(node), Optional.of(new ClockOffset(offset, error)), false);
  }

  private static boolean isFenced(int voters, Integer... offsets) {
    return judge(Optional.empty(), voters, peers(offsets)).isPresent();
  }

  private static Optional<ClockFence> judge(
      Optional<ClockFence> before, int voters, List<PeerClock> peers) {
    return ClockFence.judge(before, voters(voters), peers, LIMITS);
  }

  @Test
  void ofThreeItTakesBothOthers() {
    assertThat(isFenced(3, 500, 500)).isTrue();
    assertThat(isFenced(3, -500, -450)).isTrue();
    assertThat(isFenced(3, 500, 390)).isFalse();
    assertThat(isFenced(3, 500, 0)).isFalse();
  }

  @Test
  void ofTwoNobodyKnowsWhichIsWrong() {
    assertThat(isFenced(2, 5000)).isFalse();
    assertThat(isFenced(1)).isFalse();
  }

  @Test
  void ofFiveItTakesThreeAndOfFourThree() {
    assertThat(isFenced(5, 500, 500, 500, 0)).isTrue();
    assertThat(isFenced(5, 500, 500, 0, 0)).isFalse();
    assertThat(isFenced(4, 500, 500, 500)).isTrue();
    assertThat(isFenced(4, 500, 500, 0)).isFalse();
  }

  @Test
  void whoHasTooFewInReachIsNotFenced() {
    assertThat(isFenced(3, 500, null)).isFalse();
    assertThat(isFenced(3, null, null)).isFalse();
    assertThat(isFenced(5, 500, 500, null, null)).isFalse();
    assertThat(isFenced(5, 500, null, 500, 500)).isTrue();
  }

  @Test
  void whoHasNoVoteIsNotCounted() {
    List<PeerClock> peers = List.of(peer(1, 500, 1), peer(7, 500, 1), peer(8, 500, 1));
    assertThat(judge(Optional.empty(), 3, peers)).isEmpty();
    assertThat(ClockFence.judge(Optional.empty(), List.of(), peers, LIMITS)).isEmpty();
  }

  @Test
  void theMiddleOneOfThreeGoesOn() {
    assertThat(isFenced(3, 500, -500)).isFalse();
    assertThat(isFenced(3, -500, -1000)).isTrue();
    assertThat(isFenced(3, 500, 1000)).isTrue();
  }

  @Test
  void whatTheErrorMayHaveMadeIsNotHeldAgainstIt() {
    assertThat(judge(Optional.empty(), 3, List.of(peer(1, 900, 501), peer(2, 900, 500)))).isEmpty();
    assertThat(judge(Optional.empty(), 3, List.of(peer(1, 900, 500), peer(2, 402, 2)))).isPresent();
    assertThat(judge(Optional.empty(), 3, List.of(peer(1, 900, 0), peer(2, 401, 2)))).isEmpty();
  }

  @Test
  void itEndsBelowTheLimitForWarnings() {
    Optional<ClockFence> fenced = judge(Optional.empty(), 3, peers(600, 610));
    assertThat(judge(fenced, 3, peers(390, 300))).as("better, not right").isPresent();
    assertThat(judge(fenced, 3, peers(390, 249))).isEmpty();
    assertThat(judge(Optional.empty(), 3, peers(390, 300))).isEmpty();
    assertThat(judge(fenced, 3, List.of(peer(1, 600, 900), peer(2, 600, 900))))
        .as("a slow network does not set a clock right")
        .isPresent();
    assertThat(judge(fenced, 3, peers(600, null))).as("cut off: nothing is known").isEmpty();
    Optional<ClockFence> other = judge(fenced, 3, peers(-500, -500));
    assertThat(other.orElseThrow().behind()).as("set beyond the mark").isFalse();
  }

  @Test
  void whileMostClocksAreRightTheRightOnesAreNeverFencedAndWrongOnesAlwaysAre() {
    Random random = new Random(21);
    for (int round = 0; round < 5000; round++) {
      int count = 1 + random.nextInt(9);
      int wrong = random.nextInt((count + 1) / 2);
      long[] clocks = new long[count];
      for (int i = 0; i < count; i++) {
        boolean isWrong = i < wrong;
        long off = isWrong ? 451 + random.nextInt(100_000) : random.nextInt(21);
        clocks[i] = (random.nextBoolean() ? 1 : -1) * off;
      }
      for (int looks = 0; looks < count; looks++) {
        List<PeerClock> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          if (i != looks) {
            peers.add(peer(i, clocks[i] - clocks[looks], random.nextInt(3)));
          }
        }
        assertThat(ClockFence.judge(Optional.empty(), voters(count), peers, LIMITS).isPresent())
            .isEqualTo(looks < wrong);
      }
    }
  }

  @Test
  void aClientIsToldByHowMuchAgainstWhomAndWhatToDo() {
    assertThat(judge(Optional.empty(), 3, peers(612, 615)).orElseThrow().refusal(LIMITS))
        .startsWith("CLOCKSKEW This node's clock is 612 ms behind 2 of the ring's 3 nodes")
        .contains("n1 by 612 ms, n2 by 615 ms")
        .contains("reads go on")
        .contains("within 250 ms")
        .doesNotContain("\n");
    assertThat(judge(Optional.empty(), 3, peers(-612, -615)).orElseThrow().refusal(LIMITS))
        .contains("612 ms ahead of 2");
  }

  @Test
  void aWarningIsGivenOnceUntilTheClockIsRightAgain() {
    ClockWarnings warnings = new ClockWarnings(LIMITS);
    assertThat(warnings.newlyOff(peers(251, 0))).isEmpty();
    assertThat(warnings.newlyOff(peers(252, 0)))
        .extracting(PeerClock::node)
        .containsExactly(node(1));
    assertThat(warnings.newlyOff(peers(300, -260)))
        .extracting(PeerClock::node)
        .containsExactly(node(2));
    assertThat(warnings.newlyOff(peers(210, -300))).isEmpty();
    assertThat(warnings.newlyOff(peers(300, -300))).as("it was not right yet").isEmpty();
    assertThat(warnings.newlyOff(peers(null, null))).isEmpty();
    assertThat(warnings.newlyOff(peers(199, -300))).isEmpty();
    assertThat(warnings.newlyOff(peers(300, -300)))
        .extracting(PeerClock::node)
        .containsExactly(node(1));
  }

  @Test
  void limitsThatCannotWorkAreRefused() {
    assertThatThrownBy(() -> new ClockLimits(Duration.ofMillis(400), Duration.ofMillis(400)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kindred.clock.warn-offset");
  }
}
