package io.kindred.entry;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where a list item stands: bytes that sort, unsigned, as the items of the list do. Made once by
 * who pushes or inserts the item and never used again, so that two racks never mean two items by
 * one position, and a removed item stays removed.
 *
 * <p>A position is one component or more. Behind an item's position, and before that of the next
 * item which does not begin with it, is room for all that is inserted between the two: they
 * <em>hang</em> under the first by one component more. A component is
 *
 * <pre>
 *   side       1 byte: {@link #HEAD} or {@link #TAIL}
 *   time       8 bytes: the version's; all bits turned round at the HEAD
 *   origin     8 bytes: the version's
 *   sequence   3 bytes: of the item in its command; all bits turned round at the HEAD
 * </pre>
 *
 * <p>A version is above all that its maker has seen on the key, so a TAIL component stands behind
 * all seen at its place, and a HEAD component before them. Items that two racks push at one time do
 * not mingle: the origin comes before the sequence.
 */
public final class Position {

  /** How many items one command may place: more than arguments a client may send. */
  public static final int SEQUENCE_MAX = (1 << 24) - 1;

  static final int COMPONENT_BYTES = 1 + 8 + 8 + 3;

  private static final byte HEAD = 0x40;
  private static final byte TAIL = (byte) 0x80;

  private Position() {}

  /** Whether bytes can be a position. */
  public static boolean isWellFormed(byte[] bytes) {
    return bytes.length > 0 && bytes.length % COMPONENT_BYTES == 0;
  }

  /** Before all positions that the version's maker has seen, and those of lower sequence. */
  public static byte[] head(Version version, int sequence) {
    return component(new byte[0], 0, HEAD, version, sequence);
  }

  /** Behind all positions that the version's maker has seen, and those of lower sequence. */
  public static byte[] tail(Version version, int sequence) {
    return component(new byte[0], 0, TAIL, version, sequence);
  }

  /**
   * Between two neighbours: behind {@code left}, before {@code right} and all else seen that stands
   * behind {@code left}, or at the end of what hangs beside it.
   *
   * <p>One component longer than {@code left} where it must be. Where {@code left} itself hangs
   * under an item that {@code right} does not hang under, as in a row of inserts each before the
   * same item or each behind the last, the new one is hung beside it: such rows would else grow
   * with the square of their length.
   *
   * @param right null where {@code left} is the last
   * @throws IllegalArgumentException where {@code left} is not before {@code right}
   */
  public static byte[] between(byte[] left, byte[] right, Version version) {
    int shared = 0;
    if (right != null) {
      if (Arrays.compareUnsigned(left, right) >= 0) {
        throw new IllegalArgumentException("nothing lies between a position and one before it");
      }
      int differs = Arrays.mismatch(left, right);
      shared = differs - differs % COMPONENT_BYTES;
    }
    int kept = Math.min(left.length, shared + COMPONENT_BYTES);
    return component(left, kept, kept < left.length ? TAIL : HEAD, version, 0);
  }

  private static byte[] component(
      byte[] under, int kept, byte side, Version version, int sequence) {
    if (sequence < 0 || sequence > SEQUENCE_MAX) {
      throw new IllegalArgumentException("one command cannot place item number " + sequence);
    }
    long turned = side == HEAD ? -1 : 0;
    int number = sequence ^ (int) turned;
    return ByteBuffer.allocate(kept + COMPONENT_BYTES)
        .put(under, 0, kept)
        .put(side)
        .putLong(version.time() ^ turned)
        .putLong(version.origin())
        .put((byte) (number >>> 16))
        .putShort((short) number)
        .array();
  }
}
