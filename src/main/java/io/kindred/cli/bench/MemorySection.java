package io.kindred.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What a small record costs in RAM: resident memory loaded less empty, divided by the records. */
record MemorySection() implements Section {

  static final int VALUE_BYTES = 100;
  private static final double BYTES_MAX = 209;
  private static final int SECONDS_MAX = 180;
  private static final int STEADY_SECONDS = 60;
  private static final double STEADY_SHARE = 0.01;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Duration takes(StorePlan plan) {
    long steps = plan.records().size() + 1L;
    return Duration.ofSeconds(2 * (5 + steps * 2 * STEADY_SECONDS + plan.recordsMax() / 200_000));
  }

  @Override
  public List<Row> run(BenchScene scene) throws IOException {
    List<Double> ours;
    try (KindredServer kindred = scene.workbench().kindred(scene.node().withOption("-Xms64m"))) {
      scene.say().accept("memory: Kindred");
      ours = bytesPerRecord(kindred, kindred.watch(), scene.plan());
    }
    List<Double> theirs;
    try (RedisServer redis = scene.workbench().redis("everysec")) {
      scene.say().accept("memory: redis-server");
      theirs = bytesPerRecord(redis, watch(redis), scene.plan());
    }
    List<Row> rows = new ArrayList<>();
    for (int step = 0; step < ours.size(); step++) {
      long records = scene.plan().records().get(step);
      Optional<Goal> goal =
          step == ours.size() - 1 ? Optional.of(Goal.atMost(BYTES_MAX)) : Optional.empty();
      rows.add(
          Row.own(
                  "memory of " + title(records),
                  "B/record",
                  Samples.of(ours.get(step)),
                  "redis",
                  Optional.of(Samples.of(theirs.get(step))),
                  goal)
              .remark("key of 16 bytes, value of 100; resident memory, loaded less empty"));
    }
    return rows;
  }

  static String title(long records) {
    return records >= 1_000_000 ? records / 1_000_000 + " M" : Long.toString(records);
  }

  private static Watch watch(Server server) throws NotMeasured {
    return new Watch(
        ProcessHandle.of(server.pid()).orElseThrow(() -> new NotMeasured("redis-server ended")),
        "redis-server");
  }

  private static List<Double> bytesPerRecord(Server server, Watch watch, StorePlan plan)
      throws IOException {
    long empty = settled(server, watch);
    List<Double> bytes = new ArrayList<>();
    long loaded = 0;
    for (long records : plan.records()) {
      Loader.load(server.port(), loaded, records, VALUE_BYTES);
      loaded = records;
      bytes.add((double) (settled(server, watch) - empty) / records);
    }
    return bytes;
  }

  /** Once it has moved by less than a hundredth for a minute, or after three. */
  private static long settled(Server server, Watch watch) throws IOException {
    Deque<Long> last = new ArrayDeque<>();
    for (int second = 0; second < SECONDS_MAX; second++) {
      last.addLast(Proc.residentBytes(server.pid()));
      if (last.size() > STEADY_SECONDS) {
        last.removeFirst();
        if (isSteady(last)) {
          break;
        }
      }
      watch.pause(Duration.ofSeconds(1));
    }
    return last.getLast();
  }

  private static boolean isSteady(Deque<Long> last) {
    long least = last.stream().mapToLong(Long::longValue).min().orElseThrow();
    long greatest = last.stream().mapToLong(Long::longValue).max().orElseThrow();
    return greatest - least < STEADY_SHARE * greatest;
  }
}
