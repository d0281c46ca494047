package io.kindred.simulation;

/** A broken promise. */
final class Violation extends AssertionError {

  private static final long serialVersionUID = 1;

  private final Class<? extends Invariant> invariant;

  Violation(Invariant invariant, String what) {
    super(invariant.getClass().getSimpleName() + ": " + what);
    this.invariant = invariant.getClass();
  }

  Class<? extends Invariant> invariant() {
    return invariant;
  }
}
