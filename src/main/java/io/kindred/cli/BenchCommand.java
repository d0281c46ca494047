package io.kindred.cli;

import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigMemorySize;
import io.kindred.cli.bench.RacksBench;
import io.kindred.cli.bench.RacksPlan;
import io.kindred.cli.bench.StoreBench;
import io.kindred.cli.bench.StorePlan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kindred bench}: measurements on this machine. */
@Command(
    name = "bench",
    description = "Measures Kindred side by side with redis-server on this machine.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {BenchCommand.StoreCommand.class, BenchCommand.RacksCommand.class})
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
        "Sections: throughput, throughput-1k, fsync-always, latency, memory, recovery, digests,"
            + " snapshot.",
        "Exit status 0 also where a target is missed; 1 where something could not be measured."
      })
  static final class StoreCommand implements Callable<Integer> {

    /** The sections that {@code --data} is for. */
    private static final Set<String> HOLD_DATA = Set.of("latency", "snapshot");

    @Mixin private BenchOptions options;

    @Option(
        names = "--data",
        paramLabel = "SIZE",
        defaultValue = "4g",
        description = "Values in memory while latency is measured. Default: 4g.")
    private String data;

    @Option(
        names = "--java25",
        paramLabel = "HOME",
        description = "A JDK 25, to measure latency with too. Default: JAVA25_HOME.")
    private Optional<String> java25 = Optional.empty();

    @Override
    public Integer call() throws IOException {
      List<String> only = options.only(StoreBench.names());
      StorePlan plan =
          options.isQuick()
              ? StorePlan.quick()
              : StorePlan.whole(options.rounds(), bytes(data, only));
      Optional<String> jdk25 = java25.or(() -> Optional.ofNullable(System.getenv("JAVA25_HOME")));
      return options.run(
          progress -> new StoreBench(plan, only, options.wish(jdk25), progress::show));
    }

    private long bytes(String size, List<String> only) {
      long memory =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
      long bytes;
      try {
        ConfigMemorySize read = ConfigFactory.parseMap(Map.of("size", size)).getMemorySize("size");
        bytes = read.toBytes();
      } catch (ConfigException e) {
        ParameterException wrong = options.wrong("--data takes a size like 4g");
        wrong.initCause(e);
        throw wrong;
      }
      boolean held = only.isEmpty() || only.stream().anyMatch(HOLD_DATA::contains);
      if (held && (bytes < 1 << 20 || bytes > memory / 4)) {
        throw options.wrong(
            "--data is 1m to a quarter of the memory, which is "
                + Quantity.bytes(memory / 4)
                + ": both stores hold it at once");
      }
      return bytes;
    }
  }

  @Command(
      name = "racks",
      description = {
        "Three racks of one Kindred node each beside one redis-server with two replicas, all"
            + " started for this and ended after it.",
        "Sections: dc_one, dc_quorum, away, memory.",
        "Exit status 0 also where a target is missed; 1 where something could not be measured."
      })
  static final class RacksCommand implements Callable<Integer> {

    @Mixin private BenchOptions options;

    @Option(
        names = "--minutes",
        paramLabel = "N",
        defaultValue = "10",
        description = "How long a rack is away. Default: 10.")
    private int minutes;

    @Option(
        names = "--memory-minutes",
        paramLabel = "N",
        defaultValue = "60",
        description = "How long memory is watched while a rack is away. Default: 60.")
    private int memoryMinutes;

    @Override
    public Integer call() throws IOException {
      List<String> only = options.only(RacksBench.names());
      if (minutes < 1 || memoryMinutes < 1) {
        throw options.wrong("--minutes and --memory-minutes are at least 1");
      }
      RacksPlan plan =
          options.isQuick()
              ? RacksPlan.quick()
              : RacksPlan.whole(
                  options.rounds(), Duration.ofMinutes(minutes), Duration.ofMinutes(memoryMinutes));
      return options.run(
          progress -> new RacksBench(plan, only, options.wish(Optional.empty()), progress::show));
    }
  }
}
