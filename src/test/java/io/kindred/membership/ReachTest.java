package io.kindred.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Rings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReachTest {

  private static final NodeId A = new NodeId("a1", 1);
  private static final NodeId B = new NodeId("b1", 2);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Reach reach = new Reach(A, Duration.ofSeconds(3), Duration.ofSeconds(2));

  private void hearB(long missesUsMillis) {
    reach.heard(
        new Reach.Neighbour(
            Rings.member("b1", 2), Phase.MASTER, List.of(new Silence(A, missesUsMillis))));
  }

  @Test
  void inReachWhileItsPulsesCome() {
    assertThat(reach.inReach()).containsExactly(A);
    hearB(0);
    reach.passed(Duration.ofMillis(1999));
    reach.passed(SECOND);
    assertThat(reach.inReach()).contains(A, B);
    reach.passed(SECOND);
    assertThat(reach.inReach()).containsExactly(A);
    assertThat(reach.phases()).containsEntry(B, Phase.MASTER);
    hearB(0);
    assertThat(reach.inReach()).contains(B);
  }

  @Test
  void outOfReachWhileItDoesNotHearUs() {
    hearB(3000);
    assertThat(reach.inReach()).containsExactly(A);
  }

  @Test
  void aPauseOfOurOwnIsNoSilenceOfTheOthers() {
    hearB(0);
    reach.passed(Duration.ofMinutes(1));
    assertThat(reach.inReach()).contains(B);
    assertThat(reach.silences()).containsExactly(new Silence(B, 2000));
  }

  @Test
  void silenceOfAMemberNeverHeardCountsFromWhenItIsExpected() {
    reach.expect(List.of(A, B));
    reach.passed(SECOND);
    assertThat(reach.silences()).containsExactly(new Silence(B, 1000));
  }

  @Test
  void whatDoesNotBelongIsForgottenOnceOutOfReach() {
    hearB(0);
    reach.expect(List.of(A));
    assertThat(reach.inReach()).contains(B);
    reach.passed(SECOND.multipliedBy(2));
    reach.passed(SECOND);
    reach.expect(List.of(A));
    assertThat(reach.silences()).isEmpty();
    assertThat(reach.phases()).isEmpty();
  }
}
