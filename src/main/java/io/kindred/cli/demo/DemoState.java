package io.kindred.cli.demo;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code demo.json} holds.
 *
 * @param settings the user's, for all nodes
 * @param processes by node number; a node that was killed keeps its row until it starts again
 */
public record DemoState(
    DemoPlan plan, Map<String, String> settings, SortedMap<Integer, Running> processes) {

  /** A node's process: its id, and when it started in ms since 1970, to tell it from another. */
  public record Running(long pid, long startedAtMillis) {}

  public DemoState {
    settings = Map.copyOf(settings);
    processes = new TreeMap<>(processes);
  }

  public DemoState with(int number, Running running) {
    SortedMap<Integer, Running> changed = new TreeMap<>(processes);
    changed.put(number, running);
    return new DemoState(plan, settings, changed);
  }
}
