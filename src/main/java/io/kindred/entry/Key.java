package io.kindred.entry;

import java.util.Arrays;

/**
 * A client's key: its bytes, with the slot it falls into and a hash worked out once. Keys compare
 * as unsigned bytes.
 */
public final class Key implements Comparable<Key> {

  private final byte[] bytes;
  private final int slot;
  private final int hash;

  private Key(byte[] bytes) {
    this.bytes = bytes;
    this.slot = Slot.of(bytes);
    long mixed = Mix.hash(bytes, 0);
    this.hash = (int) (mixed >>> 32);
  }

  /** A key over these bytes, which the caller must not change afterwards. */
  public static Key of(byte[] bytes) {
    return new Key(bytes);
  }

  /** The bytes themselves, not a copy: not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Redis Cluster's slot, 0 to 16383. */
  public int slot() {
    return slot;
  }

  /**
   * The digest leaf within the slot, 0 to 255: branch {@code leaf >>> 4}, leaf {@code leaf & 15} of
   * it. The same on every node.
   */
  public int leaf() {
    return hash >>> 24;
  }

  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Key key && hash == key.hash && Arrays.equals(bytes, key.bytes));
  }

  /** The first 8 of its 32 bits are the {@link #leaf}. */
  @Override
  public int hashCode() {
    return hash;
  }

  /** The bytes as Latin-1 text, for messages and logs. */
  @Override
  public String toString() {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
