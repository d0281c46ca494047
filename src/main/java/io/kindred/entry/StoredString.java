package io.kindred.entry;

import java.util.Arrays;

/**
 * A string and its expiry of one version, which SET writes and which stand side by side in logs and
 * snapshots: read in one step, the value not copied. Nearly all of most stores. Immutable as long
 * as the bytes that it was read from are.
 */
public final class StoredString {

  private final Key key;
  private final Version version;
  private final byte[] bytes;
  private final int valueAt;
  private final int valueLength;
  private final long expiresAt;

  StoredString(
      Key key, Version version, byte[] bytes, int valueAt, int valueLength, long expiresAt) {
    this.key = key;
    this.version = version;
    this.bytes = bytes;
    this.valueAt = valueAt;
    this.valueLength = valueLength;
    this.expiresAt = expiresAt;
  }

  public Key key() {
    return key;
  }

  /** Of both. */
  public Version version() {
    return version;
  }

  /** Where the value lies, among other things: {@link #valueLength} bytes from {@link #valueAt}. */
  public byte[] bytes() {
    return bytes;
  }

  public int valueAt() {
    return valueAt;
  }

  public int valueLength() {
    return valueLength;
  }

  /** In ms, or {@link Element#NEVER}. */
  public long expiresAt() {
    return expiresAt;
  }

  /** The string's element, with a copy of the value. */
  public Element string() {
    return Element.string(key, version, Arrays.copyOfRange(bytes, valueAt, valueAt + valueLength));
  }

  /** The expiry's element. */
  public Element expiry() {
    return Element.expiry(key, version, expiresAt);
  }
}
