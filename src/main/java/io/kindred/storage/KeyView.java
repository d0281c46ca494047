package io.kindred.storage;

import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * What a reader sees of a key at a moment: nothing at or below its clear mark, a passed expiry
 * being one, and of the types only the one that was written last.
 *
 * <p>A string and the contributions that count against it are one register, as new as the newest of
 * them: who incremented a counter had seen its base, so the base shows although another type's
 * newest lies between the two. Were the base dead and the increment alive, both types' writes could
 * be lost at once. A contribution without a string has nothing to keep it but itself.
 */
final class KeyView {

  private final KeyState state;
  private final boolean expired;
  private final long clearTime;
  private final Version clear;

  /** What shows at {@code now}, in ms. */
  KeyView(KeyState state, long now) {
    this.state = state;
    long passed = state.passedExpiry(now);
    this.expired = passed > 0;
    this.clear = expired ? new Version(passed, 0) : state.clear();
    this.clearTime = expired || state.mark != null ? clear.time() : -1;
  }

  /** What shows if no expiry has passed yet. */
  static KeyView beforeExpiry(KeyState state) {
    return new KeyView(state, Long.MIN_VALUE);
  }

  KeyType type() {
    if (showsString()) {
      return KeyType.STRING;
    }
    for (Parts each : state.allParts()) {
      Parts seen = parts(each.type());
      if (seen != null && seen.liveCount() > 0) {
        return each.type();
      }
    }
    return KeyType.NONE;
  }

  boolean lives() {
    return type() != KeyType.NONE;
  }

  /** The string's bytes, a counter's in decimal digits, or null. */
  byte[] string() {
    boolean based = showsBase();
    Version base = based ? state.stringVersion : clear;
    long sum = 0;
    boolean counted = false;
    for (Contribution count : state.counts) {
      if (counts(count, base, based)) {
        sum += count.number();
        counted = true;
      }
    }
    if (!counted) {
      return based ? state.string : null;
    }
    OptionalLong start = based ? Decimal.parse(state.string) : OptionalLong.of(0);
    // Increments are refused at what is no number, so there is none to add here.
    return start.isEmpty()
        ? state.string
        : Long.toString(start.getAsLong() + sum).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * What an origin's increment counts against: the string, or what its own increments do that count
   * already, or what ended the key, known to be at or below {@code known}.
   */
  Version counterBase(long origin, long known) {
    if (showsBase()) {
      return state.stringVersion;
    }
    for (Contribution count : state.counts) {
      if (count.origin() == origin && counts(count, clear, false)) {
        return count.base();
      }
    }
    return zeroAbove(clear, known);
  }

  /**
   * What an increment counts against where nothing is: the mark, or, above it, the time up to which
   * marks may be gone here and not yet elsewhere.
   */
  static Version zeroAbove(Version clear, long known) {
    return known > clear.time() ? new Version(known, 0) : clear;
  }

  /** The sum an origin has contributed against a base, as far as it counts. */
  long contribution(long origin, Version base) {
    boolean based = showsBase();
    Version present = based ? state.stringVersion : clear;
    for (Contribution count : state.counts) {
      boolean its = count.origin() == origin && count.base().equals(base);
      if (its && counts(count, present, based)) {
        return count.number();
      }
    }
    return 0;
  }

  /** The parts of a type as they show, or null where nothing of it does. */
  Parts parts(KeyType type) {
    Parts parts = state.parts(type);
    return parts == null || !expired ? parts : parts.visible(clear);
  }

  /** What an origin's increment of a part counts against; see {@link #counterBase}. */
  CountBase partBase(KeyType type, byte[] name, long origin, long known) {
    Parts parts = parts(type);
    if (parts == null) {
      return new CountBase(zeroAbove(clear, known), true);
    }
    PartRow row = parts.any(name);
    CountBase present = row.countBase(clear);
    if (!present.founding()) {
      return present;
    }
    int index = row.indexOf(origin);
    return index >= 0 && row.counts(row.counts[index], present)
        ? new CountBase(row.counts[index].base(), true)
        : new CountBase(zeroAbove(present.version(), known), true);
  }

  /** What an origin has contributed to a part against a base, as far as it counts; or null. */
  Contribution partContribution(KeyType type, byte[] name, long origin, Version base) {
    Parts parts = parts(type);
    if (parts == null) {
      return null;
    }
    PartRow row = parts.any(name);
    int index = row.indexOf(origin);
    CountBase present = row.countBase(clear);
    boolean counts =
        index >= 0
            && row.counts[index].base().equals(base)
            && row.counts(row.counts[index], present);
    return counts ? row.counts[index] : null;
  }

  private boolean showsString() {
    if (showsBase()) {
      return true;
    }
    for (Contribution count : state.counts) {
      if (counts(count, clear, false)) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is a string that shows, and so is the base of a counter. */
  private boolean showsBase() {
    if (state.string == null || state.stringVersion.time() <= clearTime) {
      return false;
    }
    if (isNewestType(state.stringVersion)) {
      return true;
    }
    for (Contribution count : state.counts) {
      if (count.base().equals(state.stringVersion) && isNewestType(count.version())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a contribution counts. One that was made where no string was counts as long as nothing
   * newer than its base has ended the key: what it counts against may be gone from here.
   */
  private boolean counts(Contribution count, Version base, boolean based) {
    if (count.version().time() <= clearTime) {
      return false;
    }
    if (based) {
      return count.base().equals(base);
    }
    boolean fits = count.base().equals(base) || count.base().time() > base.time();
    return fits && isNewestType(count.version());
  }

  private boolean isNewestType(Version version) {
    for (Parts each : state.allParts()) {
      if (each.outlives(version.time(), KeyType.STRING)) {
        return false;
      }
    }
    return true;
  }
}
