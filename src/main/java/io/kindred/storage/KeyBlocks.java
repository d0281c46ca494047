package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import io.kindred.storage.memory.Arena;
import io.kindred.storage.memory.Bytes;
import java.util.Arrays;

/**
 * How a key lies in memory: as one block with all its elements, where they are few and small, else
 * as a {@link KeyState} of its own. A string and its expiry, nearly all of most stores, are read
 * and written where they lie; anything else is taken apart, changed and written down again.
 *
 * <pre>
 *   form      1 byte
 *   key       varint length, bytes
 *   string    8 bytes of time, varint origin number         forms PLAIN, NEVER, AT, OWN
 *   expiry    8 bytes: its moment                           forms AT, OWN
 *             8 bytes of time, varint origin number         form OWN
 *   value     varint length, bytes
 * </pre>
 *
 * <p>NEVER and AT are what SET writes: an expiry of the string's own version. OWN has another
 * version. The form MIXED holds all that a {@link KeyState} knows, one part behind the other.
 *
 * <p>A cursor over one plain block is part of it: {@link #load} fills the fields, {@link #store}
 * writes them.
 */
final class KeyBlocks {

  /** Up to here it is cheaper to take a key's elements apart each time than to keep them so. */
  static final int MIXED_BYTES_MAX = 2048;

  private static final int PLAIN = 0;
  private static final int NEVER = 1;
  private static final int AT = 2;
  private static final int OWN = 3;
  private static final int MIXED = 4;

  // What a MIXED block has.
  private static final int MARK = 1;
  private static final int EXPIRY = 2;
  private static final int STRING_TYPE = 4;
  private static final int STRING = 8;

  private final Arena arena;
  private final Origins origins;
  private final byte[] scratch = new byte[Arena.BLOCK_BYTES_MAX];

  // The cursor.
  long time;
  long origin;
  boolean expires;
  long expiryTime;
  long expiryOrigin;
  long expiryAt;
  byte[] value;
  int valueAt;
  int valueLength;

  KeyBlocks(Arena arena, Origins origins) {
    this.arena = arena;
    this.origins = origins;
  }

  /** Whether a block is that key's. */
  boolean isOf(int ref, byte[] key) {
    byte[] chunk = arena.chunk(ref);
    int at = arena.offset(ref) + 1;
    int length = Bytes.varint(chunk, at);
    if (length != key.length) {
      return false;
    }
    at += Bytes.varintLength(length);
    return Arrays.equals(chunk, at, at + length, key, 0, length);
  }

  /** Reads a byte of each of a block's first cache lines; some number. */
  int touch(int ref) {
    byte[] chunk = arena.chunk(ref);
    int at = arena.offset(ref);
    return chunk[at] + chunk[Math.min(at + 64, chunk.length - 1)];
  }

  /** Gives a block back. */
  void free(int ref) {
    arena.free(ref);
  }

  /** A copy of a block's key. */
  byte[] key(int ref) {
    byte[] chunk = arena.chunk(ref);
    int at = arena.offset(ref) + 1;
    int length = Bytes.varint(chunk, at);
    at += Bytes.varintLength(length);
    return Arrays.copyOfRange(chunk, at, at + length);
  }

  /** Whether a block is nothing but a string and its expiry. */
  boolean isPlain(int ref) {
    return arena.chunk(ref)[arena.offset(ref)] != MIXED;
  }

  /** Puts the cursor on a plain block. */
  void load(int ref) {
    byte[] chunk = arena.chunk(ref);
    int at = arena.offset(ref);
    int form = chunk[at++];
    int keyLength = Bytes.varint(chunk, at);
    at += Bytes.varintLength(keyLength) + keyLength;
    time = Bytes.getLong(chunk, at);
    int number = Bytes.varint(chunk, at + 8);
    origin = origins.of(number);
    at += 8 + Bytes.varintLength(number);
    expires = form != PLAIN;
    expiryAt = Element.NEVER;
    expiryTime = time;
    expiryOrigin = origin;
    if (form == AT || form == OWN) {
      expiryAt = Bytes.getLong(chunk, at);
      at += 8;
    }
    if (form == OWN) {
      expiryTime = Bytes.getLong(chunk, at);
      number = Bytes.varint(chunk, at + 8);
      expiryOrigin = origins.of(number);
      at += 8 + Bytes.varintLength(number);
    }
    valueLength = Bytes.varint(chunk, at);
    value = chunk;
    valueAt = at + Bytes.varintLength(valueLength);
  }

