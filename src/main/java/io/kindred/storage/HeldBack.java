package io.kindred.storage;

import io.kindred.entry.Key;
import java.util.Set;

/**
 * The keys of which memory holds something that a failing log could not take. Whoever read one of
 * them would learn of what a crash takes back; all other keys are as durable as they ever were.
 */
public final class HeldBack {

  /** While the log takes writes. */
  public static final HeldBack NOTHING = new HeldBack(Set.of(), false);

  /** Where it cannot be told any more which keys they are. */
  static final HeldBack EVERYTHING = new HeldBack(Set.of(), true);

  private final Set<Key> keys;
  private final boolean everything;

  private HeldBack(Set<Key> keys, boolean everything) {
    this.keys = keys;
    this.everything = everything;
  }

  static HeldBack of(Set<Key> keys) {
    return new HeldBack(keys, false);
  }

  /** Whether it is so of a key. */
  public boolean holds(Key key) {
    return everything || keys.contains(key);
  }

  /** Whether it is so of a key in these slots. */
  public boolean holdsAny(int firstSlot, int lastSlot) {
    return everything
        || keys.stream().anyMatch(key -> key.slot() >= firstSlot && key.slot() <= lastSlot);
  }
}
