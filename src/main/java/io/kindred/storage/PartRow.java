package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import io.kindred.storage.memory.Bytes;
import io.kindred.storage.memory.SortedRows;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * One field, member or item taken out of its row: its own element, where there is one, and the
 * contributions that count on it. One object is used again and again.
 *
 * <pre>
 *   flags          LIVE, BASE, REMOVED, COUNTED
 *   base           8 bytes of time, varint origin number               with BASE
 *   contributions  varint how many; each 8 bytes of time, varint       with COUNTED
 *                  origin number, 8 bytes of number, a byte founding,
 *                  8 bytes of base time, varint base origin number
 *   content        a sorted set's 8 bytes of score, or the value       with BASE, not REMOVED
 * </pre>
 */
final class PartRow {

  /** Shows: the bit by which {@link SortedRows} counts. */
  private static final int LIVE = 1;

  private static final int BASE = 2;
  private static final int REMOVED = 4;
  private static final int COUNTED = 8;

  private static final Contribution[] NONE = {};

  private final KeyType type;
  private final Origins origins;
  private byte[] written = new byte[64];

  boolean hasBase;
  boolean removed;
  long time;
  long origin;
  long score;
  byte[] source;
  int valueAt;
  int valueLength;
  Contribution[] counts = NONE;

  PartRow(KeyType type, Origins origins) {
    this.type = type;
    this.origins = origins;
  }

  /** An empty row: nothing is known of the part. */
  void clear() {
    hasBase = false;
    removed = false;
    counts = NONE;
    valueLength = 0;
  }

  /** Reads the row under the cursor. */
  void read(SortedRows rows) {
    source = rows.bytes();
    int at = rows.payloadAt();
    int behind = at + rows.payloadLength();
    int flags = source[at++];
    hasBase = (flags & BASE) != 0;
    removed = (flags & REMOVED) != 0;
    if (hasBase) {
      time = Bytes.getLong(source, at);
      int number = Bytes.varint(source, at + 8);
      origin = origins.of(number);
      at += 8 + Bytes.varintLength(number);
    }
    counts = NONE;
    if ((flags & COUNTED) != 0) {
      at = readCounts(at);
    }
    valueAt = at;
    valueLength = behind - at;
    if (type == KeyType.ZSET && hasBase && !removed) {
      score = Bytes.getLong(source, at);
    }
  }

  private int readCounts(int from) {
    int at = from;
    int count = Bytes.varint(source, at);
    at += Bytes.varintLength(count);
    counts = new Contribution[count];
    for (int i = 0; i < count; i++) {
      long countTime = Bytes.getLong(source, at);
      int number = Bytes.varint(source, at + 8);
      at += 8 + Bytes.varintLength(number);
      long sum = Bytes.getLong(source, at);
      boolean founding = source[at + 8] != 0;
      long baseTime = Bytes.getLong(source, at + 9);
      int baseNumber = Bytes.varint(source, at + 17);
      at += 17 + Bytes.varintLength(baseNumber);
      counts[i] =
          new Contribution(
              new Version(countTime, origins.of(number)),
              new Version(baseTime, origins.of(baseNumber)),
              sum,
              founding);
    }
    return at;
  }

  /** Whether the row under the cursor has a base and nothing else. */
  static boolean isPlain(SortedRows rows) {
    return (rows.bytes()[rows.payloadAt()] & COUNTED) == 0;
  }

  /** The time of a row that has a base, as one has that {@link #isPlain} or {@link #isRemoved}. */
  static long timeOf(SortedRows rows) {
    return Bytes.getLong(rows.bytes(), rows.payloadAt() + 1);
  }

  static boolean isRemoved(SortedRows rows) {
    return (rows.bytes()[rows.payloadAt()] & REMOVED) != 0;
  }

  /** Takes a base from an element; what it holds is not copied. */
  void setBase(Element e) {
    hasBase = true;
    removed = e.isTombstone();
    time = e.version().time();
    origin = e.version().origin();
    score = e.number();
    source = e.value();
    valueAt = 0;
    valueLength = source == null ? 0 : source.length;
  }

  void dropBase() {
    hasBase = false;
    removed = false;
    valueLength = 0;
  }

