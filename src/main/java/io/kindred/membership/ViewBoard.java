package io.kindred.membership;

/**
 * Where the newest {@link ClusterView} hangs, for readers on hot paths that cannot wait for a
 * message. Written by the ring keeper alone.
 */
public final class ViewBoard {

  private volatile ClusterView current;

  public ViewBoard(ClusterView first) {
    this.current = first;
  }

  public ClusterView current() {
    return current;
  }

  /** Hangs up a newer view; for the ring keeper alone. */
  public void show(ClusterView view) {
    current = view;
  }
}