  /** The cursor's value; a copy. */
  byte[] copyOfValue() {
    return Arrays.copyOfRange(value, valueAt, valueAt + valueLength);
  }

  /** As {@link KeyState#passedExpiry}, of the cursor. */
  long passedExpiry(long now) {
    return expires ? KeyState.passedExpiry(expiryTime, expiryAt, now) : 0;
  }

  /** As {@link KeyState#newestTime}, of the cursor. */
  long newestTime(long now) {
    return expires ? Math.max(Math.max(time, expiryTime), passedExpiry(now)) : time;
  }

  /** Whether the cursor's string shows. */
  boolean lives(long now) {
    long passed = passedExpiry(now);
    return passed <= 0 || time > passed;
  }

  /**
   * Writes the cursor's fields as a key's block, in its old place where it fits there.
   *
   * @param ref the key's block until now, 0 for none
   * @return the key's block, or 0 where it would be too large for one; the old one is free then
   */
  int store(int ref, byte[] key) {
    boolean own = expires && (expiryTime != time || expiryOrigin != origin);
    int form = !expires ? PLAIN : own ? OWN : expiryAt == Element.NEVER ? NEVER : AT;
    int number = origins.numberOf(origin);
    int expiryNumber = own ? origins.numberOf(expiryOrigin) : 0;
    long length = 1L + Bytes.varintLength(key.length) + key.length;
    length += 8 + Bytes.varintLength(number) + Bytes.varintLength(valueLength) + valueLength;
    length += form == AT ? 8 : form == OWN ? 16 + Bytes.varintLength(expiryNumber) : 0;
    if (ref > 0 && value == arena.chunk(ref)) {
      // It may lie where the block is about to be.
      System.arraycopy(value, valueAt, scratch, 0, valueLength);
      value = scratch;
      valueAt = 0;
    }
    int block = place(ref, length);
    if (block == 0) {
      return 0;
    }
    byte[] chunk = arena.chunk(block);
    int at = arena.offset(block);
    chunk[at] = (byte) form;
    at = Bytes.putVarint(chunk, at + 1, key.length);
    System.arraycopy(key, 0, chunk, at, key.length);
    at += key.length;
    Bytes.putLong(chunk, at, time);
    at = Bytes.putVarint(chunk, at + 8, number);
    if (form == AT || form == OWN) {
      Bytes.putLong(chunk, at, expiryAt);
      at += 8;
    }
    if (form == OWN) {
      Bytes.putLong(chunk, at, expiryTime);
      at = Bytes.putVarint(chunk, at + 8, expiryNumber);
    }
    at = Bytes.putVarint(chunk, at, valueLength);
    System.arraycopy(value, valueAt, chunk, at, valueLength);
    return block;
  }

  private int place(int ref, long length) {
    if (ref > 0 && length <= Arena.BLOCK_BYTES_MAX && arena.fits(ref, (int) length)) {
      return ref;
    }
    if (ref > 0) {
      arena.free(ref);
    }
    return length > Arena.BLOCK_BYTES_MAX ? 0 : arena.allocate((int) length);
  }

  /** Takes any block apart. */
  KeyState read(int ref) {
    if (isPlain(ref)) {
      load(ref);
      return loaded(key(ref));
    }
    KeyState state = new KeyState(key(ref), origins);
    new Reader(ref).readInto(state);
    return state;
  }

  /** The cursor's fields, as those of that key. */
  KeyState loaded(byte[] key) {
    KeyState state = new KeyState(key, origins);
    state.stringVersion = new Version(time, origin);
    state.string = copyOfValue();
    if (expires) {
      state.expiryVersion = new Version(expiryTime, expiryOrigin);
      state.expiryAt = expiryAt;
    }
    return state;
  }

  /**
   * Writes a key down.
   *
   * @param ref its block until now, 0 for none
   * @return its block, or 0 where it is too large for one; the old one is free then
   */
  int write(int ref, KeyState state) {
    if (state.isPlainString()) {
      time = state.stringVersion.time();
      origin = state.stringVersion.origin();
      expires = state.expiryVersion != null;
      expiryTime = expires ? state.expiryVersion.time() : 0;
      expiryOrigin = expires ? state.expiryVersion.origin() : 0;
      expiryAt = state.expiryAt;
      value = state.string;
      valueAt = 0;
      valueLength = value.length;
      return store(ref, state.key());
    }
    if (bytesOf(state) > MIXED_BYTES_MAX) {
      return place(ref, Long.MAX_VALUE);
    }
    int length = new Writer().write(state);
    int block = place(ref, length);
    System.arraycopy(scratch, 0, arena.chunk(block), arena.offset(block), length);
    return block;
  }

