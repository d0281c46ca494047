package io.kindred.storage;

import static io.kindred.storage.MergeOutcome.ADDED;
import static io.kindred.storage.MergeOutcome.KNOWN;
import static io.kindred.storage.MergeOutcome.REPLACED;
import static io.kindred.storage.MergeOutcome.SUPERSEDED;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * All elements of one key, and the rules of merge between them; see the package's story. What of it
 * a reader sees at a moment is {@link KeyView}'s.
 *
 * <p>A string that was SET without anything else is this object and its two arrays: the expiry
 * "never" that every SET writes at the string's own version is one bit.
 */
final class KeyState extends ByteTable.Node {

  /** What few keys have. */
  private static final class Extra {
    Version mark;
    Version expiryVersion;
    long expiryAt;
    Version stringType;
    Element[] counts = NO_COUNTS;
    Parts hash;
    Parts set;

    boolean isEmpty() {
      return mark == null
          && expiryVersion == null
          && stringType == null
          && counts.length == 0
          && hash == null
          && set == null;
    }
  }

  private static final Element[] NO_COUNTS = {};
  private static final byte[] STRING_TYPE = {(byte) KeyType.STRING.code()};
  // Later than any time of a hybrid clock.
  private static final long MILLIS_MAX = HybridClock.millisOf(Long.MAX_VALUE);

  private final byte leaf;
  private boolean neverAtString;
  private byte[] string;
  private long stringTime;
  private long stringOrigin;
  private Extra extra;

  KeyState(Key key) {
    super(key.bytes(), key.hashCode());
    this.leaf = (byte) key.leaf();
  }

  int leaf() {
    return leaf & 0xff;
  }

  /** Merges one element of this key. */
  MergeOutcome merge(Element e, Change change) {
    if (e.kind() == Kind.CLEAR) {
      return mergeClear(e.version(), change);
    }
    if (e.version().time() <= markTime()) {
      return SUPERSEDED;
    }
    MergeOutcome outcome =
        switch (e.kind()) {
          case CLEAR -> throw new IllegalStateException("handled above");
          case EXPIRY -> mergeExpiry(e, change);
          case TYPE -> mergeType(e, change);
          case STRING -> mergeString(e, change);
          case COUNT -> mergeCount(e, change);
          case FIELD -> mergePart(e, KeyType.HASH, change);
          case MEMBER -> mergePart(e, KeyType.SET, change);
          case SCORE, FIELD_COUNT, SCORE_COUNT, ITEM ->
              throw new IllegalStateException("not kept yet: " + e);
        };
    fold();
    return outcome;
  }

  private MergeOutcome mergeClear(Version version, Change change) {
    Version mark = mark();
    if (mark != null) {
      int order = version.compareTo(mark);
      if (order <= 0) {
        return order == 0 ? KNOWN : SUPERSEDED;
      }
      change.addDigest(-change.hashOf(Kind.CLEAR, mark.time(), mark.origin(), 0));
    }
    change.addDigest(change.hashOf(Kind.CLEAR, version.time(), version.origin(), 0));
    dropUpTo(version.time(), change);
    extra().mark = version;
    return mark == null ? ADDED : REPLACED;
  }

  private void dropUpTo(long time, Change change) {
    Version expiry = expiryVersion();
    if (expiry != null && expiry.time() <= time) {
      setExpiry(null, 0, change);
    }
    if (string != null && stringTime <= time) {
      setString(0, 0, null, change);
    }
    if (extra == null) {
      return;
    }
    if (extra.stringType != null && extra.stringType.time() <= time) {
      change.addDigest(-change.hashOfType(STRING_TYPE, extra.stringType));
      extra.stringType = null;
    }
    for (Element count : extra.counts) {
      if (count.version().time() <= time) {
        change.addDigest(-change.hashOf(count));
        change.addBytes(-(long) count.part().length);
      }
    }
    extra.counts =
        Arrays.stream(extra.counts).filter(c -> c.version().time() > time).toArray(Element[]::new);
    if (extra.hash != null) {
      extra.hash.clearUpTo(time, change);
    }
    if (extra.set != null) {
      extra.set.clearUpTo(time, change);
    }
    fold();
  }

  private MergeOutcome mergeExpiry(Element e, Change change) {
    Version version = expiryVersion();
    if (version != null) {
      int order = e.version().compareTo(version);
      order = order != 0 ? order : Long.compare(e.number(), expiryAt());
      if (order <= 0) {
        return order == 0 ? KNOWN : SUPERSEDED;
      }
    }
    setExpiry(e.version(), e.number(), change);
    return version == null ? ADDED : REPLACED;
  }

