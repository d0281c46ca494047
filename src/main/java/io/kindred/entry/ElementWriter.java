package io.kindred.entry;

import io.kindred.entry.Element.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Encodes elements, one after the other, into bytes that an {@link ElementReader} reads in the same
 * order. Compact because it remembers what came before: an element that shares key and version with
 * the one before it, as the parts of one command do, says so in one bit each.
 *
 * <p>An element is
 *
 * <pre>
 *   head      1 byte: kind code in the low 4 bits; CONTENT, SAME_KEY, SAME_VERSION, NEVER or FOUNDING
 *             above
 *   key       varint length, bytes                          unless SAME_KEY
 *   version   zigzag varint time minus last time, origin    unless SAME_VERSION
 *   part      TYPE: 1 byte; FIELD, MEMBER, SCORE, FIELD_COUNT, SCORE_COUNT, ITEM: varint length,
 *             bytes
 *   value     STRING, FIELD and ITEM with CONTENT: varint length, bytes
 *   number    COUNT, FIELD_COUNT, EXPIRY without NEVER: zigzag varint; SCORE with CONTENT,
 *             SCORE_COUNT: varint of the double's bits, bytes reversed: round scores are short
 *   base      COUNT, FIELD_COUNT, SCORE_COUNT with CONTENT: zigzag varint time minus version's
 *             time, origin
 * </pre>
 *
 * <p>An origin is 0 and its 8 bytes the first time and its number in the order of first use, from
 * 1, later; after {@link #ORIGINS_MAX} different ones the rest is always written out. CONTENT
 * means: not removed (FIELD, MEMBER, SCORE, ITEM), or not {@link Version#NONE} (a contribution's
 * base). A contribution's part ends in its version's origin, which is not written.
 *
 * <p>The same bytes are on disk (the logs) and on the wire (feeds, streams, recommendations).
 */
public final class ElementWriter {

  static final int KIND_BITS = 0x0f;
  static final int CONTENT = 0x10;
  static final int SAME_KEY = 0x20;
  static final int SAME_VERSION = 0x40;
  static final int NEVER = 0x80;
  // One bit with two meanings, of kinds that have nothing in common.
  static final int FOUNDING = NEVER;

  /**
   * How many origins are remembered. A batch seldom has more than one a node; more would make the
   * search for an origin slower than the seven bytes it saves.
   */
  static final int ORIGINS_MAX = 64;

  // A batch of one small command fits; twice that would only cost memory, and it doubles at need.
  private static final int FIRST_CAPACITY = 256;
  // Above this a reset gives the array back: one huge value must not be held for ever.
  private static final int KEPT_CAPACITY_MAX = 1 << 20;

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int from;
  private int to;
  private Key lastKey;
  private long lastTime;
  private long lastOrigin;
  private final long[] origins = new long[ORIGINS_MAX];
  private int originCount;

  /** Encodes one more element. */
  public void put(Element element) {
    Version version = element.version();
    Kind kind = element.kind();
    putHead(
        kind.code()
            | (hasContent(element) ? CONTENT : 0)
            | (isNever(element) ? NEVER : 0)
            | (isFounding(element) ? FOUNDING : 0),
        element.key(),
        version);
    switch (kind) {
      case CLEAR -> {}
      case TYPE -> putByte(element.part()[0]);
      case STRING -> putBytes(element.value());
      case EXPIRY -> {
        if (!isNever(element)) {
          putSigned(element.number());
        }
      }
      case COUNT -> {
        putSigned(element.number());
        putBase(element);
      }
      case FIELD, ITEM -> {
        putBytes(element.part());
        if (hasContent(element)) {
          putBytes(element.value());
        }
      }
      case MEMBER -> putBytes(element.part());
      case SCORE -> {
        putBytes(element.part());
        if (hasContent(element)) {
          putVarint(Long.reverseBytes(element.number()));
        }
      }
      case FIELD_COUNT -> {
        putBytes(element.part(), element.part().length - 8);
        putSigned(element.number());
        putBase(element);
      }
      case SCORE_COUNT -> {
        putBytes(element.part(), element.part().length - 8);
        putVarint(Long.reverseBytes(element.number()));
        putBase(element);
      }
    }
  }

  private void putBase(Element element) {
    if (hasContent(element)) {
      putSigned(element.base().time() - element.version().time());
      putOrigin(element.base().origin());
    }
  }

  /** The same as {@link #put} of a string's element. */
  public void putString(Key key, Version version, byte[] value) {
    putHead(Kind.STRING.code(), key, version);
    putBytes(value);
  }

  /** The same as {@link #put} of an expiry's element. */
  public void putExpiry(Key key, Version version, long atMillis) {
    putHead(Kind.EXPIRY.code() | (atMillis == Element.NEVER ? NEVER : 0), key, version);
    if (atMillis != Element.NEVER) {
      putSigned(atMillis);
    }
  }

  private void putHead(int kindAndFlags, Key key, Version version) {
    boolean sameKey = key.equals(lastKey);
    boolean sameVersion =
        lastKey != null && version.time() == lastTime && version.origin() == lastOrigin;
    putByte(kindAndFlags | (sameKey ? SAME_KEY : 0) | (sameVersion ? SAME_VERSION : 0));
    if (!sameKey) {
      putBytes(key.bytes());
      lastKey = key;
    }
    if (!sameVersion) {
      putSigned(version.time() - lastTime);
      putOrigin(version.origin());
      lastTime = version.time();
      lastOrigin = version.origin();
    }
  }

  /**
   * A number between two elements, for who frames them: 7 bits a byte, low ones first. To be read
   * with {@link ElementReader#varint} at the same place.
   */
  public void putVarint(long number) {
    ensure(10);
    long rest = number;
    while ((rest & ~0x7fL) != 0) {
      bytes[to++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[to++] = (byte) rest;
  }

  /** How many bytes wait to be taken. */
  public int size() {
    return to - from;
  }

  public boolean isEmpty() {
    return to == from;
  }

  /** A copy of the bytes that wait. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(bytes, from, to);
  }

  /**
   * The bytes that wait, not copied: good until the writer is touched again, and not to be changed.
   */
  public ByteBuffer view() {
    return ByteBuffer.wrap(bytes, from, to - from).slice();
  }

  /**
   * Takes away the first bytes that wait, at most {@code bytesMax}. The stream goes on: what was
   * said before a cut is remembered behind it.
   */
  public byte[] take(int bytesMax) {
    int end = from + Math.min(bytesMax, size());
    byte[] taken = Arrays.copyOfRange(bytes, from, end);
    from = end;
    if (from == to) {
      forgetBytes();
    }
    return taken;
  }

  /** Forgets all bytes and all that was said before: what follows is a stream of its own. */
  public void reset() {
    forgetBytes();
    lastKey = null;
    lastTime = 0;
    lastOrigin = 0;
    originCount = 0;
  }

  private void forgetBytes() {
    from = 0;
    to = 0;
    if (bytes.length > KEPT_CAPACITY_MAX) {
      bytes = new byte[FIRST_CAPACITY];
    }
  }

  private static boolean hasContent(Element element) {
    return switch (element.kind()) {
      case FIELD, MEMBER, SCORE, ITEM -> !element.isTombstone();
      case COUNT, FIELD_COUNT, SCORE_COUNT -> !element.base().equals(Version.NONE);
      case CLEAR, EXPIRY, TYPE, STRING -> false;
    };
  }

  private static boolean isNever(Element element) {
    return element.kind() == Kind.EXPIRY && element.number() == Element.NEVER;
  }

  private static boolean isFounding(Element element) {
    return element.kind().isCount() && element.value() != null;
  }

  private void putOrigin(long origin) {
    for (int i = 0; i < originCount; i++) {
      if (origins[i] == origin) {
        putVarint(i + 1);
        return;
      }
    }
    putByte(0);
    ensure(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[to++] = (byte) (origin >>> shift);
    }
    if (originCount < ORIGINS_MAX) {
      origins[originCount++] = origin;
    }
  }

  private void putSigned(long number) {
    putVarint((number << 1) ^ (number >> 63));
  }

  private void putByte(int value) {
    ensure(1);
    bytes[to++] = (byte) value;
  }

  private void putBytes(byte[] more) {
    putBytes(more, more.length);
  }

  private void putBytes(byte[] more, int length) {
    putVarint(length);
    ensure(length);
    System.arraycopy(more, 0, bytes, to, length);
    to += length;
  }

  private void ensure(int more) {
    if (bytes.length - to >= more) {
      return;
    }
    long needed = (long) to - from + more;
    if (needed > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "a batch of elements cannot grow past 2 GiB: " + needed + " bytes");
    }
    byte[] target =
        needed <= bytes.length / 2 ? bytes : new byte[grown(bytes.length, (int) needed)];
    System.arraycopy(bytes, from, target, 0, to - from);
    bytes = target;
    to -= from;
    from = 0;
  }

  /** By doubling while it is small; what is large gets hardly more than it needs. */
  private static int grown(int capacity, int needed) {
    if (needed > KEPT_CAPACITY_MAX) {
      return (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, capacity + capacity / 2L));
    }
    int doubled = 2 * capacity;
    while (doubled < needed) {
      doubled *= 2;
    }
    return doubled;
  }
}
