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
  private final KeyTable table;
  private final SlotExpiries expiries;
  private final int lastSlot;
  private int slot;
  // Of the slot that is under way: how many places its index had, and how many are left.
  private boolean begun;
  private int places;
  private int left;
  private boolean went;
  // Of those that stay, but for what has outlived its expiry.
  private long soonest;

  public ExpirySweep(Shard shard) {
    this.shard = shard;
    this.store = shard.store();
    this.table = store.table();
    this.expiries = store.expiries();
    this.slot = table.firstSlot();
    this.lastSlot = table.lastSlot();
  }

  /** Whether it has been through all slots, as far as something in them has expired by now. */
  public boolean isDone() {
    long now = shard.now();
    while (slot <= lastSlot && !begun && !expiries.mayHavePassed(slot, now)) {
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
    if (!begun || places != table.places(slot)) {
      begin();
    }
    int behind = Math.max(0, left - PLACES);
    // From the end on: taking one out moves later ones down, which have been looked at.
    for (int place = left - 1; place >= behind; place--) {
      int ref = table.refAt(slot, place);
      if (ref != 0) {
        lookAt(ref, now, upTo);
      }
    }
    left = behind;
    if (left == 0) {
      // Where one went others have moved, maybe to where nobody looked.
      expiries.note(slot, went ? now : soonest);
      table.shrink(slot);
      begun = false;
      slot++;
    }
  }

  /** Leaves off where it is; another one finds what this one had not come to. */
  public void leaveOff() {
    if (begun) {
      expiries.note(slot, shard.now());
    }
  }

  private void begin() {
    begun = true;
    places = table.places(slot);
    left = places;
    went = false;
    soonest = Element.NEVER;
    expiries.beginAnew(slot);
  }

  private void lookAt(int ref, long now, long upTo) {
    long end = endOf(ref, now);
    if (end > 0 && end <= upTo) {
      // Should the log refuse, the slot is looked at again.
      went = true;
      store.remove(table.key(ref), now, shard::logEnd);
      return;
    }
    long expires = expiryOf(ref);
    boolean outlived = expires <= now && end == 0;
    soonest = outlived ? soonest : Math.min(soonest, expires);
  }

  /**
   * The time of the mark or of the passed expiry that ends all of a key; 0 where something outlives
   * it, or nothing ended it.
   */
  private long endOf(int ref, long now) {
    if (table.isPlain(ref)) {
      KeyBlocks plain = table.blocks();
      plain.load(ref);
      long passed = plain.passedExpiry(now);
      return plain.newestTime(now) == passed ? passed : 0;
    }
    KeyState state = table.state(ref);
    long passed = state.passedExpiry(now);
    long end = passed > 0 ? passed : state.clear().time();
    return state.newestTime(now) == end ? end : 0;
  }

  private long expiryOf(int ref) {
    if (table.isPlain(ref)) {
      table.blocks().load(ref);
      return table.blocks().expiryAt;
    }
    return table.state(ref).expiryAt;
  }
}
