package io.kindred.ring;

import static io.kindred.ring.Lineage.Relation.NEWER;
import static io.kindred.ring.Lineage.Relation.OLDER;
import static io.kindred.ring.Lineage.Relation.SAME;
import static io.kindred.ring.Lineage.Relation.SPLIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineageTest {

  private static final long STEP = Ring.RECOVERY_STEP;
  private static final Recovery FIRST = new Recovery(11, 8);
  private static final Recovery RIVAL = new Recovery(12, 8);
  private static final Recovery SECOND = new Recovery(13, STEP + 4);

  private static Lineage at(long epoch, Recovery... recoveries) {
    return new Lineage(epoch, List.of(recoveries));
  }

  private static void assertRelation(Lineage one, Lineage other, Lineage.Relation relation) {
    assertThat(one.relationOf(other)).isEqualTo(relation);
    Lineage.Relation back =
        switch (relation) {
          case NEWER -> OLDER;
          case OLDER -> NEWER;
          case SAME, SPLIT -> relation;
        };
    assertThat(other.relationOf(one)).as("seen from the other side").isEqualTo(back);
  }

  @Test
  void withoutARecoveryTheEpochTells() {
    assertRelation(at(7), at(7), SAME);
    assertRelation(at(7), at(9), NEWER);
    assertRelation(at(STEP, FIRST), at(STEP + 1, FIRST), NEWER);
  }

  @Test
  void whoDecidedNothingElseFollowsTheRecoveredRing() {
    assertRelation(at(8), at(STEP, FIRST), NEWER);
    assertRelation(at(3), at(STEP + 9, FIRST), NEWER);
    assertRelation(at(8), at(2 * STEP, FIRST, SECOND), NEWER);
    assertRelation(at(STEP + 4, FIRST), at(2 * STEP, FIRST, SECOND), NEWER);
  }

  @Test
  void whoWentOnWithoutTheRecoveryIsNeverMergedWithIt() {
    assertRelation(at(9), at(STEP, FIRST), SPLIT);
    assertRelation(at(STEP + 5, FIRST), at(2 * STEP, FIRST, SECOND), SPLIT);
  }

  @Test
  void twoRecoveriesOfOneRingAreTwoRings() {
    assertRelation(at(STEP, FIRST), at(STEP, RIVAL), SPLIT);
    assertRelation(at(STEP + 7, FIRST), at(STEP, RIVAL), SPLIT);
    assertRelation(at(STEP, RIVAL), at(2 * STEP, FIRST, SECOND), SPLIT);
  }
}
