package io.kindred.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.ring.NodeId;
import org.junit.jupiter.api.Test;

class StandStillTest {

  private static final NodeId SELF = new NodeId("node-1", 1);

  private final Watermarks marks = new Watermarks(SELF, 2, 1, 5_000, Watermarks.Stored.NOTHING);
  private final StandStill standStill = new StandStill(1_000);

  @Test
  void whoHasNothingToPurgeWaitsForNobody() {
    assertThat(standStill.turn(marks, 2, 0)).isEmpty();
    assertThat(standStill.turn(marks, 2, 9_000)).isEmpty();
    assertThat(standStill.longest(marks, 9_000)).isEmpty();
  }

  @Test
  void aWaitThatIsTooLongIsToldOnce() {
    marks.waits(1, true);
    assertThat(standStill.turn(marks, 2, 0)).isEmpty();
    assertThat(standStill.turn(marks, 2, 1_000)).isEmpty();
    assertThat(standStill.turn(marks, 2, 1_001))
        .hasValueSatisfying(
            held -> {
              assertThat(held.shard()).isEqualTo(1);
              assertThat(held.millis()).isEqualTo(1_001);
            });
    assertThat(standStill.turn(marks, 2, 2_000)).isEmpty();
    marks.waits(1, false);
    assertThat(standStill.turn(marks, 2, 3_000)).isEmpty();
    marks.waits(1, true);
    assertThat(standStill.turn(marks, 2, 4_000)).isEmpty();
    assertThat(standStill.turn(marks, 2, 5_001)).isPresent();
  }

  @Test
  void aRunIsAskedForWhereOnlyThatHelpsAndLessAndLessOften() {
    assertThat(standStill.isReconciliationDue(marks, 0)).isFalse();
    marks.tailMayBeLost(0);
    assertThat(standStill.isReconciliationDue(marks, 0)).isFalse();
    assertThat(standStill.isReconciliationDue(marks, 20_000)).isTrue();
    assertThat(standStill.isReconciliationDue(marks, 40_000)).isFalse();
    assertThat(standStill.isReconciliationDue(marks, 60_000)).isTrue();
  }
}
