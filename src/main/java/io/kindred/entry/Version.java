package io.kindred.entry;

/**
 * When and by whom an element was written: a hybrid logical time and the origin that issued it.
 * Versions are totally ordered, by time and then by origin, the same on every node.
 *
 * @param time hybrid logical time: 48 bits of milliseconds since 1970, 16 bits of counter, see
 *     {@link HybridClock}
 * @param origin the bits of the {@link Origin} that stamped the write; 0 where no origin did, as in
 *     the mark that a passed expiry leaves
 */
public record Version(long time, long origin) implements Comparable<Version> {

  /** Below every version that a clock issues. */
  public static final Version NONE = new Version(0, 0);

  public Version {
    if (time < 0) {
      throw new IllegalArgumentException("a hybrid time is never negative: " + time);
    }
  }

  @Override
  public int compareTo(Version other) {
    int byTime = Long.compare(time, other.time);
    return byTime != 0 ? byTime : Long.compare(origin, other.origin);
  }

  /** The wall-clock part, in milliseconds since 1970. */
  public long millis() {
    return HybridClock.millisOf(time);
  }
}
