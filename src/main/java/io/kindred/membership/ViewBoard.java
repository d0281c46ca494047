package io.kindred.membership;

/**
 * Where the newest {@link ClusterView} hangs, for readers on hot paths that cannot wait for a
 * message, and beside it what is known of the clocks, which changes too often to be a part of the
 * view. Written by the ring keeper alone.
 */
public final class ViewBoard {

  private final ClockBoard clocks = new ClockBoard();
  private volatile ClusterView current;

  public ViewBoard(ClusterView first) {
    this.current = first;
  }

  public ClusterView current() {
    return current;
  }

  /** What is known of all nodes' clocks. */
  public ClockBoard clocks() {
    return clocks;
  }

  /** Hangs up a newer view; for the ring keeper alone. */
  public void show(ClusterView view) {
    current = view;
  }
}