  /** The place of an origin's contribution, or -1. */
  int indexOf(long contributor) {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i].origin() == contributor) {
        return i;
      }
    }
    return -1;
  }

  /** Puts a contribution in, at its index or, for -1, in the order of origins. */
  void setCount(int index, Contribution contribution) {
    if (index >= 0) {
      counts[index] = contribution;
      return;
    }
    int place = 0;
    while (place < counts.length
        && Long.compare(counts[place].origin(), contribution.origin()) < 0) {
      place++;
    }
    Contribution[] more = new Contribution[counts.length + 1];
    System.arraycopy(counts, 0, more, 0, place);
    more[place] = contribution;
    System.arraycopy(counts, place, more, place + 1, counts.length - place);
    counts = more;
  }

  boolean isEmpty() {
    return !hasBase && counts.length == 0;
  }

  boolean baseLives() {
    return hasBase && !removed;
  }

  Version baseVersion() {
    return new Version(time, origin);
  }

  /** What an increment made now counts against. */
  CountBase countBase(Version clear) {
    if (baseLives()) {
      return new CountBase(baseVersion(), false);
    }
    Version removal = hasBase ? baseVersion() : Version.NONE;
    return new CountBase(removal.compareTo(clear) > 0 ? removal : clear, true);
  }

  /**
   * Whether a contribution counts. One that was made where nothing lived counts as long as nothing
   * newer than its base has ended the part; that what it knew of is gone from here, as a removal is
   * that died of another type, must not end it.
   */
  boolean counts(Contribution c, CountBase base) {
    return base.founding()
        ? c.founding() && c.base().compareTo(base.version()) >= 0
        : c.base().equals(base.version());
  }

  /** Bytes of the base's value; none for a member, whose score is a number. */
  int valueLengthOfBase() {
    return baseLives() && type != KeyType.ZSET ? valueLength : 0;
  }

  /** The base's value as its element has it; a copy. */
  byte[] elementValue() {
    int length = valueLengthOfBase();
    return removed ? null : Arrays.copyOfRange(source, valueAt, valueAt + length);
  }

  /** The base's number as its element has it. */
  long elementNumber() {
    return baseLives() && type == KeyType.ZSET ? score : 0;
  }

  /** Whether the part shows. */
  boolean lives(Version clear) {
    if (baseLives() || counts.length == 0) {
      return baseLives();
    }
    CountBase base = countBase(clear);
    for (Contribution c : counts) {
      if (counts(c, base)) {
        return true;
      }
    }
    return false;
  }

  /** A live member's score. */
  double score(Version clear) {
    double sum = baseLives() ? Double.longBitsToDouble(score) : 0;
    if (counts.length > 0) {
      CountBase base = countBase(clear);
      for (Contribution c : counts) {
        sum += counts(c, base) ? Double.longBitsToDouble(c.number()) : 0;
      }
    }
    // Infinities of both signs, added at two racks, have no sum.
    return Double.isNaN(sum) ? 0 : sum + 0.0;
  }

  /** A live part's value, with what was counted on it; a copy. */
  byte[] value(Version clear) {
    long sum = 0;
    boolean counted = false;
    if (counts.length > 0) {
      CountBase base = countBase(clear);
      for (Contribution c : counts) {
        if (counts(c, base)) {
          sum += c.number();
          counted = true;
        }
      }
    }
    byte[] value = baseLives() ? Arrays.copyOfRange(source, valueAt, valueAt + valueLength) : null;
    if (!counted) {
      return value;
    }
    OptionalLong start = value == null ? OptionalLong.of(0) : Decimal.parse(value);
    // Increments are refused at what is no number, so there is none to add here.
    return start.isEmpty()
        ? value
        : Long.toString(start.getAsLong() + sum).getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes the row's payload into {@link #written}; returns its length. */
  int write(Version clear) {
    int length = 1 + 8 + Bytes.VARINT_MAX + 8 + valueLength + Bytes.VARINT_MAX;
    length += counts.length * (8 + 8 + 1 + 8 + 2 * Bytes.VARINT_MAX);
    if (written.length < length) {
      written = new byte[length + (length >>> 1)];
    }
    written[0] =
        (byte)
            ((lives(clear) ? LIVE : 0)
                | (hasBase ? BASE : 0)
                | (removed ? REMOVED : 0)
                | (counts.length > 0 ? COUNTED : 0));
    int at = 1;
    if (hasBase) {
      Bytes.putLong(written, at, time);
      at = Bytes.putVarint(written, at + 8, origins.numberOf(origin));
    }
    if (counts.length > 0) {
      at = Bytes.putVarint(written, at, counts.length);
      for (Contribution c : counts) {
        Bytes.putLong(written, at, c.version().time());
        at = Bytes.putVarint(written, at + 8, origins.numberOf(c.origin()));
        Bytes.putLong(written, at, c.number());
        written[at + 8] = (byte) (c.founding() ? 1 : 0);
        Bytes.putLong(written, at + 9, c.base().time());
        at = Bytes.putVarint(written, at + 17, origins.numberOf(c.base().origin()));
      }
    }
    if (baseLives() && type == KeyType.ZSET) {
      Bytes.putLong(written, at, score);
      at += 8;
    } else if (baseLives()) {
      int bytes = valueLengthOfBase();
      System.arraycopy(source, valueAt, written, at, bytes);
      at += bytes;
    }
    return at;
  }

  /** What {@link #write} wrote; good until the next. */
  byte[] written() {
    // One huge value must not be held for ever.
    byte[] bytes = written;
    if (bytes.length > 1 << 16) {
      written = new byte[64];
    }
    return bytes;
  }
}
