package io.kindred.storage;

import io.kindred.entry.Key;
import io.kindred.storage.memory.Arena;
import io.kindred.storage.memory.KeyIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Where a shard's keys lie in memory. A small index a slot, so that listing or scanning a slot
 * touches nothing else and no index is ever so big that growing it is felt. What an index entry
 * refers to is a block ({@link KeyBlocks}), where the reference is positive, or else a key that is
 * too large for one; 0 is none.
 *
 * <p>Knows places and what they take, and leaves it to others what lies there.
 */
final class KeyTable {

  private final int firstSlot;
  private final int lastSlot;
  // A slot gets its index with its first key; null until then.
  private final KeyIndex[] slots;
  private final Arena arena = new Arena();
  private final Origins origins = new Origins();
  private final KeyBlocks blocks = new KeyBlocks(arena, origins);
  private final List<KeyState> large = new ArrayList<>();
  private final List<Integer> largeFree = new ArrayList<>();
  private long indexBytes;
  private long largeBytes;

  // What the last find was for, and where it ended. A command looks its key up several times.
  private Key found;
  private int foundRef;
  private KeyIndex index;
  private int place;

  /** Of the slots from one to another, inclusive. */
  KeyTable(int firstSlot, int lastSlot) {
    this.firstSlot = firstSlot;
    this.lastSlot = lastSlot;
    this.slots = new KeyIndex[lastSlot - firstSlot + 1];
  }

  int firstSlot() {
    return firstSlot;
  }

  int lastSlot() {
    return lastSlot;
  }

  /** The blocks that positive references are to. */
  KeyBlocks blocks() {
    return blocks;
  }

  /**
   * Where a key is, 0 for nowhere; leaves its index entry in {@link #index}, {@link #place}.
   *
   * @throws IllegalArgumentException where the key belongs to another shard
   */
  @SuppressWarnings("ReferenceEquality") // only the very same key is sure to cost nothing
  int find(Key key) {
    if (key != found) {
      foundRef = search(key);
      found = key;
    }
    return foundRef;
  }

  private int search(Key key) {
    index = index(key.slot());
    if (index == null) {
      return 0;
    }
    for (place = index.find(key.hashCode()); place >= 0; place = index.findNext(place)) {
      int ref = index.ref(place);
      boolean isIt =
          ref > 0
              ? blocks.isOf(ref, key.bytes())
              : Arrays.equals(large.get(~ref).key(), key.bytes());
      if (isIt) {
        return ref;
      }
    }
    return 0;
  }

  /** Whether there is a key, and nothing of it but a string and its expiry, in a block. */
  boolean isPlain(int ref) {
    return ref > 0 && blocks.isPlain(ref);
  }

  /** The bytes of the key that lies there; not to be changed. */
  byte[] keyBytes(int ref) {
    return ref > 0 ? blocks.key(ref) : large.get(~ref).key();
  }

  Key key(int ref) {
    return Key.of(keyBytes(ref));
  }

  /** What lies there, taken apart; of a block a copy. */
  KeyState state(int ref) {
    return ref > 0 ? blocks.read(ref) : large.get(~ref);
  }

  /** Of a key that lies nowhere yet. */
  KeyState newState(Key key) {
    return new KeyState(key.bytes(), origins);
  }

  /**
   * Writes the cursor of {@link #blocks} down as a plain key.
   *
   * @param ref where {@link #find} found the key, just before
   */
  void putPlain(int ref, Key key, Change change) {
    int to = blocks.store(ref, key.bytes());
    refer(ref, to != 0 ? to : keep(blocks.loaded(key.bytes()), change), key);
  }

  /**
   * Writes a key down that was taken apart and changed, in a block if it is small enough for one.
   *
   * @param ref where {@link #find} found the key, just before; {@link #weigh} has been told since
   */
  void put(int ref, Key key, KeyState state, Change change) {
    if (ref < 0) {
      if (!KeyBlocks.isSmall(state)) {
        return;
      }
      release(ref);
    }
    int to = blocks.write(Math.max(ref, 0), state);
    refer(ref, to != 0 ? to : keep(state, change), key);
  }

  private int keep(KeyState state, Change change) {
    state.settle(change);
    largeBytes += state.heapGrowth();
    if (largeFree.isEmpty()) {
      large.add(state);
      return ~(large.size() - 1);
    }
    int number = largeFree.remove(largeFree.size() - 1);
    large.set(number, state);
    return ~number;
  }

