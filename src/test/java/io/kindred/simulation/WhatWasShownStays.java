package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import java.util.List;

/**
 * What a node showed a client is as durable as what it acknowledged: no crash takes it back, but
 * for one that the fsync policy allows. A full or failing disk makes no exception.
 */
final class WhatWasShownStays implements Invariant {

  @Override
  public void afterEvent(Simulation simulation, SimulatedNode node, Key key) {
    List<Element> shown = simulation.ledger().shownAt(key, node.id());
    if (shown.isEmpty()) {
      return;
    }
    List<Element> kept = node.listing(key);
    for (Element element : shown) {
      if (!NoAcknowledgedWriteLost.isThereOrOutlived(element, kept)
          && !Purged.excuses(node, element, simulation.ledger().made(key))) {
        throw new Violation(this, node.id() + " has shown " + element + " and now keeps " + kept);
      }
    }
  }

  @Override
  public void atRest(Simulation simulation) {
    for (Key key : simulation.ledger().keys()) {
      simulation.owners(key).forEach(owner -> afterEvent(simulation, owner, key));
    }
  }
}
