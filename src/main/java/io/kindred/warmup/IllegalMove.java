package io.kindred.warmup;

import io.kindred.ring.Phase;

/** An event came in a phase in which it must not: a bug, never a fault of the world. */
public final class IllegalMove extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  IllegalMove(Phase phase, WarmUpEvent event) {
    super("no row says what " + event + " leads to in " + phase);
  }
}
