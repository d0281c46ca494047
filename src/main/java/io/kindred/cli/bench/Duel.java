package io.kindred.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Two stores driven by redis-benchmark in turn, never at once. */
final class Duel {

  private static final long REQUESTS_MIN = 5000;

  /** Both stores' lines, round by round. */
  record Rounds(List<BenchmarkLine> ours, List<BenchmarkLine> theirs) {

    /** Those of several duels as one. */
    static Rounds all(List<Rounds> duels) {
      return new Rounds(
          duels.stream().flatMap(duel -> duel.ours().stream()).toList(),
          duels.stream().flatMap(duel -> duel.theirs().stream()).toList());
    }

    /** A figure of all rounds. */
    static Samples of(
        List<BenchmarkLine> lines, java.util.function.ToDoubleFunction<BenchmarkLine> figure) {
      return new Samples(lines.stream().map(figure::applyAsDouble).toList());
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

  /** Drives both round by round. Each round has as many requests for one as for the other. */
  Rounds rounds(RedisBenchmark load) throws IOException {
    Duration warm = scene.plan().round();
    double paces = drive(ours, load, warm) + drive(theirs, load, warm);
    long requests = requests(paces / 2, scene.plan().round());
    List<BenchmarkLine> our = new ArrayList<>();
    List<BenchmarkLine> their = new ArrayList<>();
    for (int round = 0; round < scene.plan().rounds(); round++) {
      if (round % 2 == 0) {
        our.add(run(ours, load, requests));
      }
      their.add(run(theirs, load, requests));
      if (round % 2 == 1) {
        our.add(run(ours, load, requests));
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
    return pace;
  }

  private BenchmarkLine run(Server server, RedisBenchmark load, long requests) throws IOException {
    return load.run(server.port(), requests, scene.workbench().folder());
  }

  private static long requests(double perSecond, Duration lasts) {
    long many = Math.round(perSecond * lasts.toNanos() / 1e9);
    return Math.max(REQUESTS_MIN, many / 1000 * 1000);
  }
}
