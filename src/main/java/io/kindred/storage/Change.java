package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Mix;
import io.kindred.entry.Version;

/**
 * What one merge does to a shard's sums: to the digest of the key's leaf, and to the bytes held.
 * Collected while the key changes, read once at the end. One object serves all merges of a store.
 */
final class Change {

  private static final byte[] EMPTY = new byte[0];

  private final long digestKey;
  private final boolean digesting;
  private final byte[] type = new byte[1];
  private long keyHash;
  private long digest;
  private long bytes;

  /**
   * @param digesting whether hashes are worked out; else all are 0
   */
  Change(long digestKey, boolean digesting) {
    this.digestKey = digestKey;
    this.digesting = digesting;
  }

  long digestKey() {
    return digestKey;
  }

  void begin(Key key) {
    keyHash = digesting ? Mix.hash(key.bytes(), digestKey) : 0;
    digest = 0;
    bytes = 0;
  }

  /** What the leaf's digest moves by. */
  long digest() {
    return digest;
  }

  /** By how many bytes of payload the store grows. */
  long bytes() {
    return bytes;
  }

  void addDigest(long difference) {
    digest += difference;
  }

  void addBytes(long difference) {
    bytes += difference;
  }

  /** The digest of a mark, or of an expiry and its number. */
  long hashOf(Kind kind, long time, long origin, long number) {
    if (!digesting) {
      return 0;
    }
    return Element.digest(
        keyHash, kind, EMPTY, 0, 0, time, origin, null, 0, 0, number, Version.NONE);
  }

  /** The digest of a string whose value lies in a larger array. */
  long hashOfString(long time, long origin, byte[] value, int at, int length) {
    if (!digesting) {
      return 0;
    }
    return Element.digest(
        keyHash, Kind.STRING, EMPTY, 0, 0, time, origin, value, at, length, 0, Version.NONE);
  }

  /** The digest of a part's own element, the name lying in a larger array. */
  long hashOfPart(Kind kind, byte[] name, int at, int length, PartRow row) {
    if (!digesting) {
      return 0;
    }
    return Element.digest(
        keyHash,
        kind,
        name,
        at,
        length,
        row.time,
        row.origin,
        row.removed ? null : row.source == null ? EMPTY : row.source,
        row.valueAt,
        row.valueLengthOfBase(),
        row.elementNumber(),
        Version.NONE);
  }

  /** The digest of a contribution. */
  long hashOfCount(Kind kind, byte[] part, Contribution count) {
    if (!digesting) {
      return 0;
    }
    return Element.digest(
        keyHash,
        kind,
        part,
        0,
        part.length,
        count.version().time(),
        count.origin(),
        count.founding() ? EMPTY : null,
        0,
        0,
        count.number(),
        count.base());
  }

  /** The digest of a type's newest version. */
  long hashOfType(KeyType of, Version version) {
    if (!digesting) {
      return 0;
    }
    type[0] = (byte) of.code();
    return Element.digest(
        keyHash,
        Kind.TYPE,
        type,
        0,
        1,
        version.time(),
        version.origin(),
        null,
        0,
        0,
        0,
        Version.NONE);
  }
}
