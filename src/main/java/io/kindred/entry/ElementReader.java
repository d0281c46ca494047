package io.kindred.entry;

import io.kindred.entry.Element.Kind;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Decodes what an {@link ElementWriter} wrote, either from bytes that are all there ({@link #next})
 * or from chunks that were cut anywhere and arrive one by one ({@link #feed}). An element may span
 * any number of chunks; each byte is copied a bounded number of times.
 *
 * <p>Nothing that the bytes claim is believed before it is there: a length makes no array larger
 * than twice the bytes that arrived.
 */
public final class ElementReader {

  /** No number stands between the two that {@link #string} reads. */
  public static final long NOTHING = -1;

  private static final byte[] EMPTY = new byte[0];
  // Above this the buffer of a huge element is given back once it was read.
  private static final int KEPT_CAPACITY_MAX = 1 << 20;

  private byte[] bytes;
  private int at;
  private int limit;
  // Position of bytes[0] since the reader began.
  private long behind;
  // How many bytes there must be from `at` on before another attempt can get further.
  private long needed = 1;

  private Key lastKey;
  private Version lastVersion;
  private final long[] origins = new long[ElementWriter.ORIGINS_MAX];
  private int originCount;

  /** A reader that is {@linkplain #feed fed}. */
  public ElementReader() {
    this(EMPTY, 0, 0);
  }

  /** A reader of bytes that are all there; they must not change meanwhile. */
  public ElementReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /**
   * A reader of a part of an array.
   *
   * @param to exclusive
   */
  public ElementReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.limit = to;
    this.behind = -from;
  }

  /** Visits all elements of a stream of which all bytes are there. */
  public static void forEach(byte[] bytes, Consumer<Element> visitor)
      throws MalformedElementException {
    ElementReader reader = new ElementReader(bytes);
    while (reader.hasNext()) {
      visitor.accept(reader.next());
    }
  }

  /** Whether there are bytes that were not read. */
  public boolean hasNext() {
    return at < limit;
  }

  /** The next element of bytes that are all there. */
  public Element next() throws MalformedElementException {
    Element element = attempt();
    if (element == null) {
      throw malformed("an element that ends too early");
    }
    return element;
  }

  /**
   * A string and its expiry of the same version, whichever comes first, in bytes that are all there
   * and will not change; null where something else comes next, of which nothing is read then.
   *
   * @param between what {@link ElementWriter#putVarint} wrote between the two, or {@link #NOTHING}
   */
  public StoredString string(long between) throws MalformedElementException {
    Cursor cursor = new Cursor();
    return known(cursor, cursor.string(between));
  }

  private StoredString known(Cursor cursor, StoredString read) {
    if (read == null) {
      originCount = cursor.knownOrigins;
    } else {
      lastKey = read.key();
      lastVersion = read.version();
      at = cursor.p;
    }
    return read;
  }

  /** The number that {@link ElementWriter#putVarint} wrote here, in bytes that are all there. */
  public long varint() throws MalformedElementException {
    Cursor cursor = new Cursor();
    long number = cursor.varint();
    if (cursor.missing) {
      throw malformed("a number that ends too early");
    }
    at = cursor.p;
    return number;
  }

  /** Takes the next bytes of a stream and visits every element that is complete now. */
  public void feed(byte[] chunk, Consumer<Element> visitor) throws MalformedElementException {
    append(chunk);
    while (at < limit && limit - at >= needed) {
      Element element = attempt();
      if (element == null) {
        return;
      }
      visitor.accept(element);
    }
  }

  /**
   * Whether the stream may end here: true between two elements, false within one. To be asked when
   * the last chunk was fed.
   */
  public boolean isBetweenElements() {
    return at == limit;
  }

  /** How many bytes of the stream were read, those of an incomplete element not counted. */
  public long position() {
    return behind + at;
  }

  private void append(byte[] chunk) {
    if (at == limit) {
      // Nothing is kept: read the chunk where it is, and copy only what remains of it.
      behind += at;
      bytes = chunk;
      at = 0;
      limit = chunk.length;
      return;
    }
    int kept = limit - at;
    long size = (long) kept + chunk.length;
    if (bytes.length - limit < chunk.length) {
      boolean shrink = bytes.length > KEPT_CAPACITY_MAX && size < KEPT_CAPACITY_MAX;
      long doubled = shrink ? size : Math.max(size, 2L * bytes.length);
      byte[] grown = new byte[(int) Math.max(size, Math.min(doubled, Math.max(size, needed)))];
      System.arraycopy(bytes, at, grown, 0, kept);
      bytes = grown;
      behind += at;
      at = 0;
      limit = kept;
    }
    System.arraycopy(chunk, 0, bytes, limit, chunk.length);
    limit += chunk.length;
  }

  /** Reads one element, or gives null and changes nothing but {@link #needed}. */
  private Element attempt() throws MalformedElementException {
    Cursor cursor = new Cursor();
    Element element = cursor.element();
    if (element == null) {
      originCount = cursor.knownOrigins;
      needed = Math.max(cursor.needed, (long) limit - at + 1);
      return null;
    }
    lastKey = element.key();
    lastVersion = element.version();
    at = cursor.p;
    needed = 1;
    return element;
  }

  private MalformedElementException malformed(String what) {
    return new MalformedElementException("expected an element, found " + what, position());
  }

  /**
   * One walk over one element or two. Once something is missing all else it returns is meaningless.
   */
  private final class Cursor {
    final int knownOrigins = originCount;
    int p = at;
    boolean missing;
    long needed;

    /** The element, or null where bytes are missing. */
    Element element() throws MalformedElementException {
      int head = octet();
      Kind kind = kind(head & ElementWriter.KIND_BITS);
      boolean content = (head & ElementWriter.CONTENT) != 0;
      // NEVER of an expiry, FOUNDING of a contribution.
      boolean special = (head & ElementWriter.NEVER) != 0;
      if ((content && !mayHaveContent(kind)) || (special && !mayBeSpecial(kind))) {
        throw malformed("a head of " + head);
      }
      // Lengths are looked at before any array is copied, so a huge element that is not yet whole
      // costs nothing but its head at each attempt.
      int keyAt = p;
      Key key = skipKey(head);
      Version version = version(head);
      int partAt = p;
      int valueAt = p;
      long number = 0;
      Version base = Version.NONE;
      switch (kind) {
        case CLEAR -> {}
        case TYPE -> octet();
        case STRING -> skipBytes();
        case EXPIRY -> number = expiryOf(head);
        case COUNT -> {
          number = signed();
          base = content ? versionAfter(version.time()) : base;
        }
        case FIELD_COUNT -> {
          skipBytes();
          number = signed();
          base = content ? versionAfter(version.time()) : base;
        }
        case SCORE_COUNT -> {
          skipBytes();
          number = Long.reverseBytes(varint());
          base = content ? versionAfter(version.time()) : base;
        }
        case SCORE -> {
          skipBytes();
          number = content ? Long.reverseBytes(varint()) : 0;
        }
        case FIELD, ITEM -> {
          skipBytes();
          valueAt = p;
          if (content) {
            skipBytes();
          }
        }
        case MEMBER -> skipBytes();
      }
      if (missing) {
        return null;
      }
      int end = p;
      if (key == null) {
        key = Key.of(bytesAt(keyAt));
      }
      byte[] part =
          switch (kind) {
            case CLEAR, EXPIRY, STRING -> EMPTY;
            case TYPE -> new byte[] {bytes[partAt]};
            case COUNT -> Element.originPart(version.origin());
            case FIELD, MEMBER, SCORE, ITEM -> bytesAt(partAt);
            case FIELD_COUNT, SCORE_COUNT -> Element.countPart(bytesAt(partAt), version.origin());
          };
      byte[] value =
          switch (kind) {
            case CLEAR, EXPIRY, TYPE, COUNT -> null;
            case STRING -> bytesAt(partAt);
            case FIELD, ITEM -> content ? bytesAt(valueAt) : null;
            case MEMBER, SCORE -> content ? EMPTY : null;
            case FIELD_COUNT, SCORE_COUNT -> special ? EMPTY : null;
          };
      p = end;
      try {
        return new Element(key, kind, part, version, value, number, base);
      } catch (IllegalArgumentException e) {
        throw malformed("what can be none: " + e.getMessage());
      }
    }

    private static final int PARTNER = ElementWriter.SAME_KEY | ElementWriter.SAME_VERSION;

    /** A string and its expiry, or null where they are not what comes next. */
    StoredString string(long between) throws MalformedElementException {
      int head = octet();
      int kind = head & ~PARTNER & ~ElementWriter.NEVER;
      boolean expiryFirst = kind == Kind.EXPIRY.code();
      if (!expiryFirst && (head & ~PARTNER) != Kind.STRING.code()) {
        return null;
      }
      int keyAt = p;
      Key key = skipKey(head);
      Version version = version(head);
      return expiryFirst
          ? withString(key, keyAt, version, expiryOf(head), between)
          : withExpiry(key, keyAt, version, between);
    }

    private StoredString withString(
        Key key, int keyAt, Version version, long expiresAt, long between)
        throws MalformedElementException {
      if (!stepsOver(between) || octet() != (Kind.STRING.code() | PARTNER)) {
        return null;
      }
      int valueAt = p;
      skipBytes();
      return stored(key, keyAt, version, valueAt, expiresAt);
    }

    private StoredString withExpiry(Key key, int keyAt, Version version, long between)
        throws MalformedElementException {
      int valueAt = p;
      skipBytes();
      if (!stepsOver(between)) {
        return null;
      }
      int expiry = octet();
      return (expiry & ~ElementWriter.NEVER) == (Kind.EXPIRY.code() | PARTNER)
          ? stored(key, keyAt, version, valueAt, expiryOf(expiry))
          : null;
    }

    private boolean stepsOver(long between) throws MalformedElementException {
      return !missing && (between == NOTHING || varint() == between);
    }

    private StoredString stored(Key key, int keyAt, Version version, int valueAt, long expiresAt)
        throws MalformedElementException {
      if (missing) {
        return null;
      }
      int end = p;
      Key whose = key == null ? Key.of(bytesAt(keyAt)) : key;
      p = valueAt;
      int length = (int) varint();
      int from = p;
      p = end;
      return new StoredString(whose, version, bytes, from, length, expiresAt);
    }

    private long expiryOf(int head) throws MalformedElementException {
      return (head & ElementWriter.NEVER) == 0 ? signed() : Element.NEVER;
    }

    /** The key where it is the one before; null where it begins here, and is stepped over. */
    private Key skipKey(int head) throws MalformedElementException {
      if ((head & ElementWriter.SAME_KEY) == 0) {
        skipBytes();
        return null;
      }
      if (lastKey == null) {
        throw malformed("a key left out, with none before");
      }
      return lastKey;
    }

    private Version version(int head) throws MalformedElementException {
      if ((head & ElementWriter.SAME_VERSION) == 0) {
        return versionAfter(lastVersion == null ? 0 : lastVersion.time());
      }
      if (lastVersion == null) {
        throw malformed("a version left out, with none before");
      }
      return lastVersion;
    }

    private boolean mayHaveContent(Kind kind) {
      return switch (kind) {
        case COUNT, FIELD, MEMBER, SCORE, FIELD_COUNT, SCORE_COUNT, ITEM -> true;
        case CLEAR, EXPIRY, TYPE, STRING -> false;
      };
    }

    private boolean mayBeSpecial(Kind kind) {
      return kind == Kind.EXPIRY || kind == Kind.FIELD_COUNT || kind == Kind.SCORE_COUNT;
    }

    private Kind kind(int code) throws MalformedElementException {
      try {
        return Kind.of(code);
      } catch (IllegalArgumentException e) {
        throw malformed(e.getMessage());
      }
    }

    private Version versionAfter(long from) throws MalformedElementException {
      long time = from + signed();
      long origin = origin();
      if (missing) {
        return Version.NONE;
      }
      if (time < 0) {
        throw malformed("a negative time");
      }
      return new Version(time, origin);
    }

    private long origin() throws MalformedElementException {
      long index = varint();
      if (missing) {
        return 0;
      }
      if (index != 0) {
        if (index < 0 || index > originCount) {
          throw malformed("origin number " + index + " of " + originCount);
        }
        return origins[(int) index - 1];
      }
      long origin = 0;
      for (int i = 0; i < 8; i++) {
        origin = (origin << 8) | octet();
      }
      if (!missing && originCount < ElementWriter.ORIGINS_MAX) {
        origins[originCount++] = origin;
      }
      return origin;
    }

    private byte[] bytesAt(int position) throws MalformedElementException {
      p = position;
      int length = (int) varint();
      return length == 0 ? EMPTY : Arrays.copyOfRange(bytes, p, p + length);
    }

    private void skipBytes() throws MalformedElementException {
      long length = varint();
      if (missing) {
        return;
      }
      if (length < 0 || length > Integer.MAX_VALUE - 8) {
        throw malformed("a length of " + length);
      }
      if (length > limit - p) {
        lack((long) p - at + length);
      } else {
        p += (int) length;
      }
    }

    private long signed() throws MalformedElementException {
      long zigzag = varint();
      return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    private long varint() throws MalformedElementException {
      long number = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        int octet = octet();
        number |= (long) (octet & 0x7f) << shift;
        if (octet < 0x80) {
          return number;
        }
      }
      throw malformed("a number of more than ten bytes");
    }

    /** The next byte; 0 once something is missing, which ends every number and length. */
    private int octet() {
      if (missing || p >= limit) {
        lack((long) p - at + 1);
        return 0;
      }
      return bytes[p++] & 0xff;
    }

    private void lack(long bytesNeeded) {
      if (!missing) {
        missing = true;
        needed = bytesNeeded;
      }
    }
  }
}
