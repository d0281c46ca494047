package io.kindred.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Sections, run one after the other.
 *
 * @param own settings to be told, beside those that every bench has
 */
record BenchRun(
    List<Section> sections,
    StorePlan plan,
    StoreBench.Wish wish,
    Map<String, String> own,
    Consumer<String> say) {

  /** About how long it will take. */
  Duration takes() {
    return sections.stream()
        .map(section -> section.takes(plan))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /**
   * Measures; a row for what cannot be measured says so. Whatever ends it, also Ctrl-C, ends its
   * processes.
   *
   * @param parent where a folder is made for the stores' data
   * @param keep whether that folder stays
   */
  BenchReport in(Path parent, boolean keep) throws IOException {
    Workbench workbench = Workbench.in(parent, keep);
    Thread stopper = new Thread(() -> closeAtEnd(workbench), "bench-stop");
    Runtime.getRuntime().addShutdownHook(stopper);
    try (workbench) {
      return run(workbench);
    } finally {
      Runtime.getRuntime().removeShutdownHook(stopper);
      if (keep) {
        say.accept("data and logs are in " + workbench.folder());
      }
    }
  }

  private void closeAtEnd(Workbench workbench) {
    try {
      workbench.close();
      ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    } catch (IOException e) {
      say.accept("not everything was ended: " + e.getMessage());
    }
  }

  private BenchReport run(Workbench workbench) throws IOException {
    NodeJvm jvm = wish.java().isPresent() ? NodeJvm.at(Path.of(wish.java().get())) : NodeJvm.own();
    NodeChoice node = new NodeChoice(jvm, wish.heap(), List.of(), Map.of());
    BenchScene scene = new BenchScene(workbench, plan, node, say);
    Machine machine = Machine.look(jvm, redisVersion(workbench));
    List<BenchReport.SectionRun> runs = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (Section section : sections) {
      Strangers strangers = Strangers.since();
      long began = System.nanoTime();
      rows.addAll(measured(section, scene));
      double seconds = (System.nanoTime() - began) / 1e9;
      runs.add(new BenchReport.SectionRun(section.name(), seconds, strangers.percent()));
    }
    return new BenchReport(machine, settings(node.heapOrShare()), runs, rows);
  }

  private static List<Row> measured(Section section, BenchScene scene) {
    try {
      return section.run(scene);
    } catch (IOException e) {
      return List.of(Row.notMeasured(section.name(), reason(e)));
    } catch (java.io.UncheckedIOException e) {
      return List.of(Row.notMeasured(section.name(), reason(e.getCause())));
    }
  }

  private static String reason(IOException e) {
    return e instanceof NotMeasured ? e.getMessage() : e.toString();
  }

  private static String redisVersion(Workbench workbench) throws IOException {
    try (RedisServer redis = workbench.redis("everysec")) {
      return Talk.info(redis.port(), "redis_version");
    }
  }

  private Map<String, String> settings(String heap) {
    Map<String, String> settings = new TreeMap<>(own);
    settings.put("rounds", Integer.toString(plan.rounds()));
    settings.put("connections", Integer.toString(RedisBenchmark.CONNECTIONS));
    settings.put("keys", Long.toString(plan.keys()));
    settings.put("kindred-heap", heap);
    settings.put(
        "kindred-node-jvm", Optional.ofNullable(System.getenv("KINDRED_NODE_JVM")).orElse(""));
    settings.put("redis", "--save '' --appendonly yes --auto-aof-rewrite-percentage 0");
    return settings;
  }
}
