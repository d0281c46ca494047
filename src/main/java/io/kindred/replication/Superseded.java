package io.kindred.replication;

import io.kindred.entry.Key;

/**
 * That a peer held something newer of a key than a feed brought it. An owner that answers a quorum
 * with this has not taken the write: a later read of it shows the other.
 *
 * @param position the end of the span that brought what lost
 * @param key the key's hash, or {@link #ANY}; whoever is taken for another only sends again what it
 *     need not
 * @param time the newest hybrid time that the peer has seen on the key
 */
public record Superseded(long position, int key, long time) {

  /** In place of a key: there are too many to name. */
  public static final int ANY = Integer.MIN_VALUE;

  /** Whether it may be about a key. */
  boolean isAbout(Key other) {
    return key == ANY || key == other.hashCode();
  }
}
