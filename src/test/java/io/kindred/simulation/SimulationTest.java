package io.kindred.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The promises, in every seed.
 *
 * <p>{@code -Dkindred.sim.seed=N} runs that seed alone, {@code -Dkindred.sim.seeds=N} runs N fresh
 * ones; without either some fixed ones and one fresh run.
 */
class SimulationTest {

  /** Enough for each variant of the plan to have its turn five times. */
  private static final int FIXED_SEEDS = 60;

  // Over the fixed seeds: in how many of them it happened.
  private static final Map<Happening, Integer> HAPPENED = new EnumMap<>(Happening.class);
  private static int fixedSeedsRun;

  static LongStream seeds() {
    Long one = Long.getLong("kindred.sim.seed");
    if (one != null) {
      return LongStream.of(one);
    }
    SecureRandom die = new SecureRandom();
    Integer fresh = Integer.getInteger("kindred.sim.seeds");
    LongStream drawn = die.longs(fresh == null ? 1 : fresh, 0, Long.MAX_VALUE);
    return fresh == null ? LongStream.concat(LongStream.rangeClosed(1, FIXED_SEEDS), drawn) : drawn;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void thePromisesHold(long seed) {
    SimulationPlan plan = SimulationPlan.of(seed);
    try (Simulation simulation = new Simulation(seed, plan, Promises.all())) {
      simulation.run();
      // Where clients got nothing done, promises are easily kept.
      assertThat(simulation.ledger().acknowledged()).isGreaterThan(plan.clientCommands() / 10);
      if (seed > FIXED_SEEDS) {
        System.out.println("simulation, fresh seed " + seed + ": " + simulation.summary());
      } else {
        fixedSeedsRun++;
        simulation.happenings().keySet().forEach(what -> HAPPENED.merge(what, 1, Integer::sum));
      }
    } catch (RuntimeException | AssertionError broken) {
      fail(
          "seed %d, %s%nreplay: mvn test -Dtest=SimulationTest -Dkindred.sim.seed=%d"
              .formatted(seed, plan, seed),
          broken);
    }
  }

  /** A fault that never comes, or comes when it does not matter, would be survived too. */
  @AfterAll
  static void allThatCanHappenHasHappened() {
    if (fixedSeedsRun == FIXED_SEEDS) {
      assertThat(HAPPENED).containsOnlyKeys(Happening.values());
    }
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    assertThat(summaryOf(7)).isEqualTo(summaryOf(7)).isNotEqualTo(summaryOf(19));
  }

  private static String summaryOf(long seed) {
    try (Simulation simulation = new Simulation(seed, SimulationPlan.of(seed), List.of())) {
      simulation.run();
      return simulation.summary();
    }
  }

  /** The promises, new for each run: some remember what they saw. */
  static final class Promises {

    private Promises() {}

    static List<Invariant> all() {
      return List.of(
          new NoAcknowledgedWriteLost(),
          new OwnersConvergeOnceQuiet(),
          new NoZombie(),
          new NewerWriteWins(),
          new CountersAddUp(),
          new WhatWasShownStays(),
          new NothingSyncedIsDamaged());
    }
  }
}
