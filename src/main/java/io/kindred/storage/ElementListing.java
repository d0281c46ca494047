package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Lists what lies in a table, a leaf of the digests at a time, sorted as {@link
 * Element#comparePlace} does. Remembers nothing between two slices; see the package's story.
 */
final class ElementListing {

  private static final byte[] NO_BYTES = {};

  /** Of a leaf with more keys than a slice takes; most keys have a string and its expiry. */
  private static final int KEYS_AT_ONCE = ElementSlice.ROWS_MAX / 2;

  /** A key and where it lies. */
  @SuppressWarnings("ArrayRecordComponent") // compared by order alone
  private record Placed(byte[] key, int ref) implements Comparable<Placed> {
    @Override
    public int compareTo(Placed other) {
      return Arrays.compareUnsigned(key, other.key);
    }
  }

  private final KeyTable table;
  private final KeyBlocks blocks;

  ElementListing(KeyTable table) {
    this.table = table;
    this.blocks = table.blocks();
  }

  /**
   * Visits a leaf's elements, no more than a slice of them.
   *
   * @param from where to begin; null, or a place in another leaf, for all of this one
   * @return where to go on, or null where the leaf was visited to its end
   */
  ElementCursor read(int slot, int leaf, ElementCursor from, ElementSlice slice) {
    boolean within = from != null && from.key().slot() == slot && from.key().leaf() == leaf;
    byte[] first = within ? from.key().bytes() : NO_BYTES;
    while (true) {
      List<Placed> some = leastKeys(slot, leaf, first);
      for (Placed next : some) {
        Key key = Key.of(next.key());
        ElementCursor begin = within && key.equals(from.key()) ? from : ElementCursor.before(key);
        ElementCursor left = slice.isFull() ? begin : visit(next.ref(), begin, slice);
        if (left != null) {
          return left;
        }
      }
      if (some.size() < KEYS_AT_ONCE) {
        return null;
      }
      // The least bytes above the last key's.
      byte[] last = some.get(some.size() - 1).key();
      first = Arrays.copyOf(last, last.length + 1);
    }
  }

  /** The same of one key. */
  ElementCursor readKey(ElementCursor from, ElementSlice slice) {
    int ref = table.find(from.key());
    return ref == 0 ? null : visit(ref, from, slice);
  }

  private ElementCursor visit(int ref, ElementCursor from, ElementSlice slice) {
    if (!table.isPlain(ref) || from.kind() != 0) {
      return table.state(ref).visit(from, slice);
    }
    blocks.load(ref);
    Version version = new Version(blocks.time, blocks.origin);
    if (blocks.expires) {
      boolean same = blocks.expiryTime == blocks.time && blocks.expiryOrigin == blocks.origin;
      Version own = same ? version : new Version(blocks.expiryTime, blocks.expiryOrigin);
      slice.add(Element.expiry(from.key(), own, blocks.expiryAt));
    }
    if (slice.isFull()) {
      return new ElementCursor(from.key(), Kind.STRING.code(), NO_BYTES);
    }
    slice.add(Element.string(from.key(), version, blocks.copyOfValue()));
    return null;
  }

  /**
   * A leaf's first keys that are not below some bytes, in order. Not all: it may hold more than a
   * slice takes.
   */
  private List<Placed> leastKeys(int slot, int leaf, byte[] from) {
    List<Placed> keys = new ArrayList<>();
    table.forEachRefOfLeaf(
        slot,
        leaf,
        ref -> {
          byte[] key = table.keyBytes(ref);
          if (Arrays.compareUnsigned(key, from) >= 0) {
            keys.add(new Placed(key, ref));
          }
        });
    List<Placed> least = keys.size() > KEYS_AT_ONCE ? leastOf(keys) : keys;
    Collections.sort(least);
    return least;
  }

  private static List<Placed> leastOf(List<Placed> keys) {
    PriorityQueue<Placed> least = new PriorityQueue<>(Comparator.reverseOrder());
    for (Placed key : keys) {
      if (least.size() < KEYS_AT_ONCE) {
        least.add(key);
      } else if (key.compareTo(least.peek()) < 0) {
        least.remove();
        least.add(key);
      }
    }
    return new ArrayList<>(least);
  }
}
