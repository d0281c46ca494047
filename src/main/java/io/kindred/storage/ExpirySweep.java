package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;

/**
 * Takes out of a shard what is dead and known to be so by all who own it, a little a turn: keys of
 * which nothing lives any more, clear marks of keys that were written again, removed fields,
 * members and items; all at or below {@link Shard#knownToAll}. Only then is it sure that nobody
 * sends an older element of the key, or one that had prolonged it, after it was forgotten.
 *
 * <p>Looks only at slots in which something can have become so; a slot without is passed in no
 * time. For the shard's thread.
 */
public final class ExpirySweep {

  /** How many places of an index are looked at in a turn: some hundredths of a millisecond. */
  private static final int PLACES = 128;

  /** How many rows of one key. */
  private static final int ROWS = 1024;

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
  private long soonest;
  // In a key of very many parts.
  private ElementCursor underWay;
  private boolean wentAnywhere;
  private long limit;

  public ExpirySweep(Shard shard) {
    this.shard = shard;
    this.store = shard.store();
    this.table = store.table();
    this.expiries = store.expiries();
    this.limit = shard.isSole() ? 0 : shard.knownToAll();
    this.slot = table.firstSlot();
    this.lastSlot = table.lastSlot();
  }

  /** Whether it has been through all slots, as far as something in them can go by now. */
  public boolean isDone() {
    long upTo = shard.isSole() ? shard.now() : Math.min(shard.now(), HybridClock.millisOf(limit));
    if (upTo == 0) {
      return true;
    }
    while (slot <= lastSlot && !begun && !expiries.mayHavePassed(slot, upTo)) {
      slot++;
    }
    return slot > lastSlot;
  }

  /** Whether nothing was found any more that can go; to be asked once it is done. */
  public boolean foundNothing() {
    return !wentAnywhere;
  }

  /** Up to where it takes things out; of a sole owner all that its clock has left behind. */
  public long limit() {
    return limit;
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
    long upTo = shard.isSole() ? shard.knownToAll() : limit;
    store.knowTo(upTo);
    if (!begun || places != table.places(slot)) {
      begin();
    }
    if (underWay != null) {
      goOn(now, upTo);
      return;
    }
    int behind = Math.max(0, left - PLACES);
    // From the end on: taking one out moves later ones down, which have been looked at.
    int place = left;
    while (place > behind && underWay == null) {
      place--;
      int ref = table.refAt(slot, place);
      if (ref != 0) {
        lookAt(ref, now, upTo);
      }
    }
    left = place;
    if (left == 0 && underWay == null) {
      end();
    }
  }

  /** In a key that had too many parts for one turn; it may be gone by now. */
  private void goOn(long now, long upTo) {
    ElementCursor from = underWay;
    underWay = null;
    int ref = table.find(from.key());
    if (ref != 0 && !table.isPlain(ref)) {
      purge(from.key(), from, now, upTo);
    }
    if (left == 0 && underWay == null) {
      end();
    }
  }

  private void end() {
    // Where one went others have moved, maybe to where nobody looked.
    expiries.note(slot, went ? Long.MIN_VALUE : soonest);
    wentAnywhere |= went;
    table.shrink(slot);
    begun = false;
    slot++;
  }

  /** Leaves off where it is; another one finds what this one had not come to. */
  public void leaveOff() {
    if (begun) {
      expiries.note(slot, Long.MIN_VALUE);
    }
  }

  private void begin() {
    begun = true;
    places = table.places(slot);
    left = places;
    went = false;
    underWay = null;
    soonest = Element.NEVER;
    expiries.beginAnew(slot);
  }

  private void lookAt(int ref, long now, long upTo) {
    if (table.isPlain(ref)) {
      lookAtPlain(ref, now, upTo);
      return;
    }
    KeyState state = table.state(ref);
    boolean gone = !new KeyView(state, now).lives();
    table.weigh(ref);
    if (gone && state.newestTime(now) <= upTo) {
      remove(ref, now);
      return;
    }
    long passed = state.passedExpiry(now);
    if ((passed > 0 && passed <= upTo) || state.oldestTombstone() <= upTo) {
      purge(table.key(ref), null, now, upTo);
    } else {
      noteWhatStays(state, now);
    }
  }

  private void lookAtPlain(int ref, long now, long upTo) {
    KeyBlocks plain = table.blocks();
    plain.load(ref);
    long passed = plain.passedExpiry(now);
    if (plain.lives(now)) {
      // What outlives its expiry may keep it: it ends nothing that is newer.
      soonest = passed > 0 ? soonest : Math.min(soonest, plain.expiryAt);
    } else if (passed <= upTo) {
      remove(ref, now);
    } else {
      noteAfter(passed);
    }
  }

  private void remove(int ref, long now) {
    // Should the log refuse, the slot is looked at again.
    went = true;
    store.remove(table.key(ref), now, shard::logEnd);
  }

  private void purge(Key key, ElementCursor from, long now, long upTo) {
    went = true;
    underWay = store.purge(key, now, upTo, from, ROWS, shard::logEnd);
    int ref = table.find(key);
    if (underWay == null && ref != 0) {
      noteWhatStays(table.state(ref), now);
    }
  }

  private void noteWhatStays(KeyState state, long now) {
    long passed = state.passedExpiry(now);
    if (passed > 0) {
      noteAfter(passed);
    } else {
      soonest = Math.min(soonest, state.expiryAt);
    }
    if (state.oldestTombstone() < Long.MAX_VALUE) {
      noteAfter(state.oldestTombstone());
    }
    if (!new KeyView(state, now).lives()) {
      noteAfter(state.newestTime(now));
    }
  }

  /** Something can go once that time is known to all to have passed. */
  private void noteAfter(long time) {
    soonest = Math.min(soonest, HybridClock.millisOf(time));
  }
}