  private void release(int ref) {
    if (ref > 0) {
      blocks.free(ref);
    } else {
      largeBytes -= large.get(~ref).heapTold();
      large.set(~ref, null);
      largeFree.add(~ref);
    }
  }

  /** Counts what a large key has grown by; reading may do that too, see {@link Parts#visible}. */
  void weigh(int ref) {
    if (ref < 0) {
      largeBytes += large.get(~ref).heapGrowth();
    }
  }

  private void refer(int from, int to, Key key) {
    foundRef = to;
    if (from == 0) {
      found = null;
      KeyIndex own = ownIndex(key.slot());
      indexBytes -= own.bytes();
      own.add(key.hashCode(), to);
      indexBytes += own.bytes();
    } else if (from != to) {
      index.setRef(place, to);
    }
  }

  private KeyIndex ownIndex(int slot) {
    KeyIndex own = index(slot);
    if (own == null) {
      own = new KeyIndex();
      indexBytes += own.bytes();
      slots[slot - firstSlot] = own;
    }
    return own;
  }

  /** Takes a key out that is there; others of its slot move to other places. */
  void remove(Key key) {
    release(find(key));
    index.remove(place);
    found = null;
  }

  /** How many places the index of a slot has, taken or not. */
  int places(int slot) {
    KeyIndex own = index(slot);
    return own == null ? 0 : own.places();
  }

  /** The reference at one of a slot's {@link #places}, 0 where none is. */
  int refAt(int slot, int at) {
    return index(slot).ref(at);
  }

  /** Gives back what the index of a slot that many keys went out of takes too much. */
  void shrink(int slot) {
    KeyIndex own = index(slot);
    if (own != null) {
      found = null;
      indexBytes -= own.bytes();
      own.shrink();
      indexBytes += own.bytes();
    }
  }

  /** Visits where the keys of a slot lie, in no order; the visitor must not change the table. */
  void forEachRef(int slot, IntConsumer visitor) {
    KeyIndex own = index(slot);
    if (own != null) {
      own.forEach(visitor);
    }
  }

  /** The same for one leaf (0 to 255) of the slot; touches little else. */
  void forEachRefOfLeaf(int slot, int leaf, IntConsumer visitor) {
    KeyIndex own = index(slot);
    if (own != null) {
      own.forEachOfLeaf(leaf, visitor);
    }
  }

  /** The slots that hold something, in order. */
  List<Integer> filledSlots() {
    List<Integer> filled = new ArrayList<>();
    for (int slot = firstSlot; slot <= lastSlot; slot++) {
      KeyIndex own = slots[slot - firstSlot];
      if (own != null && own.size() > 0) {
        filled.add(slot);
      }
    }
    return filled;
  }

  private KeyIndex index(int slot) {
    if (slot < firstSlot || slot > lastSlot) {
      throw new IllegalArgumentException(
          "slot " + slot + " is none of this shard's, " + firstSlot + " to " + lastSlot);
    }
    return slots[slot - firstSlot];
  }

  /** Reads a key's index entry, so that it is near when the key is looked up; some number. */
  int touchIndex(Key key) {
    KeyIndex own = slots[key.slot() - firstSlot];
    return own == null ? 0 : own.homeRef(key.hashCode());
  }

  /** The same for the block that the index entry most likely refers to. */
  int touchBlock(Key key) {
    KeyIndex own = slots[key.slot() - firstSlot];
    int at = own == null ? -1 : own.find(key.hashCode());
    return at >= 0 && own.ref(at) > 0 ? blocks.touch(own.ref(at)) : 0;
  }

  /**
   * Moves the blocks of a half-empty chunk elsewhere, in well under a millisecond.
   *
   * @return whether there was one, and there may be more
   */
  boolean compact() {
    found = null;
    int sparsest = arena.sparsest();
    if (sparsest < 0) {
      return false;
    }
    arena.evacuate(
        sparsest,
        (from, to) -> {
          Key key = key(to);
          KeyIndex own = slots[key.slot() - firstSlot];
          int at = own.find(key.hashCode());
          while (own.ref(at) != from) {
            at = own.findNext(at);
          }
          own.setRef(at, to);
        });
    return true;
  }

  /** What it takes in memory, beside some bytes of digests; of it so many are payload. */
  StoreMemory memory(long payload, long digestBytes) {
    return new StoreMemory(
        payload, arena.liveBytes(), arena.chunkBytes(), largeBytes, indexBytes, digestBytes);
  }
}
