package io.kindred.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Each invariant, watching alone, notices when its mechanism is broken, and is quiet when not. */
class InvariantsBiteTest {

  private static final int SEEDS = 8;

  @Test
  void aLyingDiskLosesAcknowledgedWrites() {
    assertBites(Sabotage.DISKS_LIE, NoAcknowledgedWriteLost::new);
  }

  @Test
  void aLeakingFeedKeepsOwnersApart() {
    assertBites(Sabotage.FEED_LEAKS, OwnersConvergeOnceQuiet::new);
  }

  @Test
  void removalsThatStayAtHomeBringZombies() {
    assertBites(Sabotage.REMOVALS_STAY_AT_HOME, NoZombie::new);
  }

  @Test
  void stampingArrivalsAnewLetsOldWritesWin() {
    assertBites(Sabotage.ARRIVALS_ARE_STAMPED_ANEW, NewerWriteWins::new);
  }

  @Test
  void addingContributionsAgainMakesCountersWrong() {
    assertBites(Sabotage.CONTRIBUTIONS_ARE_ADDED_AGAIN, CountersAddUp::new);
  }

  @Test
  void acknowledgingWhatAFailingDiskDidNotTakeLosesWrites() {
    assertBites(Sabotage.FAILED_WRITES_ARE_ACKNOWLEDGED, NoAcknowledgedWriteLost::new);
  }

  @Test
  void showingWhatAFailingDiskDidNotTakeTellsOfWhatIsGoneLater() {
    assertBites(Sabotage.NOTHING_IS_HELD_BACK, WhatWasShownStays::new);
  }

  @Test
  void cuttingALogThatSnapshotsDoNotCoverLosesAcknowledgedWrites() {
    assertBites(Sabotage.LOGS_ARE_CUT_TOO_FAR, NoAcknowledgedWriteLost::new);
  }

  @Test
  void aLogCutTooFarIsDamaged() {
    assertBites(Sabotage.LOGS_ARE_CUT_TOO_FAR, NothingSyncedIsDamaged::new);
  }

  @Test
  void purgingByAgeBringsZombies() {
    assertBites(Sabotage.PURGED_BY_AGE, NoZombie::new);
  }

  @Test
  void withoutSabotageAllAreQuiet() {
    assertThat(firstViolation(Sabotage.NONE, SimulationTest.Promises::all)).isEmpty();
  }

  private static void assertBites(Sabotage sabotage, Supplier<Invariant> invariant) {
    assertThat(firstViolation(sabotage, () -> List.of(invariant.get())))
        .as("a violation under " + sabotage)
        .isPresent();
  }

  /** Repairs are off: they would mend what the sabotage breaks. */
  private static Optional<Violation> firstViolation(
      Sabotage sabotage, Supplier<List<Invariant>> invariants) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      SimulationPlan plan = SimulationPlan.of(seed).withoutRepairs();
      if (sabotage != Sabotage.NONE) {
        plan = plan.with(sabotage);
      }
      if (sabotage.needsPowerCuts()) {
        plan = plan.withPowerFailures();
      }
      try (Simulation simulation = new Simulation(seed, plan, invariants.get())) {
        simulation.run();
      } catch (Violation violation) {
        return Optional.of(violation);
      }
    }
    return Optional.empty();
  }
}
