package io.kindred.storage.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * Memory for many small blocks in few large arrays: to the garbage collector a million records are
 * a few hundred objects without references, which it neither traces nor, once they are old, moves.
 *
 * <p>A block is named by a reference, a positive int; its first two bytes hold its size in units of
 * 8 bytes, so a chunk can be walked from its start. Sizes are exact up to 256 bytes, above that in
 * eighths of a doubling. A freed block waits in its size's list; where none fits, a larger one is
 * split before another chunk is taken. What splitting leaves behind is put together again by {@link
 * #evacuate}. For one thread.
 */
public final class Arena {

  /** The largest block's content, in bytes. */
  public static final int BLOCK_BYTES_MAX = (512 << 3) - Arena.HEADER_BYTES;

  private static final int HEADER_BYTES = 2;
  private static final int UNIT_SHIFT = 3;
  // 256 KiB a chunk: small enough for a shard of few keys, well below half a region of any heap,
  // and quickly evacuated.
  private static final int CHUNK_SHIFT = 15;
  // A few units less than the shift allows, so that a collector's region of any size, which is a
  // power of two, takes as many chunks with their headers as it should.
  private static final int CHUNK_UNITS = (1 << CHUNK_SHIFT) - 4;
  private static final int CHUNK_BYTES = CHUNK_UNITS << UNIT_SHIFT;
  private static final int UNITS_MAX = 512;
  private static final int EXACT_UNITS = 32;
  private static final int FREE = 0x8000;
  private static final int LINK_AT = 4;

  /** Takes a block's old and new reference. */
  @FunctionalInterface
  public interface Moved {
    void moved(int from, int to);
  }

  private final List<byte[]> chunks = new ArrayList<>();
  private final List<Integer> emptyNumbers = new ArrayList<>();
  // The first free block of each size in units; 0 for none.
  private final int[] free = new int[UNITS_MAX + 1];
  private int[] liveUnits = new int[4];
  private int current = -1;
  private int nextUnit = CHUNK_UNITS;
  private long live;

  /** Bytes of all chunks. */
  public long chunkBytes() {
    return (long) (chunks.size() - emptyNumbers.size()) * CHUNK_BYTES;
  }

  /** Bytes of the blocks in use, their headers and the rounding included. */
  public long liveBytes() {
    return live << UNIT_SHIFT;
  }

  /**
   * A block for so many bytes, what it holds undefined.
   *
   * @param bytes at most {@link #BLOCK_BYTES_MAX}
   */
  public int allocate(int bytes) {
    int units = units(bytes);
    int ref = free[units];
    if (ref != 0) {
      free[units] = Bytes.getInt(chunk(ref), start(ref) + LINK_AT);
    } else if (nextUnit + units <= CHUNK_UNITS) {
      ref = (current << CHUNK_SHIFT) | nextUnit;
      nextUnit += units;
    } else {
      ref = split(units);
    }
    Bytes.putShort(chunk(ref), start(ref), units);
    liveUnits[ref >>> CHUNK_SHIFT] += units;
    live += units;
    return ref;
  }

  private int split(int units) {
    for (int larger = units + 1; larger <= UNITS_MAX; larger++) {
      int ref = free[larger];
      if (ref != 0) {
        free[larger] = Bytes.getInt(chunk(ref), start(ref) + LINK_AT);
        abandon(ref + units, larger - units);
        return ref;
      }
    }
    takeChunk();
    int ref = (current << CHUNK_SHIFT) | nextUnit;
    nextUnit += units;
    return ref;
  }

  private void takeChunk() {
    if (current >= 0) {
      abandon((current << CHUNK_SHIFT) | nextUnit, CHUNK_UNITS - nextUnit);
    }
    if (emptyNumbers.isEmpty()) {
      current = chunks.size();
      if (current >= 1 << (31 - CHUNK_SHIFT)) {
        throw new OutOfMemoryError("a shard cannot hold more than 16 GiB of small records");
      }
      chunks.add(new byte[CHUNK_BYTES]);
      if (liveUnits.length == current) {
        liveUnits = java.util.Arrays.copyOf(liveUnits, current * 2);
      }
    } else {
      current = emptyNumbers.remove(emptyNumbers.size() - 1);
      chunks.set(current, new byte[CHUNK_BYTES]);
    }
    // No block has reference 0: it ends the lists.
    nextUnit = current == 0 ? 1 : 0;
  }

  /** Puts units that nobody uses into the lists, cut to sizes that are asked for. */
  private void abandon(int ref, int units) {
    int at = ref;
    int left = units;
    while (left > 0) {
      int size = Math.min(left, UNITS_MAX);
      while (roundedUp(size) != size) {
        size--;
      }
      link(at, size);
      at += size;
      left -= size;
    }
  }

  private void link(int ref, int units) {
    byte[] chunk = chunk(ref);
    int start = start(ref);
    Bytes.putShort(chunk, start, units | FREE);
    Bytes.putInt(chunk, start + LINK_AT, free[units]);
    free[units] = ref;
  }

  /** Gives a block back. */
  public void free(int ref) {
    int units = Bytes.getShort(chunk(ref), start(ref));
    liveUnits[ref >>> CHUNK_SHIFT] -= units;
    live -= units;
    link(ref, units);
  }

  /** The array that a block lies in. */
  public byte[] chunk(int ref) {
    return chunks.get(ref >>> CHUNK_SHIFT);
  }

  /** Where a block's content begins in its {@link #chunk}. */
  public int offset(int ref) {
    return start(ref) + HEADER_BYTES;
  }

  /** How many bytes of content a block takes. */
  public int capacity(int ref) {
    return (Bytes.getShort(chunk(ref), start(ref)) << UNIT_SHIFT) - HEADER_BYTES;
  }

  /** Whether a content of that size gets a block of just this one's size. */
  public boolean fits(int ref, int bytes) {
    return Bytes.getShort(chunk(ref), start(ref)) == units(bytes);
  }

  /**
   * The chunk that is least in use, and at most half: moving its blocks elsewhere gives memory
   * back.
   *
   * @return its number, or -1 where none is worth it: the chunks' free parts would not make up for
   *     one chunk, or are in chunks that are well filled
   */
  public int sparsest() {
    long spare = (chunkBytes() >> UNIT_SHIFT) - live;
    int best = -1;
    int least = CHUNK_UNITS / 2;
    for (int number = 0; number < chunks.size(); number++) {
      if (chunks.get(number) != null && number != current && liveUnits[number] < least) {
        best = number;
        least = liveUnits[number];
      }
    }
    return spare < 2L * CHUNK_UNITS ? -1 : best;
  }

  /** Moves all blocks of a chunk elsewhere, and gives the chunk back. */
  public void evacuate(int number, Moved moved) {
    unlinkFree(number);
    byte[] chunk = chunks.get(number);
    int unit = number == 0 ? 1 : 0;
    while (unit < CHUNK_UNITS) {
      int size = Bytes.getShort(chunk, unit << UNIT_SHIFT);
      if ((size & FREE) == 0) {
        int from = (number << CHUNK_SHIFT) | unit;
        int to = allocate((size << UNIT_SHIFT) - HEADER_BYTES);
        System.arraycopy(chunk, offset(from), chunk(to), offset(to), capacity(from));
        live -= size;
        moved.moved(from, to);
      }
      unit += size & ~FREE;
    }
    liveUnits[number] = 0;
    chunks.set(number, null);
    emptyNumbers.add(number);
  }

  private void unlinkFree(int number) {
    for (int units = 1; units <= UNITS_MAX; units++) {
      int kept = 0;
      int ref = free[units];
      while (ref != 0) {
        int next = Bytes.getInt(chunk(ref), start(ref) + LINK_AT);
        if (ref >>> CHUNK_SHIFT != number) {
          Bytes.putInt(chunk(ref), start(ref) + LINK_AT, kept);
          kept = ref;
        }
        ref = next;
      }
      free[units] = kept;
    }
  }

  private static int start(int ref) {
    return (ref & ((1 << CHUNK_SHIFT) - 1)) << UNIT_SHIFT;
  }

  private static int units(int bytes) {
    return roundedUp((bytes + HEADER_BYTES + (1 << UNIT_SHIFT) - 1) >>> UNIT_SHIFT);
  }

  private static int roundedUp(int units) {
    if (units <= EXACT_UNITS) {
      return units;
    }
    int step = Integer.highestOneBit(units - 1) >>> 3;
    return ((units - 1) / step + 1) * step;
  }
}
