package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.function.Consumer;

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
  private final long clearTime;
  private final Version clear;

  /** What shows at {@code now}, in ms. */
  KeyView(KeyState state, long now) {
    this.state = state;
    long passed = state.passedExpiry(now);
    Version mark = state.mark();
    if (passed > 0) {
      this.clear = new Version(passed, 0);
      this.clearTime = passed;
    } else {
      this.clear = mark == null ? Version.NONE : mark;
      this.clearTime = mark == null ? -1 : mark.time();
    }
  }

  /** What shows if no expiry has passed yet. */
  static KeyView beforeExpiry(KeyState state) {
    return new KeyView(state, Long.MIN_VALUE);
  }

  KeyType type() {
    if (showsString()) {
      return KeyType.STRING;
    }
    if (liveCount(state.hash()) > 0) {
      return KeyType.HASH;
    }
    return liveCount(state.set()) > 0 ? KeyType.SET : KeyType.NONE;
  }

  boolean lives() {
    return state.isPlainString() || type() != KeyType.NONE;
  }

  /** The string's bytes, a counter's in decimal digits, or null. */
  byte[] string() {
    boolean based = showsBase();
    Version base = based ? state.stringVersion() : clear;
    long sum = 0;
    boolean counted = false;
    for (Element count : state.counts()) {
      if (counts(count, base, based)) {
        sum += count.number();
        counted = true;
      }
    }
    if (!counted) {
      return based ? state.string() : null;
    }
    OptionalLong start = based ? Decimal.parse(state.string()) : OptionalLong.of(0);
    // Increments are refused at what is no number, so there is none to add here.
    return start.isEmpty()
        ? state.string()
        : Long.toString(start.getAsLong() + sum).getBytes(StandardCharsets.US_ASCII);
  }

  /** What an increment counts against. */
  Version counterBase() {
    return showsBase() ? state.stringVersion() : clear;
  }

  /** The sum an origin has contributed against a base, as far as it counts. */
  long contribution(long origin, Version base) {
    boolean based = showsBase() && state.stringVersion().equals(base);
    for (Element count : state.counts()) {
      if (count.version().origin() == origin && counts(count, base, based)) {
        return count.number();
      }
    }
    return 0;
  }

  /** The live field or member of that name, or null. */
  Parts.Part part(Parts parts, byte[] name) {
    Parts.Part part = parts == null ? null : parts.find(name);
    return part == null || part.value == null || part.time <= clearTime ? null : part;
  }

  int liveCount(Parts parts) {
    return parts == null ? 0 : parts.liveAbove(clearTime);
  }

  void forEachLive(Parts parts, Consumer<Parts.Part> visitor) {
    if (parts != null) {
      parts.forEachLive(clearTime, visitor);
    }
  }

  private boolean showsString() {
    boolean based = showsBase();
    if (based) {
      return true;
    }
    for (Element count : state.counts()) {
      if (counts(count, clear, false)) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is a string that shows, and so is the base of a counter. */
  private boolean showsBase() {
    if (state.isPlainString()) {
      return true;
    }
    if (state.string() == null) {
      return false;
    }
    Version version = state.stringVersion();
    if (version.time() <= clearTime) {
      return false;
    }
    if (isNewestType(version)) {
      return true;
    }
    for (Element count : state.counts()) {
      if (count.base().equals(version) && isNewestType(count.version())) {
        return true;
      }
    }
    return false;
  }

  private boolean counts(Element count, Version base, boolean based) {
    return count.base().equals(base)
        && count.version().time() > clearTime
        && (based || isNewestType(count.version()));
  }

  private boolean isNewestType(Version version) {
    return !isOutlived(state.hash(), version) && !isOutlived(state.set(), version);
  }

  private static boolean isOutlived(Parts parts, Version version) {
    return parts != null && parts.outlives(version.time(), KeyType.STRING);
  }
}
