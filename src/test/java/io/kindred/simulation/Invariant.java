package io.kindred.simulation;

import io.kindred.entry.Key;

/** One of the design's promises, as something that can be asked of a run. */
interface Invariant {

  /**
   * Asked after each event that touched a key at a node.
   *
   * @throws Violation where the promise is broken
   */
  void afterEvent(Simulation simulation, SimulatedNode node, Key key);

  /**
   * Asked after a node has started, before anything else happens to it: all that was promised of
   * its disk must be in its memory again.
   *
   * @throws Violation where the promise is broken
   */
  default void afterStart(Simulation simulation, SimulatedNode node) {
    for (Key key : simulation.ledger().keys()) {
      if (node.owns(key)) {
        afterEvent(simulation, node, key);
      }
    }
  }

  /**
   * Asked once at the end: all nodes serve, all links are whole, all feeds have come to their ends.
   *
   * @throws Violation where the promise is broken
   */
  void atRest(Simulation simulation);
}
