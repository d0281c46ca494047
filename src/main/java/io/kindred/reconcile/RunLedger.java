package io.kindred.reconcile;

import io.kindred.reconcile.RunReport.State;
import io.kindred.wire.WireMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the engine remembers of its runs: why each was started and its newest report. Invariant: at
 * most one run is going on, and it is the last.
 *
 * @param runs the oldest first, at most {@link #RUNS_MAX}
 */
public record RunLedger(List<Entry> runs) implements WireMessage {

  /** How many runs are remembered: a day's, with one every quarter of an hour. */
  public static final int RUNS_MAX = 100;

  /**
   * One run.
   *
   * @param because what it was started for
   * @param report the newest; of a run that is going on, the first
   */
  public record Entry(String because, RunReport report) {}

  public RunLedger {
    runs = List.copyOf(runs);
    for (int i = 0; i < runs.size() - 1; i++) {
      if (runs.get(i).report().state() == State.RUNNING) {
        throw new IllegalArgumentException("two runs at once: " + runs.get(i).report().id());
      }
    }
  }

  /** Nothing to remember yet. */
  public static RunLedger empty() {
    return new RunLedger(List.of());
  }

  /** The run that is going on. */
  public Optional<Entry> running() {
    return runs.isEmpty() || last().report().state() != State.RUNNING
        ? Optional.empty()
        : Optional.of(last());
  }

  private Entry last() {
    return runs.get(runs.size() - 1);
  }

  /** With a run begun; forgets the oldest where there are too many. */
  public RunLedger started(String because, RunReport report) {
    List<Entry> next = new ArrayList<>(runs);
    next.add(new Entry(because, report));
    return new RunLedger(next.subList(Math.max(0, next.size() - RUNS_MAX), next.size()));
  }

  /**
   * With the run that is going on ended.
   *
   * @throws IllegalArgumentException where that is another one
   */
  public RunLedger ended(RunReport report) {
    Entry open = running().filter(entry -> entry.report().id().equals(report.id())).orElse(null);
    if (open == null || report.state() == State.RUNNING) {
      throw new IllegalArgumentException("no run to be ended by " + report);
    }
    List<Entry> next = new ArrayList<>(runs);
    next.set(next.size() - 1, new Entry(open.because(), report));
    return new RunLedger(next);
  }

  /** One of the runs. */
  public Optional<Entry> find(String id) {
    return runs.stream().filter(entry -> entry.report().id().equals(id)).findFirst();
  }
}
