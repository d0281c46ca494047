package io.kindred.storage.actor;

import io.kindred.storage.actor.NodeProtocol.Leaf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Goes through the leaves of a shard's slots, as many at a time as hold few enough elements that
 * reading them holds nobody up: of one slot, and of at least one whole leaf.
 */
final class LeafWalk {

  private static final int LEAVES_PER_SLOT = 256;

  // A read of a thousand elements takes a shard about a tenth of a millisecond. Below the first
  // number the next read is twice as many leaves, above the second half as many.
  private static final int ELEMENTS_MIN = 128;
  private static final int ELEMENTS_MAX = 1024;
  private static final int FIRST_LEAVES = 16;

  private final Deque<Integer> slots;
  private int leaf;
  private int leaves = FIRST_LEAVES;

  /** Through the leaves of these slots. */
  LeafWalk(List<Integer> slots) {
    this.slots = new ArrayDeque<>(slots);
  }

  /** The leaves to be read next, in order; none at the end. */
  List<Leaf> next() {
    List<Leaf> some = new ArrayList<>();
    if (!slots.isEmpty()) {
      int behind = Math.min(LEAVES_PER_SLOT, leaf + leaves);
      for (int i = leaf; i < behind; i++) {
        some.add(new Leaf(slots.peek(), i));
      }
      leaf = behind % LEAVES_PER_SLOT;
      if (leaf == 0) {
        slots.remove();
      }
    }
    return some;
  }

  /** Learns how many elements the last leaves held. */
  void found(int elements) {
    if (elements < ELEMENTS_MIN) {
      leaves = Math.min(LEAVES_PER_SLOT, leaves * 2);
    } else if (elements > ELEMENTS_MAX) {
      leaves = Math.max(1, leaves / 2);
    }
  }
}
