package io.kindred.entry;

/**
 * Who stamps writes: one data directory in one boot. The boot number is synced to the node's own
 * disk before its first use, so an origin never issues anything after a crash that it might have
 * issued before with another meaning.
 *
 * <p>The data directory stands in an origin by its random identity, not by the node's name: an
 * empty replacement may carry the name of the node it replaces, and its boots would begin at 1
 * again.
 *
 * @param store the identity of the data directory, positive, unique in the ring (which refuses a
 *     second node with the same one)
 * @param boot counts the starts of a process on that directory, from 1
 */
public record Origin(int store, int boot) {

  public Origin {
    if (store <= 0 || boot <= 0) {
      throw new IllegalArgumentException("store and boot are positive: " + store + ", " + boot);
    }
  }

  /** The origin as it stands in a {@link Version}. */
  public long bits() {
    return ((long) store << 32) | boot;
  }

  /**
   * What an origin's boot stamps beside its lanes: other than what they do, since one clock issues
   * those and another these.
   *
   * @param bits of the origin
   */
  public static long besideLanes(long bits) {
    return bits | (1L << 31);
  }

  /** The origin that {@link #bits()} gave. */
  public static Origin of(long bits) {
    return new Origin((int) (bits >>> 32), (int) bits);
  }
}
