package io.kindred.cli.bench;

import io.kindred.cli.bench.ThroughputSection.Case;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * As many commands a second as fifty connections can have from the first of three racks, all three
 * of which hold everything, beside a redis-server with two replicas. Between turns all that was
 * written reaches all, so that nobody works on the other's time.
 *
 * @param level when a write is answered; the node's own default where empty
 */
record ReplicatedSection(String name, Optional<String> level, List<Case> cases) implements Section {

  private static final String FSYNC = "everysec";
  private static final int VALUE_BYTES = 64;

  static ReplicatedSection dcOne() {
    return new ReplicatedSection(
        "dc_one",
        Optional.empty(),
        List.of(
            new Case("SET", 1, 0.8),
            new Case("GET", 1, 1.0),
            new Case("SET", 16, 1.2),
            new Case("GET", 16, 1.2)));
  }

  static ReplicatedSection dcQuorum() {
    return new ReplicatedSection(
        "dc_quorum",
        Optional.of("dc_quorum"),
        List.of(new Case("SET", 1, 0.6), new Case("SET", 16, 0.7)));
  }

  @Override
  public Duration takes(StorePlan plan) {
    Duration turn = plan.round().plusSeconds(3);
    return turn.multipliedBy(2L * (plan.rounds() + 1) * cases.size())
        .plus(plan.warm().multipliedBy(2))
        .plusSeconds(30);
  }

  @Override
  public List<Row> run(BenchScene scene) throws IOException {
    StorePlan plan = scene.plan();
    NodeChoice everysec = scene.node().withoutSnapshots().with("kindred.log.fsync", FSYNC);
    NodeChoice choice =
        level.map(wanted -> everysec.with("kindred.consistency.write", wanted)).orElse(everysec);
    try (RedisReplicas redis = RedisReplicas.start(scene.workbench(), FSYNC, RacksBench.RACKS - 1);
        KindredRacks kindred = KindredRacks.start(scene.workbench(), choice, RacksBench.RACKS)) {
      requireLevels(kindred);
      scene.say().accept(name + ": loading " + plan.keys() + " keys");
      for (Server server : List.of(redis, kindred)) {
        Loader.load(server.port(), 0, plan.keys(), VALUE_BYTES);
        server.settle();
      }
      Duel duel = new Duel(scene, kindred, redis);
      duel.warm(new RedisBenchmark("SET", 16, VALUE_BYTES, plan.keys()));
      List<Row> rows = new ArrayList<>();
      for (Case asked : cases) {
        RedisBenchmark load =
            new RedisBenchmark(asked.test(), asked.pipeline(), VALUE_BYTES, plan.keys());
        scene.say().accept(name + ": " + load.title());
        rows.add(row(name + " " + load.title(), duel.rounds(load), asked.goal()));
      }
      return rows;
    }
  }

  /** A node that knows no levels takes the setting for nothing, and would be measured at dc_one. */
  private void requireLevels(KindredRacks kindred) throws IOException {
    if (level.isPresent()) {
      try {
        Talk.ask(kindred.port(), "KINDRED CONSISTENCY");
      } catch (IOException refused) {
        throw new NotMeasured(
            "the node does not take kindred.consistency.write = "
                + level.get()
                + ": "
                + refused.getMessage(),
            refused);
      }
    }
  }

  /** With what each process took of the processors for a request. */
  static Row row(String title, Duel.Rounds rounds, double goal) {
    Row row = ThroughputSection.row(title, rounds, goal);
    List<Double> ours = cpu(rounds.ours());
    List<Double> theirs = cpu(rounds.theirs());
    for (int i = 0; i < ours.size(); i++) {
      row = row.detail("kindred_" + (i + 1) + "_cpu_us", ours.get(i));
    }
    for (int i = 0; i < theirs.size(); i++) {
      row = row.detail("redis_" + (i + 1) + "_cpu_us", theirs.get(i));
    }
    return row.remark(
        String.format(
            Locale.ROOT, "CPU %s : %s us; %s", joined(ours), joined(theirs), row.remark()));
  }

  private static List<Double> cpu(List<Duel.Turn> turns) {
    return IntStream.range(0, turns.get(0).cpuMicrosEach().size())
        .mapToObj(process -> Duel.Rounds.cpuMicros(turns, process).median())
        .toList();
  }

  private static String joined(List<Double> micros) {
    return micros.stream()
        .map(each -> String.format(Locale.ROOT, "%.1f", each))
        .collect(Collectors.joining("+"));
  }
}
