package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.Key;
import io.kindred.entry.Mix;
import io.kindred.entry.Version;

/**
 * What one merge does to a shard's sums: to the digest of the key's leaf, and to the bytes held.
 * Collected while the key changes, read once at the end. One object serves all merges of a store.
 */
final class Change {

  private static final byte[] EMPTY = new byte[0];

  private final long digestKey;
  private long keyHash;
  private long digest;
  private long bytes;

  Change(long digestKey) {
    this.digestKey = digestKey;
  }

  void begin(Key key) {
    keyHash = Mix.hash(key.bytes(), digestKey);
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

  void add(Element e) {
    digest += hashOf(e);
  }

  /** An element's own digest, with the key's part of it worked out once for the whole merge. */
  long hashOf(Element e) {
    Version version = e.version();
    return Element.digest(
        keyHash,
        e.kind(),
        e.part(),
        version.time(),
        version.origin(),
        e.value(),
        e.number(),
        e.base());
  }

  /** The digest of a field or member that is kept taken apart. */
  long hashOf(Kind kind, byte[] part, long time, long origin, byte[] value) {
    return Element.digest(keyHash, kind, part, time, origin, value, 0, Version.NONE);
  }

  /** The digest of an element without part, content or base: a mark, or an expiry's number. */
  long hashOf(Kind kind, long time, long origin, long number) {
    return Element.digest(keyHash, kind, EMPTY, time, origin, null, number, Version.NONE);
  }

  /** The digest of a string. */
  long hashOfString(long time, long origin, byte[] value) {
    return Element.digest(keyHash, Kind.STRING, EMPTY, time, origin, value, 0, Version.NONE);
  }

  /** The digest of a type's newest version. */
  long hashOfType(byte[] part, Version version) {
    return Element.digest(
        keyHash, Kind.TYPE, part, version.time(), version.origin(), null, 0, Version.NONE);
  }
}