  /** Whether a key that stays apart has become so small that it need not. */
  static boolean isSmall(KeyState state) {
    long bytes = bytesOf(state);
    return bytes <= (state.isPlainString() ? Arena.BLOCK_BYTES_MAX : MIXED_BYTES_MAX) / 2;
  }

  /** No block of a key takes more, whatever the numbers in it. */
  private static long bytesOf(KeyState state) {
    long bytes = 80 + state.key().length + (state.string == null ? 0L : state.string.length);
    bytes += 40L * state.counts.length;
    for (Parts parts : state.allParts()) {
      bytes += 24 + parts.packedBytes();
    }
    return bytes;
  }

  private final class Writer {
    private int at;

    int write(KeyState state) {
      scratch[at++] = MIXED;
      at = Bytes.putVarint(scratch, at, state.key().length);
      bytes(state.key());
      scratch[at++] =
          (byte)
              ((state.mark != null ? MARK : 0)
                  | (state.expiryVersion != null ? EXPIRY : 0)
                  | (state.stringType != null ? STRING_TYPE : 0)
                  | (state.string != null ? STRING : 0));
      version(state.mark);
      version(state.expiryVersion);
      if (state.expiryVersion != null) {
        number(state.expiryAt);
      }
      version(state.stringType);
      if (state.string != null) {
        version(state.stringVersion);
        at = Bytes.putVarint(scratch, at, state.string.length);
        bytes(state.string);
      }
      at = Bytes.putVarint(scratch, at, state.counts.length);
      for (Contribution count : state.counts) {
        version(count.version());
        version(count.base());
        number(count.number());
      }
      scratch[at++] = (byte) state.allParts().length;
      for (Parts parts : state.allParts()) {
        scratch[at++] = (byte) parts.type().code();
        scratch[at++] = (byte) (parts.high() == null ? 0 : 1);
        version(parts.high());
        int length = (int) parts.packedBytes();
        at = Bytes.putVarint(scratch, at, length);
        parts.pack(scratch, at);
        at += length;
      }
      return at;
    }

    private void version(Version version) {
      if (version != null) {
        number(version.time());
        at = Bytes.putVarint(scratch, at, origins.numberOf(version.origin()));
      }
    }

    private void number(long number) {
      Bytes.putLong(scratch, at, number);
      at += 8;
    }

    private void bytes(byte[] bytes) {
      System.arraycopy(bytes, 0, scratch, at, bytes.length);
      at += bytes.length;
    }
  }

  private final class Reader {
    private final byte[] chunk;
    private int at;

    Reader(int ref) {
      chunk = arena.chunk(ref);
      at = arena.offset(ref) + 1;
      int keyLength = varint();
      at += keyLength;
    }

    void readInto(KeyState state) {
      int has = chunk[at++];
      state.mark = version(has & MARK);
      state.expiryVersion = version(has & EXPIRY);
      if (state.expiryVersion != null) {
        state.expiryAt = number();
      }
      state.stringType = version(has & STRING_TYPE);
      state.stringVersion = version(has & STRING);
      if (state.stringVersion != null) {
        int length = varint();
        state.string = Arrays.copyOfRange(chunk, at, at + length);
        at += length;
      }
      int counts = varint();
      if (counts > 0) {
        state.counts = new Contribution[counts];
        for (int i = 0; i < counts; i++) {
          state.counts[i] = new Contribution(version(1), version(1), number(), false);
        }
      }
      int types = chunk[at++];
      for (int i = 0; i < types; i++) {
        KeyType type = KeyType.of(chunk[at++]);
        Version high = version(chunk[at++]);
        int length = varint();
        state.addParts(Parts.unpack(type, origins, state.clear(), high, chunk, at, length));
        at += length;
      }
    }

    private Version version(int has) {
      if (has == 0) {
        return null;
      }
      long time = number();
      return new Version(time, origins.of(varint()));
    }

    private long number() {
      long number = Bytes.getLong(chunk, at);
      at += 8;
      return number;
    }

    private int varint() {
      int value = Bytes.varint(chunk, at);
      at += Bytes.varintLength(value);
      return value;
    }
  }
}
