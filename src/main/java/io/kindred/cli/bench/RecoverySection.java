package io.kindred.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast a killed node has its data back: the records, divided by the time from its start until
 * it serves, less the time that an empty node takes for that. Once from what is usual, snapshots
 * and as much log as grows behind them, and once from the log alone.
 */
record RecoverySection() implements Section {

  private static final Pattern REPLAYED = Pattern.compile("replayed ([0-9,]+) entries");

  /** A fifth of the records is written again behind the snapshots. */
  private static final int WRITTEN_AGAIN = 5;

  private static final Duration SNAPSHOT_WITHIN = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public Duration takes(StorePlan plan) {
    return Duration.ofSeconds(24 + plan.recordsMax() / 60_000);
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
      Duration empty = kindred.start();
      scene.say().accept(name + ": loading");
      Loader.load(kindred.port(), 0, records, MemorySection.VALUE_BYTES);
      before.accept(kindred);
      kindred.kill();
      int said = kindred.log().size();
      scene.say().accept(name + ": starting again");
      Duration full = kindred.start();
      List<String> log = kindred.log();
      refuseLoss(kindred, records);
      double seconds = Math.max(0.001, (full.toNanos() - empty.toNanos()) / 1e9);
      return Row.own(name, "records/s", Samples.of(records / seconds), "", Optional.empty(), goal)
          .detail("start_s", full.toNanos() / 1e9)
          .detail("empty_start_s", empty.toNanos() / 1e9)
          .detail("replayed_entries", (double) entries(log.subList(said, log.size())))
          .remark(
              String.format(
                  Locale.ROOT,
                  "serves after %.1f s, an empty node after %.1f s",
                  full.toNanos() / 1e9,
                  empty.toNanos() / 1e9));
    }
  }

  /** A fast recovery of something else is none. */
  private static void refuseLoss(Server kindred, long records) throws IOException {
    long there = Long.parseLong(Talk.ask(kindred.port(), "DBSIZE"));
    if (there != records) {
      throw new NotMeasured(there + " of " + records + " records are there after the recovery");
    }
  }

  /** Entries of the log that all lanes together say they replayed. */
  static long entries(List<String> log) {
    return log.stream()
        .map(REPLAYED::matcher)
        .filter(Matcher::find)
        .mapToLong(found -> Long.parseLong(found.group(1).replace(",", "")))
        .sum();
  }
}
