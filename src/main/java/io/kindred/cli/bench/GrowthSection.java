package io.kindred.cli.bench;

import io.kindred.cli.bench.Slope.Point;
import io.kindred.management.NodesPage.NodeRow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether the memory of a node stays as it is while a rack is away and writes of all kinds go on:
 * what is kept for the one that is away must not be kept in memory. Resident memory, sample by
 * sample; the first half is the collector's and the data's own growing.
 */
record GrowthSection(RacksPlan racks) implements Section {

  /** Flat, as far as a collector lets it be seen. */
  private static final double PERCENT_PER_HOUR_MAX = 5;

  private static final int PER_SECOND = 2_000;
  private static final int SAMPLES = 120;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Duration takes(StorePlan plan) {
    return racks.mixed().plusSeconds(30);
  }

  @Override
  public List<Row> run(BenchScene scene) throws IOException {
    NodeChoice choice =
        scene
            .node()
            .with("kindred.ring.declare-lost-after", racks.declareLostAfter().toSeconds() + "s");
    try (KindredRacks kindred = KindredRacks.start(scene.workbench(), choice, RacksBench.RACKS)) {
      KindredServer written = kindred.node(0);
      kindred.node(RacksBench.RACKS - 1).kill();
      List<Point> points = new ArrayList<>();
      Duration every = racks.mixed().dividedBy(SAMPLES);
      long answered;
      try (MixedLoad load = MixedLoad.start(written.port(), PER_SECOND)) {
        long began = System.nanoTime();
        while (points.size() <= SAMPLES) {
          points.add(
              new Point(
                  (System.nanoTime() - began) / 1e9,
                  Proc.residentBytes(written.pid()) / (double) (1 << 20)));
          if (points.size() % 10 == 0) {
            scene.say().accept(said(points.get(points.size() - 1)));
          }
          load.check();
          written.watch().pause(every);
        }
        answered = load.answered();
      }
      NodeRow row = KindredRacks.row(kindred.rows(), written);
      return List.of(row(points, answered, row));
    }
  }

  private static String said(Point point) {
    return String.format(
        Locale.ROOT, "memory: %.0f MiB after %.0f s", point.value(), point.seconds());
  }

  /** Of the second half of the samples. */
  static Row row(List<Point> points, long answered, NodeRow node) throws NotMeasured {
    List<Point> half = points.subList(points.size() / 2, points.size());
    Slope slope = Slope.of(half);
    Samples mebibytes = new Samples(half.stream().map(Point::value).toList());
    Map<String, Double> details = new TreeMap<>();
    details.put("commands", (double) answered);
    details.put("mib_per_hour", slope.perHour());
    details.put("first_mib", points.get(0).value());
    details.put("last_mib", points.get(points.size() - 1).value());
    for (Point point : points) {
      details.put(String.format(Locale.ROOT, "at_%05.0f_s_mib", point.seconds()), point.value());
    }
    node.stats()
        .ifPresent(
            stats -> {
              details.put("keys", (double) stats.keys());
              details.put("tombstones", (double) stats.tombstones());
              details.put("log_bytes", (double) stats.logBytes());
            });
    Row row =
        Row.own(
            "memory with a rack away",
            "%/h",
            Samples.of(slope.percentPerHour()),
            "",
            Optional.empty(),
            Optional.of(Goal.atMost(PERCENT_PER_HOUR_MAX)));
    for (Map.Entry<String, Double> detail : details.entrySet()) {
      row = row.detail(detail.getKey(), detail.getValue());
    }
    return row.remark(
        String.format(
            Locale.ROOT,
            "resident %.0f-%.0f MiB in the second half of %.0f s, %+.1f MiB an hour; %,d writes,"
                + " %,.0f tombstones",
            mebibytes.min(),
            mebibytes.max(),
            points.get(points.size() - 1).seconds(),
            slope.perHour(),
            answered,
            details.getOrDefault("tombstones", 0.0)));
  }
}
