package io.kindred.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Two stores driven by redis-benchmark in turn, never at once. */
final class Duel {

  private static final long REQUESTS_MIN = 5000;

  /**
   * One store's run in one round.
   *
   * @param cpuMicrosEach processor time that each of its processes took for a request, the system's
   *     for it included, until all was settled
   */
  record Turn(BenchmarkLine line, List<Double> cpuMicrosEach) {

    double cpuMicros() {
      return cpuMicrosEach.stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  /** Both stores' turns, round by round. */
  record Rounds(List<Turn> ours, List<Turn> theirs) {

    /** Those of several duels as one. */
    static Rounds all(List<Rounds> duels) {
      return new Rounds(
          duels.stream().flatMap(duel -> duel.ours().stream()).toList(),
          duels.stream().flatMap(duel -> duel.theirs().stream()).toList());
    }

    /** A figure of all rounds. */
    static Samples of(List<Turn> turns, ToDoubleFunction<BenchmarkLine> figure) {
      return new Samples(turns.stream().map(turn -> figure.applyAsDouble(turn.line())).toList());
    }

    /** Processor time a request, of all rounds. */
    static Samples cpuMicros(List<Turn> turns) {
      return new Samples(turns.stream().map(Turn::cpuMicros).toList());
    }

    /** The same of one of its processes. */
    static Samples cpuMicros(List<Turn> turns, int process) {
      return new Samples(turns.stream().map(turn -> turn.cpuMicrosEach().get(process)).toList());
    }
  }

  private final BenchScene scene;
  private final Server ours;
  private final Server theirs;

  Duel(BenchScene scene, Server ours, Server theirs) {
    this.scene = scene;
    this.ours = ours;
    this.theirs = theirs;
  }

  /** Drives both for a while, so that compilers and allocators have settled. */
  void warm(RedisBenchmark load) throws IOException {
    for (Server server : List.of(ours, theirs)) {
      drive(server, load, scene.plan().warm());
    }
  }

  /** Drives both round by round, as often as the plan has it. */
  Rounds rounds(RedisBenchmark load) throws IOException {
    return rounds(load, scene.plan().rounds());
  }

  /** Drives both round by round. Each round has as many requests for one as for the other. */
  Rounds rounds(RedisBenchmark load, int count) throws IOException {
    Duration warm = scene.plan().round();
    double paces = drive(ours, load, warm) + drive(theirs, load, warm);
    long requests = requests(paces / 2, scene.plan().round());
    List<Turn> our = new ArrayList<>();
    List<Turn> their = new ArrayList<>();
    for (int round = 0; round < count; round++) {
      if (round % 2 == 0) {
        our.add(turn(ours, load, requests));
      }
      their.add(turn(theirs, load, requests));
      if (round % 2 == 1) {
        our.add(turn(ours, load, requests));
      }
    }
    return new Rounds(our, their);
  }

  /** Its pace at the end, in requests a second. */
  private double drive(Server server, RedisBenchmark load, Duration lasts) throws IOException {
    double pace = run(server, load, REQUESTS_MIN).perSecond();
    double left = lasts.toNanos() / 1e9 - REQUESTS_MIN / pace;
    while (left > 0) {
      // In growing pieces: what is measured cold says little of how many fit.
      Duration piece = Duration.ofMillis((long) (Math.min(left, 1.5) * 1000));
      long requests = requests(pace, piece);
      pace = run(server, load, requests).perSecond();
      left -= requests / pace;
    }
    server.settle();
    return pace;
  }

  private Turn turn(Server server, RedisBenchmark load, long requests) throws IOException {
    List<Long> before = cpuMicros(server);
    BenchmarkLine line = run(server, load, requests);
    server.settle();
    List<Long> after = cpuMicros(server);
    List<Double> each = new ArrayList<>();
    for (int process = 0; process < after.size(); process++) {
      each.add((after.get(process) - before.get(process)) / (double) requests);
    }
    return new Turn(line, each);
  }

  private static List<Long> cpuMicros(Server server) throws IOException {
    List<Long> each = new ArrayList<>();
    for (long pid : server.pids()) {
      each.add(Proc.cpuMicros(pid));
    }
    return each;
  }

  private BenchmarkLine run(Server server, RedisBenchmark load, long requests) throws IOException {
    return load.run(server.port(), requests, scene.workbench().folder());
  }

  private static long requests(double perSecond, Duration lasts) {
    long many = Math.round(perSecond * lasts.toNanos() / 1e9);
    return Math.max(REQUESTS_MIN, many / 1000 * 1000);
  }
}
