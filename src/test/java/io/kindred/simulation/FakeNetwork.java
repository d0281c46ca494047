package io.kindred.simulation;

import io.kindred.ring.NodeId;
import java.util.HashSet;
import java.util.Set;

/**
 * The network between nodes: late, and while faults are on also lossy, repetitive and cut. A
 * message is what happens when it arrives, so what it carries must not be changed once it was sent.
 */
final class FakeNetwork {

  private record Link(NodeId from, NodeId to) {}

  private final Scheduler scheduler;
  private final Set<Link> cut = new HashSet<>();
  private final double loss;
  private final double duplication;
  private boolean faulty = true;
  private long lost;
  private long repeated;

  FakeNetwork(Scheduler scheduler, double loss, double duplication) {
    this.scheduler = scheduler;
    this.loss = loss;
    this.duplication = duplication;
  }

  /** Sends something that may arrive late, twice, or never. */
  void send(NodeId from, NodeId to, Runnable arrival) {
    if (faulty && scheduler.chance(duplication)) {
      repeated++;
      carry(from, to, arrival);
    }
    carry(from, to, arrival);
  }

  private void carry(NodeId from, NodeId to, Runnable arrival) {
    if (faulty && scheduler.chance(loss)) {
      lost++;
      return;
    }
    long delay =
        scheduler.chance(0.95) ? scheduler.between(80, 900) : scheduler.between(900, 60_000);
    scheduler.after(
        delay,
        () -> {
          if (cut.contains(new Link(from, to))) {
            lost++;
          } else {
            arrival.run();
          }
        });
  }

  /** Nothing passes from one to the other, until {@link #join}. */
  void cut(NodeId from, NodeId to) {
    cut.add(new Link(from, to));
  }

  void join(NodeId from, NodeId to) {
    cut.remove(new Link(from, to));
  }

  /** From now on every message arrives, once. */
  void heal() {
    cut.clear();
    faulty = false;
  }

  long lost() {
    return lost;
  }

  long repeated() {
    return repeated;
  }
}
