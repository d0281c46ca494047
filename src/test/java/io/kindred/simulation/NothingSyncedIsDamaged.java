package io.kindred.simulation;

import io.kindred.entry.Key;

/**
 * No crash, full disk or failed sync makes a start find what it must take for rot: what is missing
 * was never synced.
 */
final class NothingSyncedIsDamaged implements Invariant {

  @Override
  public void afterStart(Simulation simulation, SimulatedNode node) {
    if (!node.damages().isEmpty()) {
      throw new Violation(this, node.id() + " found " + node.damages());
    }
  }

  @Override
  public void afterEvent(Simulation simulation, SimulatedNode node, Key key) {
    // only a start reads what is on the disk
  }

  @Override
  public void atRest(Simulation simulation) {
    // only a start reads what is on the disk
  }
}
