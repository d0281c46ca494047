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
 * it serves, less the time that an empty node takes for that.
 */
record RecoverySection() implements Section {

  private static final Pattern REPLAYED = Pattern.compile("replayed ([0-9,]+) entries");

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public Duration takes(StorePlan plan) {
    return Duration.ofSeconds(12 + plan.recordsMax() / 100_000);
  }

  @Override
  public List<Row> run(BenchScene scene) throws IOException {
    long records = scene.plan().recordsMax();
    try (KindredServer kindred = scene.workbench().kindredAtRest(scene.node())) {
      Duration empty = kindred.start();
      scene.say().accept("recovery: loading " + records + " records");
      Loader.load(kindred.port(), 0, records, MemorySection.VALUE_BYTES);
      kindred.kill();
      int said = kindred.log().size();
      scene.say().accept("recovery: starting again");
      Duration full = kindred.start();
      List<String> log = kindred.log();
      refuseLoss(kindred, records);
      double seconds = Math.max(0.001, (full.toNanos() - empty.toNanos()) / 1e9);
      return List.of(
          Row.own(
                  "recovery of " + MemorySection.title(records),
                  "records/s",
                  Samples.of(records / seconds),
                  "",
                  Optional.empty(),
                  Optional.of(Goal.atLeast(1_000_000)))
              .detail("start_s", full.toNanos() / 1e9)
              .detail("empty_start_s", empty.toNanos() / 1e9)
              .detail("replayed_entries", (double) entries(log.subList(said, log.size())))
              .remark(
                  String.format(
                      Locale.ROOT,
                      "serves after %.1f s, an empty node after %.1f s",
                      full.toNanos() / 1e9,
                      empty.toNanos() / 1e9)));
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
