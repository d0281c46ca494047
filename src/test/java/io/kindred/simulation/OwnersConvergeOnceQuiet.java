package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import java.util.ArrayList;
import java.util.List;

/** At rest all owners of a shard keep the very same elements, and the same digests over them. */
final class OwnersConvergeOnceQuiet implements Invariant {

  @Override
  public void afterEvent(Simulation simulation, SimulatedNode node, Key key) {
    // while writes go on the owners differ, and may
  }

  @Override
  public void atRest(Simulation simulation) {
    for (int shard = 0; shard < simulation.ring().shards().count(); shard++) {
      List<SimulatedNode> owners = simulation.owners(shard);
      for (SimulatedNode other : owners.subList(1, owners.size())) {
        compare(shard, owners.get(0), other);
      }
    }
  }

  private void compare(int shard, SimulatedNode one, SimulatedNode other) {
    List<Element> first = one.listing(shard);
    List<Element> second = other.listing(shard);
    if (!first.equals(second)) {
      throw new Violation(
          this,
          "shard %d: only at %s %s; only at %s %s"
              .formatted(
                  shard, one.id(), without(first, second), other.id(), without(second, first)));
    }
    if (one.shard(shard).store().digests().whole()
        != other.shard(shard).store().digests().whole()) {
      throw new Violation(
          this,
          "shard "
              + shard
              + ": same elements at "
              + one.id()
              + " and "
              + other.id()
              + ", and other digests");
    }
  }

  private static List<Element> without(List<Element> some, List<Element> others) {
    List<Element> left = new ArrayList<>(some);
    left.removeAll(others);
    return left;
  }
}
