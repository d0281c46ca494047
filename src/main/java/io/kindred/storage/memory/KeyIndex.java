package io.kindred.storage.memory;

import java.util.function.IntConsumer;

/**
 * From a key's 32-bit hash to the reference of what is known of the key: 8 bytes an entry in open
 * addressing, so a lookup of a key that is not there touches no key at all.
 *
 * <p>An entry's home is its hash scaled to the table, and runs go upwards, so the table's order is
 * nearly the hashes' order: what shares the hash's first 8 bits, a digest leaf, lies side by side.
 * Tables grow by a third or a half, which wastes less than doubling. For one thread.
 */
public final class KeyIndex {

  private static final int FIRST_CAPACITY = 4;

  private long[] entries = new long[FIRST_CAPACITY];
  private int size;

  public int size() {
    return size;
  }

  /** Bytes of the table. */
  public long bytes() {
    return 8L * entries.length;
  }

  /** The place of the first entry with this hash, or -1. */
  public int find(int hash) {
    return findFrom(home(hash), hash);
  }

  /** The place of the next entry with the hash that the one at {@code place} has, or -1. */
  public int findNext(int place) {
    return findFrom(next(place), (int) (entries[place] >>> 32));
  }

  private int findFrom(int from, int hash) {
    for (int i = from; ; i = next(i)) {
      long entry = entries[i];
      if (entry == 0) {
        return -1;
      }
      if ((int) (entry >>> 32) == hash) {
        return i;
      }
    }
  }

  /** How many places there are, taken or not. */
  public int places() {
    return entries.length;
  }

  /** The reference at a place, or 0 where none is. */
  public int ref(int place) {
    return (int) entries[place];
  }

  /** What stands where an entry with this hash would stand best: often itself; 0 for nothing. */
  public int homeRef(int hash) {
    return ref(home(hash));
  }

  /** Puts another reference, never 0, in its place. */
  public void setRef(int place, int ref) {
    entries[place] = (entries[place] & 0xffffffff00000000L) | (ref & 0xffffffffL);
  }

  /** Adds an entry; there may be others with the same hash. The reference is never 0. */
  public void add(int hash, int ref) {
    // At four fifths a hit looks at three neighbours on average, which lie in one cache line.
    if ((size + 1) * 5L > entries.length * 4L) {
      grow();
    }
    place(((long) hash << 32) | (ref & 0xffffffffL));
    size++;
  }

  /** Takes an entry out; the places of others change. */
  public void remove(int place) {
    entries[place] = 0;
    size--;
    for (int i = next(place); entries[i] != 0; i = next(i)) {
      long entry = entries[i];
      entries[i] = 0;
      place(entry);
    }
  }

  /** Visits the references of all entries; the visitor must not change the index. */
  public void forEach(IntConsumer visitor) {
    for (long entry : entries) {
      if (entry != 0) {
        visitor.accept((int) entry);
      }
    }
  }

  /** The same for those whose hash begins with these 8 bits; touches little else. */
  public void forEachOfLeaf(int leaf, IntConsumer visitor) {
    if (size == 0) {
      return;
    }
    int first = home(leaf << 24);
    int behind = leaf == 255 ? entries.length : home((leaf + 1) << 24);
    for (int i = first; i < behind; i++) {
      visitIfOf(leaf, entries[i], visitor);
    }
    // What its neighbours have pushed beyond, round the end at most.
    int i = behind == entries.length ? 0 : behind;
    for (int steps = 0; entries[i] != 0 && steps < first + entries.length - behind; steps++) {
      visitIfOf(leaf, entries[i], visitor);
      i = next(i);
    }
  }

  private static void visitIfOf(int leaf, long entry, IntConsumer visitor) {
    if (entry != 0 && (int) (entry >>> 56) == leaf) {
      visitor.accept((int) entry);
    }
  }

  /** Where less than a quarter is taken, takes a smaller table; places change. */
  public void shrink() {
    int capacity = FIRST_CAPACITY;
    while (capacity < size * 2) {
      capacity = larger(capacity);
    }
    if (capacity * 2L <= entries.length) {
      resize(capacity);
    }
  }

  /** 4, 6, 8, 12, 16, 24... */
  private static int larger(int capacity) {
    return Integer.bitCount(capacity) == 1 ? capacity / 2 * 3 : capacity / 3 * 4;
  }

  private void grow() {
    resize(larger(entries.length));
  }

  private void resize(int capacity) {
    long[] old = entries;
    entries = new long[capacity];
    for (long entry : old) {
      if (entry != 0) {
        place(entry);
      }
    }
  }

  private void place(long entry) {
    int i = home((int) (entry >>> 32));
    while (entries[i] != 0) {
      i = next(i);
    }
    entries[i] = entry;
  }

  private int home(int hash) {
    return (int) (((hash & 0xffffffffL) * entries.length) >>> 32);
  }

  private int next(int place) {
    return place + 1 == entries.length ? 0 : place + 1;
  }
}
