package io.kindred.cli.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * An open-loop load that goes on, on several stores at once, until it is closed. What it measures
 * is kept by phase; a slice belongs to the phase in which it began.
 */
final class SteadyLoad implements AutoCloseable {

  /** What goes on around the stores. */
  enum Phase {
    /** Compilers and sockets settle; nothing is made of it. */
    WARM,
    BEFORE,
    DURING,
    AFTER
  }

  private final LoadPlan slice;
  private final Map<Phase, Histogram> micros = new EnumMap<>(Phase.class);
  private final List<Thread> threads = new ArrayList<>();
  private volatile Phase phase = Phase.WARM;
  private volatile boolean over;
  private volatile IOException failure;
  private long errors;

  private SteadyLoad(LoadPlan slice) {
    this.slice = slice;
    for (Phase each : Phase.values()) {
      micros.put(each, new Histogram(3));
    }
  }

  /**
   * Begins.
   *
   * @param slice what each store is asked, again and again with other dice
   */
  static SteadyLoad start(List<Integer> ports, LoadPlan slice) {
    SteadyLoad load = new SteadyLoad(slice);
    IntStream.range(0, ports.size())
        .forEach(
            i -> {
              Thread thread =
                  new Thread(() -> load.drive(ports.get(i), 1 + i * 1_000_000L), "bench-load-" + i);
              thread.setDaemon(true);
              load.threads.add(thread);
              thread.start();
            });
    return load;
  }

  private void drive(int port, long firstSeed) {
    long seed = firstSeed;
    while (!over && failure == null) {
      Phase began = phase;
      try {
        OpenLoop.Outcome outcome = OpenLoop.run(port, slice.withSeed(seed++));
        add(began, outcome);
      } catch (IOException e) {
        failure = e;
      }
    }
  }

  private synchronized void add(Phase began, OpenLoop.Outcome outcome) {
    micros.get(began).add(outcome.micros());
    errors += outcome.errors();
  }

  void enter(Phase next) {
    phase = next;
  }

  /** The 99th percentile of a phase, in ms; once it is closed. */
  synchronized double p99Millis(Phase of) throws NotMeasured {
    Histogram measured = micros.get(of);
    if (measured.getTotalCount() == 0) {
      throw new NotMeasured("nothing was asked " + of);
    }
    return measured.getValueAtPercentile(99) / 1000.0;
  }

  /** How many were answered in all phases; once it is closed. */
  synchronized long answered() {
    return micros.values().stream().mapToLong(Histogram::getTotalCount).sum();
  }

  /** How many answers were errors; once it is closed. */
  synchronized long errors() {
    return errors;
  }

  /**
   * Ends the load with its last slices.
   *
   * @throws IOException what broke it off, if anything did
   */
  @Override
  public void close() throws IOException {
    over = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotMeasured("interrupted", e);
    }
    if (failure != null) {
      throw new NotMeasured("the load broke off: " + failure.getMessage(), failure);
    }
  }
}
