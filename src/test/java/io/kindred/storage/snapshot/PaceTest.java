package io.kindred.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final long MILLI = 1_000_000;

  @Test
  void savesShortPausesUp() {
    Pace pace = new Pace(1_000_000);
    assertThat(pace.pauseAfter(700, 0)).isZero();
    assertThat(pace.pauseAfter(700, 0)).isEqualTo(Duration.ofNanos(1_400_000));
  }

  @Test
  void keepsItsRateThoughEveryPauseTakesLongerThanAsked() {
    Pace pace = new Pace(1_000_000);
    long now = 5;
    long sent = 0;
    while (now < 2_000 * MILLI) {
      sent += 500;
      now += MILLI / 10;
      Duration pause = pace.pauseAfter(500, now);
      now += pause.isZero() ? 0 : pause.toNanos() + 10 * MILLI;
    }
    assertThat(sent).isBetween(1_950_000L, 2_060_000L);
  }

  @Test
  void doesNotMakeUpForAllOfALongAbsence() {
    Pace pace = new Pace(1_000_000);
    pace.pauseAfter(1_000, 0);
    long now = 60_000 * MILLI;
    long sent = 0;
    while (pace.pauseAfter(1_000, now).isZero()) {
      sent += 1_000;
    }
    assertThat(sent).isLessThan(60_000);
  }
}
