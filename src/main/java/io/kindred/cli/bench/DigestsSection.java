package io.kindred.cli.bench;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What keeping the digests costs a whole node: with them against without them. */
record DigestsSection() implements Section {

  private static final String SETTING = "kindred.storage.digests";
  private static final int VALUE_BYTES = 64;

  @Override
  public String name() {
    return "digests";
  }

  @Override
  public Duration takes(StorePlan plan) {
    return plan.round()
        .multipliedBy(4L * (plan.rounds() + 1))
        .plus(plan.warm().multipliedBy(2))
        .plusSeconds(20);
  }

  @Override
  public List<Row> run(BenchScene scene) throws IOException {
    if (!ConfigFactory.defaultApplication().hasPath(SETTING)) {
      throw new NotMeasured("this build has no setting " + SETTING);
    }
    long keys = scene.plan().keys();
    NodeChoice node = scene.node().withoutSnapshots();
    try (KindredServer with = scene.workbench().kindred(node.with(SETTING, "on"));
        KindredServer without = scene.workbench().kindred(node.with(SETTING, "off"))) {
      Loader.load(with.port(), 0, keys, VALUE_BYTES);
      Loader.load(without.port(), 0, keys, VALUE_BYTES);
      Duel duel = new Duel(scene, with, without);
      duel.warm(new RedisBenchmark("SET", 16, VALUE_BYTES, keys));
      List<Row> rows = new ArrayList<>();
      rows.add(row(scene, duel, 1, 3));
      rows.add(row(scene, duel, 16, 6));
      return rows;
    }
  }

  private static Row row(BenchScene scene, Duel duel, int pipeline, double lossMax)
      throws IOException {
    RedisBenchmark load = new RedisBenchmark("SET", pipeline, VALUE_BYTES, scene.plan().keys());
    scene.say().accept("digests: " + load.title());
    Duel.Rounds rounds = duel.rounds(load);
    return Row.loss(
            "digests " + load.title(),
            "req/s",
            Duel.Rounds.of(rounds.ours(), BenchmarkLine::perSecond),
            "without",
            Duel.Rounds.of(rounds.theirs(), BenchmarkLine::perSecond),
            Optional.of(Goal.atMost(lossMax)))
        .remark("loss by keeping digests");
  }
}
