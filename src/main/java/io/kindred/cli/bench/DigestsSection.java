package io.kindred.cli.bench;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What keeping the digests costs a whole node: with them against without them. Two JVMs that run
 * the same are a few percent apart for as long as they live, by what their compilers made of it, so
 * a pair is started for each round of the plan. A request's processor time with and without them
 * stands beside the throughput, which neighbours disturb more.
 */
record DigestsSection() implements Section {

  private static final String SETTING = "kindred.storage.digests";
  private static final int VALUE_BYTES = 64;

  /** Of each pair; what differs most is the pairs. */
  private static final int ROUNDS = 3;

  @Override
  public String name() {
    return "digests";
  }

  @Override
  public Duration takes(StorePlan plan) {
    return plan.round()
        .multipliedBy(4L * (ROUNDS + 1))
        .plus(plan.warm().multipliedBy(2))
        .plusSeconds(20)
        .multipliedBy(plan.rounds());
  }

  @Override
  public List<Row> run(BenchScene scene) throws IOException {
    if (!ConfigFactory.defaultApplication().hasPath(SETTING)) {
      throw new NotMeasured("this build has no setting " + SETTING);
    }
    Map<Integer, List<Duel.Rounds>> byPipeline = new TreeMap<>();
    int pairs = scene.plan().rounds();
    for (int pair = 1; pair <= pairs; pair++) {
      scene.say().accept("digests: pair " + pair + " of " + pairs);
      measure(scene, byPipeline);
    }
    return List.of(
        row(scene, 1, Duel.Rounds.all(byPipeline.get(1)), 3),
        row(scene, 16, Duel.Rounds.all(byPipeline.get(16)), 6));
  }

  private static void measure(BenchScene scene, Map<Integer, List<Duel.Rounds>> byPipeline)
      throws IOException {
    long keys = scene.plan().keys();
    NodeChoice node = scene.node().withoutSnapshots();
    try (KindredServer with = scene.workbench().kindred(node.with(SETTING, "on"));
        KindredServer without = scene.workbench().kindred(node.with(SETTING, "off"))) {
      Loader.load(with.port(), 0, keys, VALUE_BYTES);
      Loader.load(without.port(), 0, keys, VALUE_BYTES);
      Duel duel = new Duel(scene, with, without);
      duel.warm(load(scene, 16));
      for (int pipeline : new int[] {1, 16}) {
        byPipeline
            .computeIfAbsent(pipeline, none -> new ArrayList<>())
            .add(duel.rounds(load(scene, pipeline), ROUNDS));
      }
    }
  }

  private static RedisBenchmark load(BenchScene scene, int pipeline) {
    return new RedisBenchmark("SET", pipeline, VALUE_BYTES, scene.plan().keys());
  }

  private static Row row(BenchScene scene, int pipeline, Duel.Rounds rounds, double lossMax) {
    double with = Duel.Rounds.cpuMicros(rounds.ours()).median();
    double without = Duel.Rounds.cpuMicros(rounds.theirs()).median();
    return Row.loss(
            "digests " + load(scene, pipeline).title(),
            "req/s",
            Duel.Rounds.of(rounds.ours(), BenchmarkLine::perSecond),
            "without",
            Duel.Rounds.of(rounds.theirs(), BenchmarkLine::perSecond),
            Optional.of(Goal.atMost(lossMax)))
        .detail("cpu_us", with)
        .detail("cpu_us_without", without)
        .remark(
            String.format(
                Locale.ROOT,
                "loss by keeping digests, over %d pairs of nodes; processor time a request %.2f"
                    + " and %.2f us",
                scene.plan().rounds(),
                with,
                without));
  }
}
