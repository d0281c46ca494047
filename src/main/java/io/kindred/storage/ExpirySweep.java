package io.kindred.storage;

import io.kindred.entry.Element;

/**
 * Takes expired and deleted keys out of a shard, a little a turn: keys of which nothing outlives an
 * expiry that has passed, or a clear mark, at or below {@link Shard#knownToAll}. Only then is it
 * sure that nobody sends an older element of the key, or one that had prolonged it, after it was
 * forgotten.
 *
 * <p>Looks only at slots in which something may have expired; a slot without is passed in no time.
 * For the shard's thread.
 */
public final class ExpirySweep {

  /** How many places of an index are looked at in a turn: some hundredths of a millisecond. */
  private static final int PLACES = 128;

  private final Shard shard;
  private final ShardStore store;
  private final int lastSlot;
  private int slot;
  // Of the slot that is under way: how many places its index had, and how many are left.
  private boolean begun;
  private int places;
  private int left;
  private boolean went;
  private long soonest;

  /** Through the slots of a shard from one to another, inclusive. */
  public ExpirySweep(Shard shard, int firstSlot, int lastSlot) {
    this.shard = shard;
    this.store = shard.store();
    this.slot = firstSlot;
    this.lastSlot = lastSlot;
  }

  /** Whether it has been through all slots, as far as something in them has expired by now. */
  public boolean isDone() {
    long now = shard.now();
    while (slot <= lastSlot && !begun && !store.mayHoldPassed(slot, now)) {
      slot++;
    }
    return slot > lastSlot;
  }

  /**
   * Goes on in a slot, or to its end; to be called while it is not done.
   *
   * @throws LogFailedException where the log takes no writes
   * @throws java.io.UncheckedIOException where the clock cannot be moved on, as its bound lies on a
   *     disk that fails
   */
  public void turn() {
    long now = shard.now();
    long upTo = shard.knownToAll();
    if (!begun || places != store.placesOf(slot)) {
      begin();
    }
    boolean wentBefore = went;
    // Should the log refuse in the midst of it, the slot is looked at again.
    went = true;
    went = store.purgePassed(slot, left, PLACES, now, upTo, shard::logEnd) || wentBefore;
    soonest = Math.min(soonest, store.soonestOf(slot, left, PLACES, now));
    left = Math.max(0, left - PLACES);
    if (left == 0) {
      // Where one went others have moved, maybe to where nobody looked.
      store.expectExpiry(slot, went ? now : soonest);
      store.shrinkIndex(slot);
      begun = false;
      slot++;
    }
  }

  private void begin() {
    begun = true;
    places = store.placesOf(slot);
    left = places;
    went = false;
    soonest = Element.NEVER;
    store.expectNoExpiry(slot);
  }
}
