package io.kindred.command;

import io.kindred.entry.Key;
import io.kindred.storage.ShardStore;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One list's items from an end on, one at a time, so that who finds what it looks for can stop. The
 * list must not change meanwhile.
 */
final class ItemWalk {

  /** An item; neither array is to be changed. */
  @SuppressWarnings("ArrayRecordComponent") // read at once and never compared
  record Item(byte[] position, byte[] value) {}

  /** How many are fetched at once: what is fetched in vain costs little, and so does the asking. */
  private static final int FETCHED_MAX = 64;

  private final ShardStore store;
  private final Key key;
  private final long now;
  private final boolean reverse;
  private final Queue<Item> fetched = new ArrayDeque<>();
  private long next;

  /**
   * @param reverse whether to begin at the tail
   */
  ItemWalk(ShardStore store, Key key, long now, boolean reverse) {
    this.store = store;
    this.key = key;
    this.now = now;
    this.reverse = reverse;
  }

  /** The next item, or null behind the last. */
  Item next() {
    if (fetched.isEmpty()) {
      store.forEachItem(
          key,
          now,
          next,
          FETCHED_MAX,
          reverse,
          (position, value) -> fetched.add(new Item(position, value)));
      next += fetched.size();
    }
    return fetched.poll();
  }
}
