package io.kindred.entry;

/**
 * Where wall-clock time comes from: the system's clock in a node, a fake one in a simulation. A
 * central clock service would be one more implementation.
 */
@FunctionalInterface
public interface TimeSource {

  /** Milliseconds since 1970; may jump in either direction. */
  long millis();
}
