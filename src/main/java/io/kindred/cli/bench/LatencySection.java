package io.kindred.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * How long answers take at a rate that both stores can bear: half of the slower one's peak, the
 * same for both, with much data in memory.
 *
 * @param java25 the folder of a JDK 25, to measure with too
 */
record LatencySection(Optional<String> java25) implements Section {

  static final int VALUE_BYTES = 1024;
  private static final double SHARE_OF_PEAK = 0.5;

  /** Measured beside the one that runs this. */
  private static final int JDK_AIMED_AT = 25;

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public Duration takes(StorePlan plan) {
    long kindreds = java25.isPresent() ? 2 : 1;
    Duration loading = Duration.ofSeconds((kindreds + 1) * (5 + (plan.dataBytes() >> 30) * 15));
    return loading.plus(plan.latencyRound().multipliedBy((plan.rounds() + 1) * kindreds * 2));
  }

  @Override
  public List<Row> run(BenchScene scene) throws IOException {
    long keys = keys(scene.plan().dataBytes());
    List<Row> rows = new ArrayList<>();
    try (RedisServer redis = scene.workbench().redis("everysec")) {
      scene.say().accept("latency: loading redis-server");
      Loader.load(redis.port(), 0, keys, VALUE_BYTES);
      Optional<LoadPlan> plan = Optional.empty();
      for (NodeChoice choice : choices(scene)) {
        try (KindredServer kindred = scene.workbench().kindred(choice)) {
          scene.say().accept("latency: loading Kindred on JDK " + choice.jvm().version());
          Loader.load(kindred.port(), 0, keys, VALUE_BYTES);
          if (plan.isEmpty()) {
            plan = Optional.of(plan(scene, kindred, redis, keys));
          }
          rows.addAll(compare(scene, kindred, redis, plan.get(), choice.jvm()));
        }
      }
    }
    if (java25.isEmpty() && scene.node().jvm().major() != JDK_AIMED_AT) {
      rows.add(
          Row.notMeasured(
              title(JDK_AIMED_AT) + " p99.9", "--java25 or JAVA25_HOME tells where that JDK is"));
    }
    return rows;
  }

  private static String title(int jdk) {
    return "latency JDK " + jdk;
  }

  static long keys(long dataBytes) {
    return Math.max(1, dataBytes / VALUE_BYTES);
  }

  /** Loaded data must leave a collector room to work; a heap that the user chose stays. */
  static NodeChoice roomFor(NodeChoice node, long dataBytes) {
    if (node.heap().isPresent()) {
      return node;
    }
    long wanted = Math.min(dataBytes * 2 + (1L << 30), Machine.memory() * 6 / 10);
    return node.withHeap(Math.max(wanted, Machine.memory() / 4) / (1 << 20) + "m");
  }

  private List<NodeChoice> choices(BenchScene scene) throws IOException {
    NodeChoice choice =
        roomFor(scene.node(), scene.plan().dataBytes())
            .withoutSnapshots()
            .with("kindred.log.fsync", "everysec");
    List<NodeChoice> choices = new ArrayList<>(List.of(choice));
    if (java25.isPresent() && choice.jvm().major() != JDK_AIMED_AT) {
      choices.add(choice.on(NodeJvm.at(Path.of(java25.get()))));
    }
    return choices;
  }

  private static LoadPlan plan(BenchScene scene, Server kindred, Server redis, long keys)
      throws IOException {
    scene.say().accept("latency: finding the rate");
    Duel duel = new Duel(scene, kindred, redis);
    duel.warm(new RedisBenchmark("SET", 1, VALUE_BYTES, keys));
    Duel.Rounds sets = duel.rounds(new RedisBenchmark("SET", 1, VALUE_BYTES, keys));
    Duel.Rounds gets = duel.rounds(new RedisBenchmark("GET", 1, VALUE_BYTES, keys));
    double slower = Math.min(mixed(sets.ours(), gets.ours()), mixed(sets.theirs(), gets.theirs()));
    return new LoadPlan(
        RedisBenchmark.CONNECTIONS,
        Math.max(100, Math.round(slower * SHARE_OF_PEAK / 100) * 100.0),
        scene.plan().latencyRound(),
        VALUE_BYTES,
        keys,
        1);
  }

  /** The pace of as many of the one as of the other. */
  private static double mixed(List<Duel.Turn> sets, List<Duel.Turn> gets) {
    double set = Duel.Rounds.of(sets, BenchmarkLine::perSecond).median();
    double get = Duel.Rounds.of(gets, BenchmarkLine::perSecond).median();
    return 2 / (1 / set + 1 / get);
  }

  private List<Row> compare(
      BenchScene scene, Server kindred, Server redis, LoadPlan plan, NodeJvm jvm)
      throws IOException {
    LoadPlan warm = plan.lasting(plan.lasts().dividedBy(2));
    OpenLoop.run(kindred.port(), warm);
    OpenLoop.run(redis.port(), warm);
    List<OpenLoop.Outcome> ours = new ArrayList<>();
    List<OpenLoop.Outcome> theirs = new ArrayList<>();
    for (int round = 0; round < scene.plan().rounds(); round++) {
      scene.say().accept("latency: JDK " + jvm.version() + ", round " + (round + 1));
      ours.add(answered(kindred, plan));
      theirs.add(answered(redis, plan));
    }
    String remark =
        String.format(
            Locale.ROOT,
            "%,.0f req/s, half SET, half GET, %d MiB of values, JDK %s",
            plan.perSecond(),
            scene.plan().dataBytes() >> 20,
            jvm.version());
    double bound = jvm.major() >= 25 ? 1.2 : 2.0;
    String title = title(jvm.major());
    return List.of(
        row(title + " p50", ours, theirs, at -> at.millisAt(50), Optional.empty(), remark),
        row(title + " p99", ours, theirs, at -> at.millisAt(99), Optional.empty(), remark),
        row(
            title + " p99.9",
            ours,
            theirs,
            at -> at.millisAt(99.9),
            Optional.of(Goal.atMost(bound)),
            remark),
        row(title + " max", ours, theirs, at -> at.millisMax(), Optional.empty(), remark));
  }

  /** A run whose every answer was a good one. */
  static OpenLoop.Outcome answered(Server server, LoadPlan plan) throws IOException {
    OpenLoop.Outcome outcome = OpenLoop.run(server.port(), plan);
    if (outcome.errors() > 0) {
      throw new NotMeasured(outcome.errors() + " answers were errors");
    }
    return outcome;
  }

  private static Row row(
      String title,
      List<OpenLoop.Outcome> ours,
      List<OpenLoop.Outcome> theirs,
      ToDoubleFunction<OpenLoop.Outcome> figure,
      Optional<Goal> goal,
      String remark) {
    return Row.ratio(title, "ms", samples(ours, figure), "redis", samples(theirs, figure), goal)
        .remark(remark);
  }

  static Samples samples(
      List<OpenLoop.Outcome> outcomes, ToDoubleFunction<OpenLoop.Outcome> figure) {
    return new Samples(outcomes.stream().map(figure::applyAsDouble).toList());
  }
}
