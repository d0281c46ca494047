package io.kindred.cli;

import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigMemorySize;
import io.kindred.cli.bench.BenchReport;
import io.kindred.cli.bench.StoreBench;
import io.kindred.cli.bench.StoreBench.Wish;
import io.kindred.cli.bench.StorePlan;
import io.kindred.management.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kindred bench}: measurements on this machine. */
@Command(
    name = "bench",
    description = "Measures Kindred side by side with redis-server on this machine.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {BenchCommand.StoreCommand.class})
final class BenchCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "what to measure is missing");
  }

  @Command(
      name = "store",
      description = {
        "One Kindred node beside one redis-server, both started for this and ended after it.",
        "Exit status 0 also where a target is missed; 1 where something could not be measured."
      })
  static final class StoreCommand implements Callable<Integer> {

    /** The sections that {@code --data} is for. */
    private static final Set<String> HOLD_DATA = Set.of("latency", "snapshot");

    @Spec private CommandSpec spec;

    @Option(
        names = "--only",
        paramLabel = "NAME",
        split = ",",
        description =
            "Sections: throughput, throughput-1k, fsync-always, latency, memory, recovery, digests,"
                + " snapshot. Default: all.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--rounds", defaultValue = "5", description = "Of each store. Default: 5.")
    private int rounds;

    @Option(
        names = "--data",
        paramLabel = "SIZE",
        defaultValue = "4g",
        description = "Values in memory while latency is measured. Default: 4g.")
    private String data;

    @Option(
        names = "--quick",
        description = "A small version, to see that it works; its figures mean nothing.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all of it here too.")
    private Optional<Path> json = Optional.empty();

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description =
            "Where the stores' data lies meanwhile. Default: the system's folder for that.")
    private Optional<Path> dir = Optional.empty();

    @Option(names = "--keep", description = "Keep the stores' data and logs.")
    private boolean keep;

    @Option(
        names = "--java",
        paramLabel = "HOME",
        description = "The JDK for the Kindred node. Default: the one running this.")
    private Optional<String> java = Optional.empty();

    @Option(
        names = "--java25",
        paramLabel = "HOME",
        description = "A JDK 25, to measure latency with too. Default: JAVA25_HOME.")
    private Optional<String> java25 = Optional.empty();

    @Option(
        names = "--heap",
        paramLabel = "SIZE",
        description =
            "The node's heap, as for -Xmx. Default: KINDRED_HEAP, else a quarter of the memory, and"
                + " what the data needs for latency.")
    private Optional<String> heap = Optional.empty();

    @Override
    public Integer call() throws IOException {
      PrintWriter err = spec.commandLine().getErr();
      Progress progress = Progress.on(err);
      StoreBench bench = bench(progress);
      err.println(
          "kindred: this takes about "
              + Math.max(1, Math.round(bench.takes().toSeconds() / 60.0))
              + " min; leave the machine alone meanwhile");
      BenchReport report =
          bench.run(dir.orElse(Path.of(System.getProperty("java.io.tmpdir"))), keep);
      progress.end();
      spec.commandLine().getOut().print(BenchText.of(report));
      spec.commandLine().getOut().flush();
      if (json.isPresent()) {
        Files.writeString(json.get(), Json.pretty(report) + "\n");
      }
      return report.complete() ? 0 : 1;
    }

    private StoreBench bench(Progress progress) {
      List<String> unknown =
          only.stream().filter(name -> !StoreBench.names().contains(name)).toList();
      if (!unknown.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(),
            "no section is called "
                + String.join(", ", unknown)
                + "; there are "
                + String.join(", ", StoreBench.names()));
      }
      if (rounds < 1) {
        throw new ParameterException(spec.commandLine(), "--rounds is at least 1");
      }
      return new StoreBench(
          quick ? StorePlan.quick() : StorePlan.whole(rounds, bytes(data)),
          only,
          new Wish(
              java,
              java25.or(() -> Optional.ofNullable(System.getenv("JAVA25_HOME"))),
              heap.or(() -> Optional.ofNullable(System.getenv("KINDRED_HEAP")))),
          progress::show);
    }

    private long bytes(String size) {
      long memory =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
      long bytes;
      try {
        ConfigMemorySize read = ConfigFactory.parseMap(Map.of("size", size)).getMemorySize("size");
        bytes = read.toBytes();
      } catch (ConfigException e) {
        throw new ParameterException(spec.commandLine(), "--data takes a size like 4g", e);
      }
      boolean held = only.isEmpty() || only.stream().anyMatch(HOLD_DATA::contains);
      if (held && (bytes < 1 << 20 || bytes > memory / 4)) {
        throw new ParameterException(
            spec.commandLine(),
            "--data is 1m to a quarter of the memory, which is "
                + Quantity.bytes(memory / 4)
                + ": both stores hold it at once");
      }
      return bytes;
    }
  }
}
