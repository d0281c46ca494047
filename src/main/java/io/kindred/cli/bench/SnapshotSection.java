package io.kindred.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What clients feel of a snapshot that is being written: p99 with one against p99 without. */
record SnapshotSection() implements Section {

  /** A quarter of the latency section's data: a snapshot of it takes about a round. */
  private static final int SHARE = 4;

  private static final double SHARE_OF_PEAK = 0.5;
  private static final Duration SNAPSHOT_WITHIN = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "snapshot";
  }

  @Override
  public Duration takes(StorePlan plan) {
    return plan.latencyRound().multipliedBy(2L * plan.rounds() + 1).plusSeconds(20);
  }

  @Override
  public List<Row> run(BenchScene scene) throws IOException {
    long data = scene.plan().dataBytes() / SHARE;
    long keys = LatencySection.keys(data);
    // None but those that are asked for.
    NodeChoice choice = LatencySection.roomFor(scene.node().withoutSnapshots(), data);
    try (KindredServer kindred = scene.workbench().kindred(choice)) {
      kindred.beginSnapshots();
      scene.say().accept("snapshot: loading");
      Loader.load(kindred.port(), 0, keys, LatencySection.VALUE_BYTES);
      LoadPlan plan = plan(scene, kindred, keys);
      LatencySection.answered(kindred, plan);
      List<OpenLoop.Outcome> without = new ArrayList<>();
      List<OpenLoop.Outcome> with = new ArrayList<>();
      List<Double> slices = new ArrayList<>();
      for (int round = 0; round < scene.plan().rounds(); round++) {
        scene.say().accept("snapshot: round " + (round + 1));
        without.add(LatencySection.answered(kindred, plan));
        kindred.beginSnapshots();
        with.add(LatencySection.answered(kindred, plan));
        kindred.awaitSnapshots(SNAPSHOT_WITHIN);
        slices.add(kindred.snapshots().path("longestSliceMicros").asLong() / 1000.0);
      }
      return List.of(
          Row.gain(
                  "snapshot p99",
                  "ms",
                  LatencySection.samples(with, at -> at.millisAt(99)),
                  "without",
                  LatencySection.samples(without, at -> at.millisAt(99)),
                  Optional.of(Goal.atMost(20)))
              .remark(
                  String.format(
                      Locale.ROOT, "more while one is written, at %,.0f req/s", plan.perSecond())),
          Row.own(
                  "snapshot pause",
                  "ms",
                  Samples.of(slices.toArray(Double[]::new)),
                  "",
                  Optional.empty(),
                  Optional.of(Goal.atMost(5)))
              .remark("the longest that a shard was kept from its clients to be read"));
    }
  }

  /** Half of what it can do alone. */
  private static LoadPlan plan(BenchScene scene, Server kindred, long keys) throws IOException {
    Duel alone = new Duel(scene, kindred, kindred);
    RedisBenchmark sets = new RedisBenchmark("SET", 1, LatencySection.VALUE_BYTES, keys);
    alone.warm(sets);
    double peak = Duel.Rounds.of(alone.rounds(sets).ours(), BenchmarkLine::perSecond).median();
    return new LoadPlan(
        RedisBenchmark.CONNECTIONS,
        Math.max(100, Math.round(peak * SHARE_OF_PEAK / 100) * 100.0),
        scene.plan().latencyRound(),
        LatencySection.VALUE_BYTES,
        keys,
        1);
  }
}
