package io.kindred.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.HybridClock;
import io.kindred.storage.DataDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node's writes are stamped with, over restarts and clocks that are set. */
class NodeClockTest {

  private static final long NOON = 1_800_000_000_000L;

  @TempDir Path dir;
  private long millis = NOON;

  private NodeClock clock(DataDirectory directory, long shiftMillis) {
    return new NodeClock(directory, () -> millis, Duration.ofMillis(shiftMillis));
  }

  @Test
  void aClockThatWasSetBackGoesOnStampingWhereItWas() throws Exception {
    try (DataDirectory directory = DataDirectory.open(dir, 2)) {
      NodeClock clock = clock(directory, 0);
      assertThat(clock.stampingMillis()).isEqualTo(NOON);
      HybridClock lane = directory.newClock(clock);
      directory.newClock(clock);
      lane.next();
      millis = NOON - 5_000;
      assertThat(clock.millis()).isEqualTo(NOON - 5_000);
      assertThat(clock.stampingMillis()).isEqualTo(NOON);
      millis = NOON + 1;
      assertThat(clock.stampingMillis()).isEqualTo(NOON + 1);
    }
  }

  @Test
  void afterACrashTheBoundIsToPassAndAfterACleanStopOnlyWhatWasIssued() throws Exception {
    try (DataDirectory directory = DataDirectory.open(dir, 1)) {
      directory.newClock(clock(directory, 0)).next();
    }
    try (DataDirectory directory = DataDirectory.open(dir, 1)) {
      NodeClock clock = clock(directory, 0);
      assertThat(clock.millisToPass()).isEqualTo(DataDirectory.BOUND_AHEAD_MILLIS);
      millis = NOON + 20_000;
      assertThat(clock.millisToPass()).isZero();
      HybridClock lane = directory.newClock(clock);
      long issued = lane.next();
      directory.markCleanStop(List.of(0L));
      assertThat(issued).isGreaterThan(HybridClock.ofMillis(NOON));
    }
    try (DataDirectory directory = DataDirectory.open(dir, 1)) {
      NodeClock clock = clock(directory, 0);
      assertThat(clock.millisToPass()).isZero();
      assertThat(directory.newClock(clock).next())
          .isGreaterThan(HybridClock.ofMillis(NOON + 20_000));
      millis = NOON - 3_600_000;
      assertThat(clock.millisToPass()).as("an hour is not waited for").isEqualTo(10_000);
    }
  }

  @Test
  void aShiftIsForTrials() throws Exception {
    try (DataDirectory directory = DataDirectory.open(dir, 1)) {
      assertThat(clock(directory, -900).millis()).isEqualTo(NOON - 900);
    }
  }
}
