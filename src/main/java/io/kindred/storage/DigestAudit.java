package io.kindred.storage;

import java.util.ArrayList;
import java.util.List;

/**
 * Works a shard's digests out from what it holds, once through all its slots, a slice a turn. A
 * leaf that takes several turns is begun again when it was changed between two of them, and after
 * some attempts left to the next audit. For the shard's thread.
 */
public final class DigestAudit {

  private static final int LEAVES = 256;
  private static final int ATTEMPTS_MAX = 3;

  private final ShardStore store;
  private final int lastSlot;
  private int slot;
  private int leaf;
  // Of the leaf that is under way: where to go on, what was added up, what it should come to.
  private ElementCursor cursor;
  private long sum;
  private long digest;
  private int attempts;

  public DigestAudit(ShardStore store) {
    this.store = store;
    this.slot = store.table().firstSlot();
    this.lastSlot = store.table().lastSlot();
  }

  /** Whether all slots are done. */
  public boolean isDone() {
    passEmptySlots();
    return slot > lastSlot;
  }

  private void passEmptySlots() {
    while (slot <= lastSlot && leaf == 0 && !store.digests().keeps(slot)) {
      slot++;
    }
  }

  /** The slot that the next turn is about; not where {@link #isDone}. */
  public int slot() {
    return slot;
  }

  /**
   * Goes on in the slot, or to its end.
   *
   * @return the leaves (0 to 255) whose digest was found to be another one, or of which a branch or
   *     the slot is not the sum
   */
  public List<Integer> turn() {
    List<Integer> wrong = new ArrayList<>();
    ElementSlice slice = ElementSlice.large(element -> sum += element.digest(store.digestKey()));
    if (cursor != null && store.digests().leaf(slot, leaf) != digest) {
      beginAgain();
    }
    while (leaf < LEAVES && !slice.isFull()) {
      if (cursor == null) {
        sum = 0;
        digest = store.digests().leaf(slot, leaf);
      }
      cursor = store.readElements(slot, leaf, cursor, slice);
      if (cursor == null) {
        if (sum != digest) {
          wrong.add(leaf);
        }
        nextLeaf();
      }
    }
    if (leaf == LEAVES) {
      wrong.addAll(store.digests().leavesNotSummedUp(slot));
      leaf = 0;
      slot++;
    }
    return wrong;
  }

  private void beginAgain() {
    cursor = null;
    attempts++;
    if (attempts == ATTEMPTS_MAX) {
      nextLeaf();
    }
  }

  private void nextLeaf() {
    leaf++;
    attempts = 0;
  }
}
