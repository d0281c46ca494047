package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.storage.ModelledStore.Outcome;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random commands against a model of plain Java, with crashes and starts from snapshots and log at
 * random points: every answer is the model's, and what a start finds is what the model had, once
 * all that must be there was. {@code -Dkindred.model-runs=1000} for more.
 */
class ModelTest {

  private static final int FIXED_RUNS = 16;
  private static final int RUNS = Integer.getInteger("kindred.model-runs", 8);
  private static final int STEPS = 400;

  private final Map<FaultyDisk.Crash, Map<Outcome, Integer>> outcomes =
      new EnumMap<>(FaultyDisk.Crash.class);
  private final Map<String, Integer> answers = new TreeMap<>();
  private int swept;
  private CrashingStore.Batches found = new CrashingStore.Batches(0, 0, 0, 0);

  @ParameterizedTest
  @EnumSource(Fsync.class)
  void everyAnswerIsTheModelsOverAnyNumberOfCrashes(Fsync fsync) throws IOException {
    // What is required of all runs together is required of those that are the same each time.
    for (long seed = 1; seed <= FIXED_RUNS; seed++) {
      runOrTell(fsync, seed);
    }
    requireThatAllWasTried(fsync);
    long fresh = System.nanoTime();
    for (int run = 0; run < RUNS; run++) {
      runOrTell(fsync, fresh + run);
    }
  }

  private void runOrTell(Fsync fsync, long seed) throws IOException {
    try {
      run(fsync, seed);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(fsync + ", seed " + seed, e);
    }
  }

  private void run(Fsync fsync, long seed) throws IOException {
    Random random = new Random(seed);
    ModelledStore store = new ModelledStore(random, fsync, RandomCommands.KEYS);
    RandomCommands commands = new RandomCommands(random);
    for (int i = 0; i < STEPS; i++) {
      switch (random.nextInt(34)) {
        case 0 -> {
          FaultyDisk.Crash kind = FaultyDisk.Crash.any(random);
          if (random.nextInt(3) == 0) {
            store.settleAndCrash(kind);
          } else {
            outcomes
                .computeIfAbsent(kind, any -> new EnumMap<>(Outcome.class))
                .merge(store.crash(kind), 1, Integer::sum);
          }
          found = found.plus(store.store().found());
        }
        case 1, 2, 3 -> store.store().snapshotStep();
        case 4, 5, 6 -> store.store().turn();
        case 7, 8 -> store.store().sync();
        case 9, 10 -> store.store().pass(random.nextInt(400));
        case 11, 12 -> store.store().tend();
        default -> {
          String[] words = commands.next(store);
          String answer = store.run(words);
          String kind = answer.startsWith("WRONGTYPE") ? "WRONGTYPE" : "good";
          answers.merge(words[0] + " " + kind, 1, Integer::sum);
        }
      }
    }
    swept += store.store().swept();
  }

  private void requireThatAllWasTried(Fsync fsync) {
    // 7 commands take a key of any type, 29 more do not.
    assertThat(answers).as("commands and kinds of answers").hasSize(7 + 29 + 29);
    assertThat(swept).as("turns that took out expired or deleted keys").isGreaterThan(10);
    assertThat(found.packed()).as("packed").isPositive();
    assertThat(found.largePlain()).as("large and not packed").isPositive();
    assertThat(found.mixed()).as("both in a file").isPositive();
    if (fsync == Fsync.ALWAYS) {
      assertThat(found.packedOverZeros()).as("packed in a file of zeros").isPositive();
    }
    for (FaultyDisk.Crash kind : FaultyDisk.Crash.values()) {
      Map<Outcome, Integer> seen = outcomes.get(kind);
      assertThat(seen).as("%s %s", kind, outcomes).containsKeys(Outcome.ALL, Outcome.LEAST);
      if (kind == FaultyDisk.Crash.KEEPS_A_PREFIX || kind == FaultyDisk.Crash.KEEPS_ANY) {
        assertThat(seen).as("%s %s", kind, outcomes).containsKey(Outcome.SOME);
      }
    }
  }
}
