package io.kindred.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code bench racks}: three racks of a node each beside one redis-server with two replicas.
 *
 * @param only names of sections; empty for all
 * @param wish what the user asked for
 * @param say tells what goes on
 */
public record RacksBench(
    RacksPlan plan, List<String> only, StoreBench.Wish wish, Consumer<String> say)
    implements Bench {

  /** One rack more than can be lost. */
  static final int RACKS = 3;

  /** Names of all sections, in the order in which they run. */
  public static List<String> names() {
    return sections(RacksPlan.quick()).stream().map(Section::name).toList();
  }

  private static List<Section> sections(RacksPlan plan) {
    return List.of(
        ReplicatedSection.dcOne(),
        ReplicatedSection.dcQuorum(),
        new AwaySection(plan),
        new GrowthSection(plan));
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
        sections(plan).stream()
            .filter(section -> only.isEmpty() || only.contains(section.name()))
            .toList();
    Map<String, String> settings =
        Map.of(
            "racks", Integer.toString(RACKS),
            "outage-seconds", Long.toString(plan.outage().toSeconds()),
            "mixed-load-seconds", Long.toString(plan.mixed().toSeconds()),
            "redis-replicas", Integer.toString(RACKS - 1));
    return new BenchRun(chosen, plan.store(), shared(), settings, say);
  }

  /** The nodes share the machine, with the load and with Redis. */
  private StoreBench.Wish shared() {
    String heap = Machine.memory() / 8 / (1 << 20) + "m";
    return new StoreBench.Wish(wish.java(), wish.java25(), wish.heap().or(() -> Optional.of(heap)));
  }
}
