package io.kindred.cli;

import io.kindred.cli.bench.Bench;
import io.kindred.cli.bench.BenchReport;
import io.kindred.cli.bench.StoreBench.Wish;
import io.kindred.management.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all measurements can be told, and how they are run and printed. */
final class BenchOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Some of the sections, named above. Default: all.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--rounds", defaultValue = "5", description = "Of each store. Default: 5.")
  private int rounds;

  @Option(
      names = "--quick",
      description = "A small version, to see that it works; its figures mean nothing.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all of it here too.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the stores' data lies meanwhile. Default: the system's folder for that.")
  private Optional<Path> dir = Optional.empty();

  @Option(names = "--keep", description = "Keep the stores' data and logs.")
  private boolean keep;

  @Option(
      names = "--java",
      paramLabel = "HOME",
      description = "The JDK for Kindred's nodes. Default: the one running this.")
  private Optional<String> java = Optional.empty();

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description =
          "A node's heap, as for -Xmx. Default: KINDRED_HEAP, else a share of the memory, and what"
              + " the data needs for latency.")
  private Optional<String> heap = Optional.empty();

  int rounds() {
    return rounds;
  }

  boolean isQuick() {
    return quick;
  }

  /**
   * The sections to be run; empty for all.
   *
   * @param known names of all
   */
  List<String> only(List<String> known) {
    List<String> unknown = only.stream().filter(name -> !known.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw wrong(
          "no section is called "
              + String.join(", ", unknown)
              + "; there are "
              + String.join(", ", known));
    }
    if (rounds < 1) {
      throw wrong("--rounds is at least 1");
    }
    return only;
  }

  /** A mistake in how the command was called. */
  ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  Wish wish(Optional<String> java25) {
    return new Wish(
        java, java25, heap.or(() -> Optional.ofNullable(System.getenv("KINDRED_HEAP"))));
  }

  /**
   * Measures and prints.
   *
   * @param made a bench that says what goes on
   * @return 1 where something could not be measured
   */
  int run(Function<Progress, Bench> made) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = Progress.on(err);
    Bench bench = made.apply(progress);
    err.println(
        "kindred: this takes about "
            + Math.max(1, Math.round(bench.takes().toSeconds() / 60.0))
            + " min; leave the machine alone meanwhile");
    BenchReport report = bench.run(dir.orElse(Path.of(System.getProperty("java.io.tmpdir"))), keep);
    progress.end();
    spec.commandLine().getOut().print(BenchText.of(report));
    spec.commandLine().getOut().flush();
    if (json.isPresent()) {
      Files.writeString(json.get(), Json.pretty(report) + "\n");
    }
    return report.complete() ? 0 : 1;
  }
}
