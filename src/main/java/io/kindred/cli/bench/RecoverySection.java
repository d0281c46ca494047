package io.kindred.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How fast a killed node has its data back: the records, divided by the time from its start until
 * it serves, less the time that an empty node takes for that. It is killed and started again round
 * by round. From what is usual, snapshots and as much log as grows behind them, and from the log
 * alone.
 */
record RecoverySection() implements Section {

  /** A fifth of the records is written again behind the snapshots. */
  private static final int WRITTEN_AGAIN = 5;

  private static final Duration SNAPSHOT_WITHIN = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public Duration takes(StorePlan plan) {
    return Duration.ofSeconds(
        2 * (10 + plan.recordsMax() / 200_000)
            + plan.rounds() * (16 + plan.recordsMax() / 450_000));
  }

  @Override
  public List<Row> run(BenchScene scene) throws IOException {
    long records = scene.plan().recordsMax();
    String of = MemorySection.title(records);
    return List.of(
        recovery(
            scene,
            "recovery of " + of,
            scene.node(),
            kindred -> {
              kindred.beginSnapshots();
              kindred.awaitSnapshots(SNAPSHOT_WITHIN);
              Loader.load(kindred.port(), 0, records / WRITTEN_AGAIN, MemorySection.VALUE_BYTES);
            },
            Optional.of(Goal.atLeast(1_000_000))),
        recovery(
            scene,
            "recovery of " + of + ", log alone",
            scene.node().withoutSnapshots(),
            kindred -> {},
            Optional.empty()));
  }

  /** What is done with the loaded node before it is killed. */
  private interface Before {
    void accept(KindredServer kindred) throws IOException;
  }

  private static Row recovery(
      BenchScene scene, String name, NodeChoice choice, Before before, Optional<Goal> goal)
      throws IOException {
    long records = scene.plan().recordsMax();
    try (KindredServer kindred = scene.workbench().kindredAtRest(choice)) {
      Samples empty = starts(kindred, scene.plan().rounds());
      scene.say().accept(name + ": loading");
      Loader.load(kindred.port(), 0, records, MemorySection.VALUE_BYTES);
      before.accept(kindred);
      scene.say().accept(name + ": killing it and starting it again");
      Samples full = starts(kindred, scene.plan().rounds());
      refuseLoss(kindred, records);
      Samples perSecond =
          new Samples(
              full.values().stream()
                  .map(seconds -> records / Math.max(0.001, seconds - empty.median()))
                  .toList());
      return Row.own(name, "records/s", perSecond, "", Optional.empty(), goal)
          .detail("start_s", full.median())
          .detail("empty_start_s", empty.median())
          .remark(
              String.format(
                  Locale.ROOT,
                  "serves after %.1f s, an empty node after %.1f s",
                  full.median(),
                  empty.median()));
    }
  }

  /** Kills it where it runs, and starts it, again and again; the seconds until it served. */
  private static Samples starts(KindredServer kindred, int rounds) throws IOException {
    List<Double> seconds = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      kindred.kill();
      seconds.add(kindred.start().toNanos() / 1e9);
    }
    return new Samples(seconds);
  }

  /** A fast recovery of something else is none. */
  private static void refuseLoss(Server kindred, long records) throws IOException {
    long there = Long.parseLong(Talk.ask(kindred.port(), "DBSIZE"));
    if (there != records) {
      throw new NotMeasured(there + " of " + records + " records are there after the recovery");
    }
  }
}
