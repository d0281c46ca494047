package io.kindred.storage;

/**
 * What a store takes in memory, in bytes.
 *
 * @param payload keys, values, fields, members
 * @param blocks of small keys in use, their versions, headers and rounding included
 * @param chunks that the blocks lie in, what is free in them included
 * @param large keys too large for a block
 * @param index from hashes to blocks
 * @param digests at all three levels
 */
public record StoreMemory(
    long payload, long blocks, long chunks, long large, long index, long digests) {

  public static final StoreMemory NONE = new StoreMemory(0, 0, 0, 0, 0, 0);

  /** All that was taken for the store. */
  public long used() {
    return chunks + large + index + digests;
  }

  /** What is not payload. */
  public long overhead() {
    return used() - payload;
  }

  /** The sums of two. */
  public StoreMemory plus(StoreMemory other) {
    return new StoreMemory(
        payload + other.payload,
        blocks + other.blocks,
        chunks + other.chunks,
        large + other.large,
        index + other.index,
        digests + other.digests);
  }
}