  private MergeOutcome mergeType(Element e, Change change) {
    KeyType type = KeyType.of(e.part()[0]);
    if (type != KeyType.STRING) {
      return raise(type, e.version(), change);
    }
    Version before = extra == null ? null : extra.stringType;
    if (before != null) {
      int order = e.version().compareTo(before);
      if (order <= 0) {
        return order == 0 ? KNOWN : SUPERSEDED;
      }
      change.addDigest(-change.hashOfType(STRING_TYPE, before));
    }
    change.addDigest(change.hashOfType(STRING_TYPE, e.version()));
    extra().stringType = e.version();
    partsYieldTo(e.version(), KeyType.STRING, change);
    return before == null ? ADDED : REPLACED;
  }

  private MergeOutcome mergeString(Element e, Change change) {
    boolean had = string != null;
    if (had) {
      int order = e.version().compareTo(new Version(stringTime, stringOrigin));
      order = order != 0 ? order : Arrays.compareUnsigned(e.value(), string);
      if (order <= 0) {
        return order == 0 ? KNOWN : SUPERSEDED;
      }
    }
    setString(e.version().time(), e.version().origin(), e.value(), change);
    partsYieldTo(e.version(), KeyType.STRING, change);
    return had ? REPLACED : ADDED;
  }

  private MergeOutcome mergeCount(Element e, Change change) {
    Element[] counts = extra().counts;
    int i = 0;
    while (i < counts.length && !Arrays.equals(counts[i].part(), e.part())) {
      i++;
    }
    boolean had = i < counts.length;
    if (had) {
      int order = e.compareStrength(counts[i]);
      if (order <= 0) {
        return order == 0 ? KNOWN : SUPERSEDED;
      }
      change.addDigest(-change.hashOf(counts[i]));
    } else {
      counts = Arrays.copyOf(counts, i + 1);
      extra.counts = counts;
      change.addBytes(e.part().length);
    }
    counts[i] = e;
    change.addDigest(change.hashOf(e));
    partsYieldTo(e.version(), KeyType.STRING, change);
    return had ? REPLACED : ADDED;
  }

  private MergeOutcome mergePart(Element e, KeyType type, Change change) {
    MergeOutcome raised = e.isTombstone() ? SUPERSEDED : raise(type, e.version(), change);
    MergeOutcome outcome = SUPERSEDED;
    if (!isOutlived(e.version().time(), type)) {
      outcome = parts(type).put(e, change);
    }
    // An add that is dead on arrival may still be the newest of its type: then the key changed.
    return outcome == SUPERSEDED && raised.changed() ? raised : outcome;
  }

  private MergeOutcome raise(KeyType type, Version version, Change change) {
    MergeOutcome outcome = parts(type).raise(version, change);
    if (outcome.changed()) {
      partsYieldTo(version, type, change);
    }
    return outcome;
  }

  /** Fields and members below another type's newest go; strings only hide, see {@link KeyView}. */
  private void partsYieldTo(Version version, KeyType type, Change change) {
    if (extra == null) {
      return;
    }
    if (extra.hash != null && type != KeyType.HASH) {
      extra.hash.yieldTo(version.time(), type, change);
    }
    if (extra.set != null && type != KeyType.SET) {
      extra.set.yieldTo(version.time(), type, change);
    }
  }

  private boolean isOutlived(long time, KeyType type) {
    Parts other = extra == null ? null : type == KeyType.HASH ? extra.set : extra.hash;
    // A string's code is the lowest, so at one time a collection outlives a string.
    return newestStringTime() > time || (other != null && other.outlives(time, type));
  }

  private long newestStringTime() {
    long newest = string == null ? -1 : stringTime;
    if (extra != null) {
      newest = Math.max(newest, extra.stringType == null ? -1 : extra.stringType.time());
      for (Element count : extra.counts) {
        newest = Math.max(newest, count.version().time());
      }
    }
    return newest;
  }

  private void setString(long time, long origin, byte[] value, Change change) {
    if (string != null) {
      change.addDigest(-change.hashOfString(stringTime, stringOrigin, string));
      change.addBytes(-(long) string.length);
    }
    if (neverAtString && (time != stringTime || origin != stringOrigin)) {
      // The bit speaks of the string's version, which is about to change.
      Extra spilled = extra();
      spilled.expiryVersion = stringVersion();
      spilled.expiryAt = Element.NEVER;
      neverAtString = false;
    }
    if (value != null) {
      change.addDigest(change.hashOfString(time, origin, value));
      change.addBytes(value.length);
    }
    string = value;
    stringTime = time;
    stringOrigin = origin;
  }

  private void setExpiry(Version version, long at, Change change) {
    Version before = expiryVersion();
    if (before != null) {
      long hash = change.hashOf(Kind.EXPIRY, before.time(), before.origin(), expiryAt());
      change.addDigest(-hash);
    }
    if (version != null) {
      change.addDigest(change.hashOf(Kind.EXPIRY, version.time(), version.origin(), at));
    }
    neverAtString =
        version != null
            && string != null
            && at == Element.NEVER
            && version.time() == stringTime
            && version.origin() == stringOrigin;
    if (extra != null || (version != null && !neverAtString)) {
      extra().expiryVersion = neverAtString ? null : version;
      extra.expiryAt = at;
    }
  }

