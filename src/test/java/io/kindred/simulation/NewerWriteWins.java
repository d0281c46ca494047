package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.ring.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is seen in a place never goes back to something older, however late or often that arrives;
 * and at rest nothing is seen that an answered write of the same place beats.
 */
final class NewerWriteWins implements Invariant {

  private record Spot(NodeId node, int boot, Key key, Ledger.Place place) {}

  private final Map<Spot, Element> seenBefore = new HashMap<>();

  @Override
  public void afterEvent(Simulation simulation, SimulatedNode node, Key key) {
    if (Workload.isCounter(key)) {
      return;
    }
    List<Element> made = simulation.ledger().made(key);
    for (Reading.Seen seen : Reading.of(node, key, node.millis())) {
      Optional<Element> source = seen.madeAs(made);
      if (source.isPresent()) {
        Element shown = source.get();
        Element before =
            seenBefore.put(new Spot(node.id(), node.boot(), key, Ledger.Place.of(shown)), shown);
        if (before != null && before.beats(shown)) {
          throw new Violation(this, node.id() + " showed " + before + " and went back to " + shown);
        }
      }
    }
  }

  @Override
  public void atRest(Simulation simulation) {
    for (Key key : simulation.ledger().keys()) {
      if (!Workload.isCounter(key)) {
        simulation.owners(key).forEach(owner -> check(simulation, owner, key));
      }
    }
  }

  private void check(Simulation simulation, SimulatedNode node, Key key) {
    List<Element> made = simulation.ledger().made(key);
    for (Reading.Seen seen : Reading.of(node, key, node.millis())) {
      for (Element newer : Ledger.strongest(simulation.ledger().acknowledged(key))) {
        seen.madeAs(made)
            .filter(shown -> newer.samePlace(shown) && newer.beats(shown))
            .ifPresent(
                shown -> {
                  throw new Violation(
                      this, node.id() + " shows " + shown + " in place of " + newer);
                });
      }
    }
  }
}
