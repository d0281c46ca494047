package io.kindred.entry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The smallest thing that merges: one key's string value, one hash field, one set member, one
 * sorted-set member's score, one list item, one origin's contribution to a counter, a counted field
 * or a counted score, a key's expiry, a key's clear mark, or the newest version of a type that a
 * key has seen. Immutable; the arrays must not be changed.
 *
 * <p>Two elements with the same {@linkplain #samePlace place} (key, kind and part) compete, and
 * {@link #beats} decides. The order is total and the same everywhere: hybrid time, then remove over
 * add, then origin, then the content.
 */
public final class Element {

  /** The expiry of a key that has none. */
  public static final long NEVER = Long.MAX_VALUE;

  /** What an element is. The codes are on disk and on the wire: never re-use one. */
  public enum Kind {
    /** A key's clear mark: all that is at or below its time is gone. */
    CLEAR(1, KeyType.NONE),
    /** A key's expiry: {@link Element#number} is the absolute time in ms, or {@link #NEVER}. */
    EXPIRY(2, KeyType.NONE),
    /**
     * The newest add of one type that the key has seen: part is the one byte of {@link
     * KeyType#code()}. Derived by every merge of an add to a collection; travels in listings so
     * that nodes which dropped dead elements early agree with those that did not.
     */
    TYPE(3, KeyType.NONE),
    /** A string value; makes a counter's base. */
    STRING(4, KeyType.STRING),
    /**
     * One origin's contribution to a counter: part is the origin's 8 bytes, {@link Element#number}
     * the sum of all increments that origin made against {@link Element#base}.
     */
    COUNT(5, KeyType.STRING),
    /** A hash field: part is its name, value its bytes, or absent when removed. */
    FIELD(6, KeyType.HASH),
    /** A set member: part is the member, value is empty, or absent when removed. */
    MEMBER(7, KeyType.SET),
    /**
     * A sorted-set member: part is the member, value is empty, or absent when removed. {@link
     * Element#number} is the bits of its score, never those of NaN or -0.0; 0 when removed.
     */
    SCORE(8, KeyType.ZSET),
    /**
     * One origin's contribution to a counted hash field: part is the field and behind it the
     * origin's 8 bytes, {@link Element#number} the sum of that origin's increments against {@link
     * Element#base}. Value is empty where it is <em>founding</em>: no field lived when it was made,
     * and it counts against what ended the field, or nothing. Absent otherwise.
     */
    FIELD_COUNT(9, KeyType.HASH),
    /**
     * The same for a counted score: part is the member and the origin, {@link Element#number} the
     * bits of the sum as a double, never those of NaN or -0.0.
     */
    SCORE_COUNT(10, KeyType.ZSET),
    /** A list item: part is its {@link Position}, value its bytes, or absent when removed. */
    ITEM(11, KeyType.LIST);

    private final int code;
    private final KeyType type;

    Kind(int code, KeyType type) {
      this.code = code;
      this.type = type;
    }

    /** The number that stands for it on disk and on the wire, 1 to 15. */
    public int code() {
      return code;
    }

    /** Of which type it makes its key; NONE for what keys of any type have. */
    public KeyType type() {
      return type;
    }

    /** The kind of what a collection's type is made of: fields, members, scores, items. */
    public static Kind ofPart(KeyType type) {
      return switch (type) {
        case HASH -> FIELD;
        case SET -> MEMBER;
        case ZSET -> SCORE;
        case LIST -> ITEM;
        case NONE, STRING -> throw new IllegalArgumentException(type + " has no parts");
      };
    }

    /** The kind of what is counted on the parts of a type; null where nothing is. */
    public static Kind ofCount(KeyType type) {
      return type == KeyType.HASH ? FIELD_COUNT : type == KeyType.ZSET ? SCORE_COUNT : null;
    }

    /** Whether it is one origin's contribution, and so names a base. */
    public boolean isCount() {
      return this == COUNT || this == FIELD_COUNT || this == SCORE_COUNT;
    }

    /** The kind of a {@link #code()}; throws IllegalArgumentException for an unknown one. */
    public static Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("unknown element kind code " + code);
    }
  }

  private static final byte[] EMPTY = new byte[0];
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Key key;
  private final Kind kind;
  private final byte[] part;
  private final Version version;
  private final byte[] value;
  private final long number;
  private final Version base;

  /**
   * Any element, as a codec reads it; others use the named factories.
   *
   * @param part what distinguishes it among the key's elements of its kind; empty for kinds of
   *     which a key has one
   * @param value the bytes of a string, field, member or item; null for a removed one and for kinds
   *     that carry none
   * @param number see {@link Kind}; 0 for kinds that carry none
   * @param base what a counter's contribution counts against; {@link Version#NONE} elsewhere
   */
  public Element(
      Key key, Kind kind, byte[] part, Version version, byte[] value, long number, Version base) {
    this.key = Objects.requireNonNull(key, "key");
    this.kind = Objects.requireNonNull(kind, "kind");
    this.part = Objects.requireNonNull(part, "part");
    this.version = Objects.requireNonNull(version, "version");
    this.value = value;
    this.number = number;
    this.base = Objects.requireNonNull(base, "base");
    if (!wellFormed()) {
      throw new IllegalArgumentException("no such element: " + this);
    }
  }

  /** The same in every respect but its version. */
  public Element stamped(Version other) {
    return new Element(key, kind, part, other, value, number, base);
  }

  /**
   * Whether it carries what its kind carries and nothing else. Else two elements could differ in
   * something that a store does not keep or that a codec does not write, and replicas would never
   * agree.
   */
  private boolean wellFormed() {
    boolean carriesValue =
        switch (kind) {
          case STRING -> value != null;
          case FIELD, ITEM -> true;
          case MEMBER, SCORE, FIELD_COUNT, SCORE_COUNT -> value == null || value.length == 0;
          case CLEAR, EXPIRY, TYPE, COUNT -> value == null;
        };
    boolean hasPart =
        switch (kind) {
          case CLEAR, EXPIRY, STRING -> part.length == 0;
          case TYPE -> part.length == 1 && KeyType.isShown(part[0]);
          case COUNT -> part.length == 8 && originOfPart() == version.origin();
          case FIELD_COUNT, SCORE_COUNT -> part.length >= 8 && originOfPart() == version.origin();
          case FIELD, MEMBER, SCORE -> true;
          case ITEM -> Position.isWellFormed(part);
        };
    boolean carriesNumber =
        switch (kind) {
          case EXPIRY, COUNT, FIELD_COUNT -> true;
          case SCORE -> value == null ? number == 0 : isScore(number);
          case SCORE_COUNT -> isScore(number);
          case CLEAR, TYPE, STRING, FIELD, MEMBER, ITEM -> number == 0;
        };
    return carriesValue
        && hasPart
        && carriesNumber
        && (kind.isCount() || base.equals(Version.NONE));
  }

  private long originOfPart() {
    return (long) LONGS.get(part, part.length - 8);
  }

  /** Whether these are the bits in which a score or a sum of scores is kept. */
  private static boolean isScore(long bits) {
    double score = Double.longBitsToDouble(bits);
    return !Double.isNaN(score) && bits == bitsOf(score);
  }

  /** The bits of a score: one zero only, since the two are equal and their bits are not. */
  private static long bitsOf(double score) {
    return Double.doubleToLongBits(score == 0 ? 0 : score);
  }

  public static Element clear(Key key, Version version) {
    return new Element(key, Kind.CLEAR, EMPTY, version, null, 0, Version.NONE);
  }

  /**
   * The mark that an expiry at {@code atMillis} leaves: of version (the last time of that
   * millisecond, no origin), the same on every node that writes it.
   */
  public static Element clearByExpiry(Key key, long time) {
    return clear(key, new Version(time, 0));
  }

  /** Whether it is a mark that was made after its own time: see {@link #clearByExpiry}. */
  public boolean isLateMark() {
    return kind == Kind.CLEAR && version.origin() == 0;
  }

  /** The expiry at an absolute time in ms, or {@link #NEVER}. */
  public static Element expiry(Key key, Version version, long atMillis) {
    return new Element(key, Kind.EXPIRY, EMPTY, version, null, atMillis, Version.NONE);
  }

  public static Element type(Key key, Version version, KeyType type) {
    byte[] part = {(byte) type.code()};
    return new Element(key, Kind.TYPE, part, version, null, 0, Version.NONE);
  }

  public static Element string(Key key, Version version, byte[] value) {
    return new Element(key, Kind.STRING, EMPTY, version, value, 0, Version.NONE);
  }

  /** The contribution of the version's own origin. */
  public static Element count(Key key, Version version, Version base, long sum) {
    return new Element(key, Kind.COUNT, originPart(version.origin()), version, null, sum, base);
  }

  /** The part of an origin's contribution: its 8 bytes, so that parts sort as origins do. */
  public static byte[] originPart(long origin) {
    byte[] part = new byte[8];
    LONGS.set(part, 0, origin);
    return part;
  }

  public static Element field(Key key, byte[] field, Version version, byte[] value) {
    Objects.requireNonNull(value, "value");
    return new Element(key, Kind.FIELD, field, version, value, 0, Version.NONE);
  }

  public static Element fieldRemoved(Key key, byte[] field, Version version) {
    return new Element(key, Kind.FIELD, field, version, null, 0, Version.NONE);
  }

  public static Element member(Key key, byte[] member, Version version) {
    return new Element(key, Kind.MEMBER, member, version, EMPTY, 0, Version.NONE);
  }

  public static Element memberRemoved(Key key, byte[] member, Version version) {
    return new Element(key, Kind.MEMBER, member, version, null, 0, Version.NONE);
  }

  /**
   * A sorted-set member.
   *
   * @param score not NaN
   */
  public static Element score(Key key, byte[] member, Version version, double score) {
    return new Element(key, Kind.SCORE, member, version, EMPTY, bitsOf(score), Version.NONE);
  }

  public static Element scoreRemoved(Key key, byte[] member, Version version) {
    return new Element(key, Kind.SCORE, member, version, null, 0, Version.NONE);
  }

  /**
   * The contribution of the version's own origin to a hash field.
   *
   * @param founding whether no field lived when it was made
   */
  public static Element fieldCount(
      Key key, byte[] field, Version version, Version base, boolean founding, long sum) {
    byte[] part = countPart(field, version.origin());
    return new Element(key, Kind.FIELD_COUNT, part, version, founding ? EMPTY : null, sum, base);
  }

  /**
   * The contribution of the version's own origin to a sorted-set member's score.
   *
   * @param founding whether no such member lived when it was made
   * @param sum not NaN
   */
  public static Element scoreCount(
      Key key, byte[] member, Version version, Version base, boolean founding, double sum) {
    byte[] part = countPart(member, version.origin());
    byte[] value = founding ? EMPTY : null;
    return new Element(key, Kind.SCORE_COUNT, part, version, value, bitsOf(sum), base);
  }

  /** The part of an origin's contribution to a field or member: its name, then the origin. */
  public static byte[] countPart(byte[] name, long origin) {
    byte[] part = Arrays.copyOf(name, name.length + 8);
    LONGS.set(part, name.length, origin);
    return part;
  }

  /** A list item at a {@link Position}. */
  public static Element item(Key key, byte[] position, Version version, byte[] value) {
    Objects.requireNonNull(value, "value");
    return new Element(key, Kind.ITEM, position, version, value, 0, Version.NONE);
  }

  public static Element itemRemoved(Key key, byte[] position, Version version) {
    return new Element(key, Kind.ITEM, position, version, null, 0, Version.NONE);
  }

  public Key key() {
    return key;
  }

  public Kind kind() {
    return kind;
  }

  /** What distinguishes it among the key's elements of its kind; never null. */
  public byte[] part() {
    return part;
  }

  public Version version() {
    return version;
  }

  /** The field or member that a {@link #countPart} counts for. */
  public byte[] countedName() {
    return Arrays.copyOf(part, part.length - 8);
  }

  /** The bytes of a string, field, member or item; null where there are none. */
  public byte[] value() {
    return value;
  }

  /** An expiry's time in ms, a contribution's sum, or the bits of a score. */
  public long number() {
    return number;
  }

  /** The score of a member, or the sum of an origin's contribution to one. */
  public double score() {
    return Double.longBitsToDouble(number);
  }

  /** What a counter's contribution counts against. */
  public Version base() {
    return base;
  }

  /** Whether this is a removed field, member or item. */
  public boolean isTombstone() {
    return value == null
        && switch (kind) {
          case FIELD, MEMBER, SCORE, ITEM -> true;
          case CLEAR, EXPIRY, TYPE, STRING, COUNT, FIELD_COUNT, SCORE_COUNT -> false;
        };
  }

  /**
   * Whether it raises the newest version of its collection's type on the key. Removals do not, nor
   * do contributions to what was there already: they keep alive what they count against, and else
   * nothing.
   */
  public boolean adds() {
    return value != null && kind != Kind.STRING;
  }

  /** Whether the two compete for one place: same key, kind and part. */
  public boolean samePlace(Element other) {
    return kind == other.kind && Arrays.equals(part, other.part) && key.equals(other.key);
  }

  /**
   * The order of listings, snapshots and streams: slot, leaf, key, kind code, part. Zero exactly
   * for the {@linkplain #samePlace same place}. A key's clear mark comes first of all it has.
   */
  public int comparePlace(Element other) {
    int bySlot = Integer.compare(key.slot(), other.key.slot());
    if (bySlot != 0) {
      return bySlot;
    }
    int byLeaf = Integer.compare(key.leaf(), other.key.leaf());
    if (byLeaf != 0) {
      return byLeaf;
    }
    int byKey = key.compareTo(other.key);
    if (byKey != 0) {
      return byKey;
    }
    int byKind = Integer.compare(kind.code, other.kind.code);
    return byKind != 0 ? byKind : Arrays.compareUnsigned(part, other.part);
  }

  /**
   * Whether this element replaces {@code other}, which stands in the same place. False when they
   * are equal in everything.
   */
  public boolean beats(Element other) {
    return compareStrength(other) > 0;
  }

  /**
   * The total order in which elements of one place win: hybrid time, remove over add, origin, then
   * the content. Zero only where the two are equal in everything.
   */
  public int compareStrength(Element other) {
    int byTime = Long.compare(version.time(), other.version.time());
    if (byTime != 0) {
      return byTime;
    }
    int byRemoval = Boolean.compare(isTombstone(), other.isTombstone());
    if (byRemoval != 0) {
      return byRemoval;
    }
    int byOrigin = Long.compare(version.origin(), other.version.origin());
    if (byOrigin != 0) {
      return byOrigin;
    }
    int byBase = base.compareTo(other.base);
    if (byBase != 0) {
      return byBase;
    }
    int byNumber = Long.compare(number, other.number);
    // No value is below the empty one: of contributions, the founding one wins.
    return byNumber != 0 ? byNumber : Arrays.compareUnsigned(value, other.value);
  }

  /**
   * The keyed 64-bit hash that digests sum: covers key, place, version and every byte of content.
   *
   * @param digestKey the cluster's digest key, the same on every node
   */
  public long digest(long digestKey) {
    long keyHash = Mix.hash(key.bytes(), digestKey);
    return digest(
        keyHash,
        kind,
        part,
        0,
        part.length,
        version.time(),
        version.origin(),
        value,
        0,
        value == null ? 0 : value.length,
        number,
        base);
  }

  /**
   * The same for an element that is not at hand as an object: a store that keeps its elements taken
   * apart works out the key's hash once a merge, and hashes bytes where they lie.
   *
   * @param keyHash {@link Mix#hash} of the key's bytes under the digest key
   * @param part where the part lies, {@code partLength} bytes from {@code partAt} on
   * @param time of the version
   * @param origin of the version
   * @param value where the value lies, or null for none
   */
  public static long digest(
      long keyHash,
      Kind kind,
      byte[] part,
      int partAt,
      int partLength,
      long time,
      long origin,
      byte[] value,
      int valueAt,
      int valueLength,
      long number,
      Version base) {
    long h = Mix.mix(keyHash, kind.code | (value == null ? 0 : 16), number);
    h = Mix.mix(h, time, origin);
    if (partLength > 0) {
      h = Mix.hash(part, partAt, partLength, h);
    }
    if (kind.isCount()) {
      h = Mix.mix(h, base.time(), base.origin());
    }
    return value == null ? h : Mix.hash(value, valueAt, valueLength, h);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Element other && samePlace(other) && compareStrength(other) == 0;
  }

  @Override
  public int hashCode() {
    return (int) digest(0);
  }

  @Override
  public String toString() {
    String what = kind + " " + key;
    if (part.length > 0) {
      what += "." + new String(part, StandardCharsets.ISO_8859_1);
    }
    if (value != null) {
      what += "=" + value.length + " bytes";
    }
    return what + (isTombstone() ? " removed" : "") + " number " + number + " @" + version;
  }
}
