package io.kindred.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a small record costs in RAM: resident memory loaded less empty, divided by the records. Both
 * stores are loaded in turn, and settle side by side.
 */
record MemorySection() implements Section {

  static final int VALUE_BYTES = 100;
  private static final double BYTES_MAX = 209;
  private static final int SECONDS_MAX = 180;
  private static final double STEADY_SHARE = 0.01;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Duration takes(StorePlan plan) {
    long steps = plan.records().size() + 1L;
    return Duration.ofSeconds(
        plan.rounds()
            * (5 + steps * (plan.steady().toSeconds() + 10) + plan.recordsMax() / 125_000));
  }

  @Override
  public List<Row> run(BenchScene scene) throws IOException {
    int steps = scene.plan().records().size();
    List<List<Double>> ours = empty(steps);
    List<List<Double>> theirs = empty(steps);
    double digests = 0;
    for (int round = 0; round < scene.plan().rounds(); round++) {
      scene.say().accept("memory: round " + (round + 1));
      try (KindredServer kindred = scene.workbench().kindred(scene.node().withOption("-Xms64m"));
          RedisServer redis = scene.workbench().redis("everysec")) {
        Settling our = new Settling(kindred, kindred.watch(), scene.plan());
        Settling their = new Settling(redis, watch(redis), scene.plan());
        round(scene.plan(), our, their, ours, theirs);
        digests = Double.parseDouble(Talk.info(kindred.port(), "kindred_memory_digests"));
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      boolean last = step == steps - 1;
      Row row =
          Row.own(
              "memory of " + title(scene.plan().records().get(step)),
              "B/record",
              new Samples(ours.get(step)),
              "redis",
              Optional.of(new Samples(theirs.get(step))),
              last ? Optional.of(Goal.atMost(BYTES_MAX)) : Optional.empty());
      rows.add(
          last
              ? row.detail("digests_bytes", digests)
                  .remark(
                      String.format(
                          Locale.ROOT,
                          "resident, loaded less empty; %.1f of it are the digests' arrays of fixed"
                              + " size, %.0f MiB",
                          digests / scene.plan().recordsMax(),
                          digests / (1 << 20)))
              : row.remark("key of 16 bytes, value of 100; resident memory, loaded less empty"));
    }
    return rows;
  }

  private static List<List<Double>> empty(int steps) {
    List<List<Double>> lists = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      lists.add(new ArrayList<>());
    }
    return lists;
  }

  private static void round(
      StorePlan plan,
      Settling our,
      Settling their,
      List<List<Double>> ours,
      List<List<Double>> theirs)
      throws IOException {
    Settling.await(our, their);
    long ourEmpty = our.bytes();
    long theirEmpty = their.bytes();
    long loaded = 0;
    for (int step = 0; step < plan.records().size(); step++) {
      long records = plan.records().get(step);
      Loader.load(our.server().port(), loaded, records, VALUE_BYTES);
      Loader.load(their.server().port(), loaded, records, VALUE_BYTES);
      loaded = records;
      Settling.await(our, their);
      ours.get(step).add((double) (our.bytes() - ourEmpty) / records);
      theirs.get(step).add((double) (their.bytes() - theirEmpty) / records);
    }
  }

  static String title(long records) {
    return records >= 1_000_000 ? records / 1_000_000 + " M" : Long.toString(records);
  }

  private static Watch watch(Server server) throws NotMeasured {
    return new Watch(
        ProcessHandle.of(server.pid()).orElseThrow(() -> new NotMeasured("redis-server ended")),
        "redis-server");
  }

  /** The resident memory of a server, second by second, until it stays as it is. */
  private static final class Settling {

    private final Server server;
    private final Watch watch;
    private final int seconds;
    private final Deque<Long> last = new ArrayDeque<>();

    Settling(Server server, Watch watch, StorePlan plan) {
      this.server = server;
      this.watch = watch;
      this.seconds = (int) plan.steady().toSeconds();
    }

    Server server() {
      return server;
    }

    /** As it was last seen. */
    long bytes() {
      return last.getLast();
    }

    /** Until both have moved by less than a hundredth for a while, or for three minutes. */
    static void await(Settling one, Settling other) throws IOException {
      one.last.clear();
      other.last.clear();
      for (int second = 0; second < SECONDS_MAX; second++) {
        one.look();
        other.look();
        if (one.isSteady() && other.isSteady()) {
          return;
        }
        one.watch.pause(Duration.ofSeconds(1));
        other.watch.pause(Duration.ZERO);
      }
    }

    private void look() throws IOException {
      last.addLast(Proc.residentBytes(server.pid()));
      if (last.size() > seconds) {
        last.removeFirst();
      }
    }

    private boolean isSteady() {
      long least = last.stream().mapToLong(Long::longValue).min().orElseThrow();
      long greatest = last.stream().mapToLong(Long::longValue).max().orElseThrow();
      return last.size() == seconds && greatest - least < STEADY_SHARE * greatest;
    }
  }
}
