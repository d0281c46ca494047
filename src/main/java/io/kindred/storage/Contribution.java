package io.kindred.storage;

import io.kindred.entry.Version;
import io.kindred.storage.memory.Bytes;
import java.util.Arrays;

/**
 * What one origin has counted, as the store keeps it.
 *
 * @param version of its newest increment; its origin is the contributor
 * @param base what it counts against
 * @param number the sum: a long, or the bits of a double in a sorted set
 * @param founding whether nothing lived at its place when it was made, so that it counts against a
 *     removal, a clear mark or nothing
 */
record Contribution(Version version, Version base, long number, boolean founding) {

  long origin() {
    return version.origin();
  }

  /**
   * The part of its element, counted on a part of that name: the name, and behind it the origin.
   */
  byte[] part(byte[] name) {
    byte[] part = Arrays.copyOf(name, name.length + Long.BYTES);
    Bytes.putLong(part, name.length, origin());
    return part;
  }

  /** The order of {@link io.kindred.entry.Element#compareStrength} among those of one origin. */
  int compareStrength(Contribution other) {
    int byVersion = version.compareTo(other.version);
    int byBase = byVersion != 0 ? byVersion : base.compareTo(other.base);
    int byNumber = byBase != 0 ? byBase : Long.compare(number, other.number);
    return byNumber != 0 ? byNumber : Boolean.compare(founding, other.founding);
  }
}
