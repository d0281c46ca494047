package io.kindred.storage;

import io.kindred.storage.memory.Bytes;
import io.kindred.storage.memory.SortedRows;
import java.util.Arrays;
import java.util.List;

/**
 * A sorted set's live members in the order of score, then member: derived from the members' rows,
 * and no element of its own. Ranks are counts, so they cost the same at any depth.
 */
final class ScoreOrder {

  private static final byte[] COUNTS = {1};

  private final SortedRows rows = new SortedRows();

  /** Of all {@link #place}s at once, which are sorted here: quicker than one after the other. */
  static ScoreOrder of(List<byte[]> places) {
    places.sort(Arrays::compareUnsigned);
    ScoreOrder order = new ScoreOrder();
    places.forEach(place -> order.rows.append(place, COUNTS, 1));
    return order;
  }

  /**
   * Moves a member.
   *
   * @param from its score before, NaN where it did not live
   * @param to its score now, NaN where it does not live
   */
  void move(byte[] member, double from, double to) {
    if (Double.compare(from, to) == 0) {
      return;
    }
    if (!Double.isNaN(from)) {
      rows.remove(place(from, member));
    }
    if (!Double.isNaN(to)) {
      rows.put(place(to, member), COUNTS, 1);
    }
  }

  /** The rank of a live member, from 0. */
  long rank(byte[] member, double score) {
    rows.seek(place(score, member));
    return rows.countedBefore();
  }

  /** How many have a lower score; with {@code inclusive}, or the same. */
  long below(double score, boolean inclusive) {
    // Not a number's bits sort above those of infinity, so there always is a next one.
    byte[] bound = new byte[8];
    Bytes.putLong(bound, 0, sortable(score) + (inclusive ? 1 : 0));
    rows.seek(bound);
    return rows.countedBefore();
  }

  /** How many come before a member, all being of one score; with {@code inclusive}, itself too. */
  long belowMember(byte[] member, boolean inclusive) {
    if (!rows.first()) {
      return 0;
    }
    byte[] bound = new byte[8 + member.length + (inclusive ? 1 : 0)];
    System.arraycopy(rows.bytes(), rows.keyAt(), bound, 0, 8);
    System.arraycopy(member, 0, bound, 8, member.length);
    rows.seek(bound);
    return rows.countedBefore();
  }

  /** Visits members from a rank on, upwards; or from the highest on, downwards. */
  void forEach(long from, long count, boolean reverse, ScoreVisitor visitor) {
    long first = reverse ? rows.counted() - 1 - from : from;
    long left = Math.min(count, rows.counted() - from);
    boolean is = left > 0 && rows.seekCounted(first);
    while (is && left > 0) {
      int at = rows.keyAt();
      byte[] bytes = rows.bytes();
      visitor.accept(
          Arrays.copyOfRange(bytes, at + 8, at + rows.keyLength()),
          scoreOf(Bytes.getLong(bytes, at)));
      left--;
      is = left > 0 && (reverse ? rows.previous() : rows.next());
    }
  }

  long heapBytes() {
    return rows.heapBytes();
  }

  /** Where a member stands. */
  static byte[] place(double score, byte[] member) {
    byte[] place = new byte[8 + member.length];
    Bytes.putLong(place, 0, sortable(score));
    System.arraycopy(member, 0, place, 8, member.length);
    return place;
  }

  /** A score's bits turned so that they sort as unsigned bytes. */
  private static long sortable(double score) {
    long bits = Double.doubleToLongBits(score + 0.0);
    return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
  }

  private static double scoreOf(long sortable) {
    return Double.longBitsToDouble(sortable < 0 ? sortable ^ Long.MIN_VALUE : ~sortable);
  }
}
