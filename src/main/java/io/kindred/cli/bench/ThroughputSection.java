package io.kindred.cli.bench;

import io.kindred.cli.bench.RedisBenchmark.Values;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * As many commands a second as fifty connections can have, from loaded stores.
 *
 * @param fsync {@code everysec} or {@code always}, the same word for both
 * @param cases what is asked
 */
record ThroughputSection(String name, String fsync, int valueBytes, List<Case> cases)
    implements Section {

  /**
   * One command in one depth of pipeline.
   *
   * @param goal as a multiple of Redis
   */
  record Case(String test, int pipeline, Values values, double goal) {

    Case(String test, int pipeline, double goal) {
      this(test, pipeline, Values.OF_ONE_LETTER, goal);
    }
  }

  static ThroughputSection small() {
    return new ThroughputSection(
        "throughput",
        "everysec",
        64,
        List.of(
            new Case("SET", 1, 1.0),
            new Case("GET", 1, 1.0),
            new Case("SET", 16, 1.5),
            new Case("GET", 16, 1.2)));
  }

  static ThroughputSection oneKibibyte() {
    return new ThroughputSection(
        "throughput-1k",
        "everysec",
        1024,
        List.of(
            new Case("SET", 1, 1.0),
            new Case("GET", 1, 1.0),
            new Case("SET", 16, 1.3),
            new Case("SET", 16, Values.RECORDS, 1.3),
            new Case("GET", 16, 1.1)));
  }

  static ThroughputSection fsyncAlways() {
    return new ThroughputSection(
        "fsync-always", "always", 64, List.of(new Case("SET", 1, 1.0), new Case("GET", 1, 1.0)));
  }

  @Override
  public Duration takes(StorePlan plan) {
    Duration each = plan.round().multipliedBy(2L * (plan.rounds() + 1) * cases.size());
    return each.plus(plan.warm().multipliedBy(2)).plusSeconds(12);
  }

  @Override
  public List<Row> run(BenchScene scene) throws IOException {
    StorePlan plan = scene.plan();
    NodeChoice choice = scene.node().withoutSnapshots().with("kindred.log.fsync", fsync);
    try (RedisServer redis = scene.workbench().redis(fsync);
        KindredServer kindred = scene.workbench().kindred(choice)) {
      scene.say().accept(name + ": loading " + plan.keys() + " keys");
      Loader.load(redis.port(), 0, plan.keys(), valueBytes);
      Loader.load(kindred.port(), 0, plan.keys(), valueBytes);
      Duel duel = new Duel(scene, kindred, redis);
      duel.warm(new RedisBenchmark("SET", 16, valueBytes, plan.keys()));
      List<Row> rows = new ArrayList<>();
      for (Case asked : cases) {
        RedisBenchmark load =
            new RedisBenchmark(
                asked.test(), asked.pipeline(), valueBytes, asked.values(), plan.keys());
        scene.say().accept(name + ": " + load.title());
        rows.add(row(name + " " + load.title(), duel.rounds(load), asked.goal()));
      }
      return rows;
    }
  }

  /** A row of both stores' pace, with their latencies and what processor time a request took. */
  static Row row(String title, Duel.Rounds rounds, double goal) {
    Samples ours = Duel.Rounds.of(rounds.ours(), BenchmarkLine::perSecond);
    Samples theirs = Duel.Rounds.of(rounds.theirs(), BenchmarkLine::perSecond);
    double ourP50 = Duel.Rounds.of(rounds.ours(), BenchmarkLine::p50Millis).median();
    double ourP99 = Duel.Rounds.of(rounds.ours(), BenchmarkLine::p99Millis).median();
    double theirP50 = Duel.Rounds.of(rounds.theirs(), BenchmarkLine::p50Millis).median();
    double theirP99 = Duel.Rounds.of(rounds.theirs(), BenchmarkLine::p99Millis).median();
    return Row.ratio(title, "req/s", ours, "redis", theirs, Optional.of(Goal.atLeast(goal)))
        .detail("kindred_p50_ms", ourP50)
        .detail("kindred_p99_ms", ourP99)
        .detail("redis_p50_ms", theirP50)
        .detail("redis_p99_ms", theirP99)
        .detail("kindred_cpu_us", Duel.Rounds.cpuMicros(rounds.ours()).median())
        .detail("redis_cpu_us", Duel.Rounds.cpuMicros(rounds.theirs()).median())
        .remark(
            String.format(
                Locale.ROOT,
                "p50 %.2f : %.2f ms, p99 %.2f : %.2f ms",
                ourP50,
                theirP50,
                ourP99,
                theirP99));
  }
}