  /** Gives back what is empty, and turns "never, at the string's version" into its bit. */
  private void fold() {
    if (extra == null) {
      return;
    }
    if (string != null
        && extra.expiryVersion != null
        && extra.expiryAt == Element.NEVER
        && extra.expiryVersion.time() == stringTime
        && extra.expiryVersion.origin() == stringOrigin) {
      neverAtString = true;
      extra.expiryVersion = null;
    }
    if (extra.hash != null && extra.hash.isEmpty()) {
      extra.hash = null;
    }
    if (extra.set != null && extra.set.isEmpty()) {
      extra.set = null;
    }
    if (extra.isEmpty()) {
      extra = null;
    }
  }

  private Extra extra() {
    if (extra == null) {
      extra = new Extra();
    }
    return extra;
  }

  private Parts parts(KeyType type) {
    Extra extra = extra();
    if (type == KeyType.HASH) {
      extra.hash = extra.hash == null ? new Parts(type) : extra.hash;
      return extra.hash;
    }
    extra.set = extra.set == null ? new Parts(type) : extra.set;
    return extra.set;
  }

  /** The clear mark's version, or null. */
  Version mark() {
    return extra == null ? null : extra.mark;
  }

  private long markTime() {
    return extra == null || extra.mark == null ? -1 : extra.mark.time();
  }

  /** The string's bytes, or null; whether they show is another question. */
  byte[] string() {
    return string;
  }

  Version stringVersion() {
    return new Version(stringTime, stringOrigin);
  }

  /** All contributions, those that do not count too. */
  Element[] counts() {
    return extra == null ? NO_COUNTS : extra.counts;
  }

  /** The fields, or null. */
  Parts hash() {
    return extra == null ? null : extra.hash;
  }

  /** The members, or null. */
  Parts set() {
    return extra == null ? null : extra.set;
  }

  /** Whether this is nothing but a string, which then shows at any time. */
  boolean isPlainString() {
    return extra == null && string != null;
  }

  private Version expiryVersion() {
    return neverAtString ? stringVersion() : extra == null ? null : extra.expiryVersion;
  }

  /** When the key expires, in ms; {@link Element#NEVER} where it does not. */
  long expiryAt() {
    return extra == null || extra.expiryVersion == null ? Element.NEVER : extra.expiryAt;
  }

  /** The time of the clear that a passed expiry stands for; 0 where none has passed. */
  long passedExpiry(long now) {
    if (extra == null || extra.expiryVersion == null) {
      return 0;
    }
    long at = extra.expiryAt;
    if (at == Element.NEVER || now < at) {
      return 0;
    }
    long last = at > MILLIS_MAX ? Long.MAX_VALUE : HybridClock.lastOfMillis(at);
    return Math.max(last, extra.expiryVersion.time());
  }

  /**
   * The newest time of all that this key has seen. What was dropped was never newer than what made
   * it dead, and that is kept.
   */
  long newestTime(long now) {
    long newest = string == null ? 0 : stringTime;
    if (extra == null) {
      return newest;
    }
    newest = Math.max(newest, Math.max(markTime(), passedExpiry(now)));
    newest = Math.max(newest, extra.expiryVersion == null ? 0 : extra.expiryVersion.time());
    newest = Math.max(newest, extra.stringType == null ? 0 : extra.stringType.time());
    newest = Math.max(newest, extra.hash == null ? 0 : extra.hash.newestTime());
    newest = Math.max(newest, extra.set == null ? 0 : extra.set.newestTime());
    for (Element count : extra.counts) {
      newest = Math.max(newest, count.version().time());
    }
    return newest;
  }

  /** Removed fields and members, and one more for a clear mark or, without one, for a gone key. */
  long tombstones(boolean lives) {
    if (extra == null) {
      return lives ? 0 : 1;
    }
    long removed = (extra.hash == null ? 0 : extra.hash.removed());
    removed += extra.set == null ? 0 : extra.set.removed();
    return removed + (extra.mark != null || !lives ? 1 : 0);
  }

  /** Visits all that is kept, in the order of kind codes and parts. */
  void forEachElement(Consumer<Element> visitor) {
    Key key = Key.of(bytes);
    if (mark() != null) {
      visitor.accept(Element.clear(key, mark()));
    }
    if (expiryVersion() != null) {
      visitor.accept(Element.expiry(key, expiryVersion(), expiryAt()));
    }
    if (extra != null && extra.stringType != null) {
      visitor.accept(Element.type(key, extra.stringType, KeyType.STRING));
    }
    if (hash() != null) {
      hash().visitType(key, visitor);
    }
    if (set() != null) {
      set().visitType(key, visitor);
    }
    if (string != null) {
      visitor.accept(Element.string(key, stringVersion(), string));
    }
    Arrays.stream(counts()).sorted(Element::comparePlace).forEach(visitor);
    if (hash() != null) {
      hash().visitSorted(key, visitor);
    }
    if (set() != null) {
      set().visitSorted(key, visitor);
    }
  }
}
