package io.kindred.storage.actor;

import io.kindred.storage.ElementCursor;
import io.kindred.storage.actor.NodeProtocol.Leaf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Goes through the leaves of a shard's slots: those of one slot at a time, which the shard reads in
 * as many slices as it takes so that nobody is held up.
 */
final class LeafWalk {

  private static final int LEAVES_PER_SLOT = 256;

  private final Deque<Integer> slots;
  private Optional<ElementCursor> from = Optional.empty();

  /** Through the leaves of these slots. */
  LeafWalk(List<Integer> slots) {
    this.slots = new ArrayDeque<>(slots);
  }

  /** The leaves to be read next, in order, beginning at {@link #from}; none at the end. */
  List<Leaf> leaves() {
    List<Leaf> left = new ArrayList<>();
    if (!slots.isEmpty()) {
      for (int leaf = from.map(at -> at.key().leaf()).orElse(0); leaf < LEAVES_PER_SLOT; leaf++) {
        left.add(new Leaf(slots.peek(), leaf));
      }
    }
    return left;
  }

  /** Where in those leaves to begin. */
  Optional<ElementCursor> from() {
    return from;
  }

  /** Learns where the last reading ended; empty where it read all that it was to. */
  void readUpTo(Optional<ElementCursor> next) {
    from = next;
    if (next.isEmpty()) {
      slots.remove();
    }
  }
}
