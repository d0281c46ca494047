package io.kindred.storage;

import io.kindred.entry.Element;
import java.util.Arrays;

/**
 * Before when no key of a slot expires: it spares a sweep the slots that have nothing for it. Not
 * always sharp, and made so by the sweep.
 */
final class SlotExpiries {

  private final int firstSlot;
  // In ms.
  private final long[] soonest;

  /** Of the slots from one to another, inclusive. */
  SlotExpiries(int firstSlot, int lastSlot) {
    this.firstSlot = firstSlot;
    this.soonest = new long[lastSlot - firstSlot + 1];
    Arrays.fill(soonest, Element.NEVER);
  }

  /** A key of the slot expires at that moment, in ms. */
  void note(int slot, long at) {
    soonest[slot - firstSlot] = Math.min(soonest[slot - firstSlot], at);
  }

  /** Whether a key of the slot may have expired, or was deleted. */
  boolean mayHavePassed(int slot, long now) {
    return soonest[slot - firstSlot] <= now;
  }

  /** Begins to find out anew; what is noted from now on counts. */
  void beginAnew(int slot) {
    soonest[slot - firstSlot] = Element.NEVER;
  }
}
