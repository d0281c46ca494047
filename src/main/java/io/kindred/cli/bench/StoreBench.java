package io.kindred.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code bench store}: one Kindred node beside one redis-server.
 *
 * @param only names of sections; empty for all
 * @param wish what the user asked for
 * @param say tells what goes on
 */
public record StoreBench(StorePlan plan, List<String> only, Wish wish, Consumer<String> say)
    implements Bench {

  /**
   * What the user may choose of the node.
   *
   * @param java a JDK's folder, if not that of this process
   * @param java25 the folder of a JDK 25, to measure latency with too
   * @param heap as for -Xmx
   */
  public record Wish(Optional<String> java, Optional<String> java25, Optional<String> heap) {}

  /** Names of all sections, in the order in which they run. */
  public static List<String> names() {
    return sections(Optional.empty()).stream().map(Section::name).toList();
  }

  private static List<Section> sections(Optional<String> java25) {
    return List.of(
        ThroughputSection.small(),
        ThroughputSection.oneKibibyte(),
        ThroughputSection.fsyncAlways(),
        new LatencySection(java25),
        new MemorySection(),
        new RecoverySection(),
        new DigestsSection(),
        new SnapshotSection());
  }

  @Override
  public Duration takes() {
    return run().takes();
  }

  @Override
  public BenchReport run(Path parent, boolean keep) throws IOException {
    return run().in(parent, keep);
  }

  private BenchRun run() {
    List<Section> chosen =
        sections(wish.java25()).stream()
            .filter(section -> only.isEmpty() || only.contains(section.name()))
            .toList();
    Map<String, String> settings =
        Map.of(
            "latency-data-bytes",
            Long.toString(plan.dataBytes()),
            "kindred",
            "kindred.snapshot.log-bytes=1TiB where compared with redis-server");
    return new BenchRun(chosen, plan, wish, settings, say);
  }
}
