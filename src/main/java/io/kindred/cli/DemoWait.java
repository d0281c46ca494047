package io.kindred.cli;

import io.kindred.cli.demo.DemoFolder;
import io.kindred.cli.demo.DemoPlan.DemoNode;
import io.kindred.management.StatusPage;
import io.kindred.ring.Phase;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Waits for a demo's nodes, tells how far they are, and notices at once when one ends. */
final class DemoWait {

  private static final long LOOKS_EVERY_MILLIS = 250;
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(90);

  /** Finds a node's process; empty once it has ended. */
  interface Processes {
    Optional<ProcessHandle> of(DemoNode node) throws IOException;
  }

  /** Shows the end of a node's log. */
  interface Logs {
    void show(DemoNode node) throws IOException;
  }

  private final DemoFolder folder;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Processes processes;
  private final Logs logs;
  private final Instant began = Instant.now();

  DemoWait(DemoFolder folder, PrintWriter out, PrintWriter err, Processes processes, Logs logs) {
    this.folder = folder;
    this.out = out;
    this.err = err;
    this.processes = processes;
    this.logs = logs;
  }

  /** Whether all nodes became masters in time; if so, the table and {@code ready} are printed. */
  boolean untilReady(Duration within) throws IOException {
    List<DemoNode> nodes = folder.state().orElseThrow().plan().nodes();
    Progress progress = Progress.on(err);
    while (true) {
      List<Optional<StatusPage>> pages = nodes.stream().map(DemoWait::status).toList();
      if (pages.stream().allMatch(page -> page.isPresent() && page.get().serves())
          && pages.stream().allMatch(page -> page.orElseThrow().whole())) {
        progress.end();
        out.print(table(nodes, pages));
        out.println("ready");
        out.flush();
        return true;
      }
      progress.show(line(pages));
      Optional<DemoNode> ended = ended(nodes);
      if (ended.isPresent()) {
        progress.end();
        err.println("kindred: " + ended.get().name() + " ended while the cluster was starting");
        logs.show(ended.get());
        return false;
      }
      if (began.plus(within).isBefore(Instant.now())) {
        progress.end();
        err.println("kindred: the cluster is not ready after " + within.toSeconds() + " s");
        err.println("  where: " + line(pages));
        err.println("  do:    see the logs in " + folder.path());
        return false;
      }
      Pause.ofMillis(LOOKS_EVERY_MILLIS);
    }
  }

  /** Whether the node's management port answers; false, with its log, if its process ends. */
  boolean untilAnswers(DemoNode node) throws IOException {
    while (status(node).isEmpty()) {
      if (processes.of(node).isEmpty()) {
        err.println("kindred: " + node.name() + " ended while starting");
        logs.show(node);
        return false;
      }
      if (began.plus(ANSWERS_WITHIN).isBefore(Instant.now())) {
        err.println("kindred: " + node.name() + " does not answer yet; see " + folder.log(node));
        return false;
      }
      Pause.ofMillis(LOOKS_EVERY_MILLIS);
    }
    return true;
  }

  /** Returns when the last process has ended; nodes may be killed and started meanwhile. */
  void whileAnyRuns() throws IOException {
    List<DemoNode> nodes = folder.state().orElseThrow().plan().nodes();
    while (ended(nodes).isEmpty() || anyRuns(nodes)) {
      Pause.ofMillis(LOOKS_EVERY_MILLIS);
    }
  }

  private boolean anyRuns(List<DemoNode> nodes) throws IOException {
    for (DemoNode node : nodes) {
      if (processes.of(node).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private Optional<DemoNode> ended(List<DemoNode> nodes) throws IOException {
    for (DemoNode node : nodes) {
      if (processes.of(node).isEmpty()) {
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }

  private static Optional<StatusPage> status(DemoNode node) {
    return new ManagementClient("127.0.0.1:" + node.managementPort()).statusNow();
  }

  /** How many nodes are where, as {@code 2 STREAMING, 1 starting}. */
  static String line(List<Optional<StatusPage>> pages) {
    TreeMap<String, Long> counts =
        pages.stream()
            .map(page -> page.map(DemoWait::stage).orElse("starting"))
            .collect(Collectors.groupingBy(stage -> stage, TreeMap::new, Collectors.counting()));
    List<String> parts = new ArrayList<>();
    counts.forEach((stage, count) -> parts.add(count + " " + stage));
    return "waiting: " + String.join(", ", parts);
  }

  private static String stage(StatusPage page) {
    return page.formed() || page.phase() != Phase.STANDBY
        ? page.phase().toString()
        : "looking for the others";
  }

  static String table(List<DemoNode> nodes, List<Optional<StatusPage>> pages) {
    Table table =
        new Table("DATACENTER", "RACK", "NODE", "CLIENT PORT", "MANAGEMENT PORT", "PHASE");
    for (int i = 0; i < nodes.size(); i++) {
      DemoNode node = nodes.get(i);
      Optional<StatusPage> page = pages.get(i);
      table.row(
          page.map(StatusPage::datacenter).orElse(""),
          node.rack(),
          node.name(),
          node.clientPort(),
          node.managementPort(),
          page.map(told -> told.phase().toString()).orElse("no answer"));
    }
    return table.render();
  }
}
