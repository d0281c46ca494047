package io.kindred.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.ring.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes that exchange pulses over ways of any length, told in true time. */
class PeerClocksTest {

  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);

  /** A node with a wall clock that is off by what the test says, and a steady one of its own. */
  private static final class End {
    final PeerClocks clocks;
    final long steadyZero;
    double offMillis;

    End(NodeId id, long steadyZero) {
      this.clocks = new PeerClocks(id);
      this.steadyZero = steadyZero;
    }

    long wall(double trueMillis) {
      return (long) Math.floor(1_800_000_000_000.0 + trueMillis + offMillis);
    }

    long nanos(double trueMillis) {
      return steadyZero + (long) (trueMillis * 1e6);
    }

    ClockPulse pulse(double now) {
      return new ClockPulse(wall(now), nanos(now), false, clocks.echoes(nanos(now)));
    }

    void hear(NodeId from, ClockPulse pulse, double now) {
      clocks.heard(from, pulse, wall(now), nanos(now));
    }

    Optional<ClockOffset> seen(NodeId other) {
      return clocks.all().stream()
          .filter(peer -> peer.node().equals(other))
          .findFirst()
          .flatMap(PeerClock::offset);
    }
  }

  private End a;
  private End b;
  private double now;

  @BeforeEach
  void begin() {
    a = new End(A, 77);
    b = new End(B, Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3)); // runs over, as it may
    now = 0.25;
  }

  /** One pulse each way, and a second goes by. */
  private void second(double millisToB, double millisToA) {
    ClockPulse fromA = a.pulse(now);
    ClockPulse fromB = b.pulse(now + 300);
    b.hear(A, fromA, now + millisToB);
    a.hear(B, fromB, now + 300 + millisToA);
    now += 1000;
  }

  private void assertTrue(double trueOffset, long errorMax) {
    ClockOffset seen = a.seen(B).orElseThrow();
    assertThat(Math.abs(seen.offsetMillis() - trueOffset))
        .isLessThanOrEqualTo((double) seen.errorMillis());
    assertThat(seen.errorMillis()).isLessThanOrEqualTo(errorMax);
    ClockOffset back = b.seen(A).orElseThrow();
    assertThat(Math.abs(back.offsetMillis() + trueOffset))
        .isLessThanOrEqualTo((double) back.errorMillis());
  }

  @Test
  void clocksAreComparedToAMillisecondOnAGoodNetwork() {
    b.offMillis = 312.4;
    for (int i = 0; i < 3; i++) {
      second(0.2, 0.3);
    }
    assertTrue(312.4, 2);
  }

  @Test
  void nothingIsKnownBeforeAnEcho() {
    a.hear(B, b.pulse(now), now + 1);
    assertThat(a.clocks.all()).hasSize(1);
    assertThat(a.seen(B)).isEmpty();
  }

  @Test
  void ofAWayThatTakesLongerInOneDirectionTheErrorTells() {
    b.offMillis = -100;
    for (int i = 0; i < 10; i++) {
      second(1, 90);
    }
    assertTrue(-100, 48);
    assertThat(a.seen(B).orElseThrow().errorMillis()).isGreaterThan(40);
  }

  @Test
  void theShortestRoundTripOfTheLastIsBelieved() {
    b.offMillis = 50;
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      boolean quick = i % 6 < 2; // an echo is of the pulse before, so a round trip takes two
      second(quick ? 0.4 : 400 * random.nextDouble(), quick ? 0.4 : 300 * random.nextDouble());
      if (i >= 8) {
        assertTrue(50, 3);
      }
    }
  }

  @Test
  void whateverHoldsPulsesUpRaisesNoAlarm() {
    Random random = new Random(9);
    for (int i = 0; i < 2000; i++) {
      second(random.nextInt(5) == 0 ? 0.5 : random.nextInt(60_000), random.nextInt(30_000));
      assertThat(a.seen(B).filter(offset -> offset.isSurely(250))).isEmpty();
      assertThat(b.seen(A).filter(offset -> offset.isSurely(250))).isEmpty();
    }
  }

  @Test
  void aProcessThatWasStoppedRaisesNoAlarm() {
    for (int i = 0; i < 10; i++) {
      second(0.2, 0.2);
    }
    // b stands still for a minute; then it hears all that was sent meanwhile, in one go.
    List<ClockPulse> queued = new java.util.ArrayList<>();
    for (int i = 0; i < 60; i++) {
      queued.add(a.pulse(now));
      now += 1000;
    }
    for (ClockPulse pulse : queued) {
      b.hear(A, pulse, now);
      assertTrue(0, 2);
    }
    second(0.2, 0.2);
    assertTrue(0, 2);
  }

  @Test
  void aClockThatIsSetIsNoticedWithinThreePulses() {
    for (int i = 0; i < 20; i++) {
      second(0.3, 0.3);
    }
    b.offMillis = -1500;
    second(0.3, 0.3);
    second(0.3, 0.3);
    assertThat(a.seen(B).orElseThrow().offsetMillis()).as("not by fewer").isBetween(-2L, 2L);
    second(0.3, 0.3);
    assertTrue(-1500, 2);
    assertThat(a.seen(B).orElseThrow().isSurely(400)).isTrue();

    a.offMillis = -1500; // and so is the one that looks
    for (int i = 0; i < 3; i++) {
      second(0.3, 0.3);
    }
    assertTrue(0, 2);
  }

  @Test
  void oneReadingThatCannotBeTrueIsNotBelieved() {
    for (int i = 0; i < 10; i++) {
      second(0.5, 0.5);
    }
    // A machine slept: its steady clock stood still, and one pulse met the wall clock of before.
    ClockPulse pulse = b.pulse(now);
    ClockPulse late =
        new ClockPulse(pulse.wallMillis() - 60_000, pulse.sentNanos(), false, pulse.echoes());
    a.hear(B, late, now + 0.1);
    assertThat(a.seen(B).orElseThrow().isSurely(250)).isFalse();
    for (int i = 0; i < 10; i++) {
      second(0.5, 0.5);
      assertThat(a.seen(B).orElseThrow().isSurely(250)).isFalse();
    }
  }

  @Test
  void anEchoOfAnEarlierLifeIsNoSample() {
    for (int i = 0; i < 10; i++) {
      second(0.5, 0.5);
    }
    End again = new End(A, -TimeUnit.DAYS.toNanos(1)); // its steady clock begins anew
    again.hear(B, b.pulse(now), now + 1);
    assertThat(again.seen(B)).isEmpty();
    End much = new End(A, TimeUnit.DAYS.toNanos(1));
    much.hear(B, b.pulse(now), now + 1);
    assertThat(much.seen(B)).isEmpty();
  }

  @Test
  void whoIsOutOfReachIsForgotten() {
    second(1, 1);
    second(1, 1);
    assertThat(a.seen(B)).isPresent();
    a.clocks.keep(Set.of(A, B));
    assertThat(a.seen(B)).isPresent();
    a.clocks.keep(Set.of(A));
    assertThat(a.clocks.all()).isEmpty();
    assertThat(a.clocks.echoes(0)).isEmpty();
  }
}
