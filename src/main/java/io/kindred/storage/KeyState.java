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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All elements of one key taken apart, and the rules of merge between them; see the package's
 * story. What of it a reader sees at a moment is {@link KeyView}'s; how it lies in memory is {@link
 * KeyBlocks}'.
 */
final class KeyState {

  private static final Contribution[] NO_COUNTS = {};
  private static final Parts[] NO_PARTS = {};
  private static final KeyType[] COLLECTIONS = {
    KeyType.HASH, KeyType.SET, KeyType.ZSET, KeyType.LIST
  };
  // Kinds of which a key may have very many, as their codes go.
  private static final Kind[] MANY = {
    Kind.FIELD, Kind.MEMBER, Kind.SCORE, Kind.FIELD_COUNT, Kind.SCORE_COUNT, Kind.ITEM
  };
  private static final byte[] NOTHING = {};
  // Later than any time of a hybrid clock.
  private static final long MILLIS_MAX = HybridClock.millisOf(Long.MAX_VALUE);

  private final byte[] key;
  private final Origins origins;
  // Package-private for KeyBlocks, which writes them down and reads them back.
  Version mark;
  Version expiryVersion;
  long expiryAt = Element.NEVER;
  Version stringType;
  Version stringVersion;
  byte[] string;
  Contribution[] counts = NO_COUNTS;
  // Of those types alone that the key has seen; most have one.
  private Parts[] parts = NO_PARTS;
  private long heapTold;

  KeyState(byte[] key, Origins origins) {
    this.key = key;
    this.origins = origins;
  }

  byte[] key() {
    return key;
  }

  /** Merges one element of this key. */
  MergeOutcome merge(Element e, Change change) {
    if (e.kind() == Kind.CLEAR) {
      return mergeClear(e.version(), change);
    }
    if (mark != null && e.version().time() <= mark.time()) {
      return SUPERSEDED;
    }
    return switch (e.kind()) {
      case CLEAR -> throw new IllegalStateException("handled above");
      case EXPIRY -> mergeExpiry(e, change);
      case TYPE -> mergeType(e, change);
      case STRING -> mergeString(e, change);
      case COUNT -> mergeCount(e, change);
      case FIELD, MEMBER, SCORE, ITEM, FIELD_COUNT, SCORE_COUNT -> mergePart(e, change);
    };
  }

  private MergeOutcome mergeClear(Version version, Change change) {
    if (mark != null) {
      int order = version.compareTo(mark);
      if (order <= 0) {
        return order == 0 ? KNOWN : SUPERSEDED;
      }
      change.addDigest(-change.hashOf(Kind.CLEAR, mark.time(), mark.origin(), 0));
    }
    change.addDigest(change.hashOf(Kind.CLEAR, version.time(), version.origin(), 0));
    boolean had = mark != null;
    mark = version;
    dropUpTo(version, change);
    return had ? REPLACED : ADDED;
  }

  private void dropUpTo(Version clear, Change change) {
    long time = clear.time();
    if (expiryVersion != null && expiryVersion.time() <= time) {
      setExpiry(null, Element.NEVER, change);
    }
    if (string != null && stringVersion.time() <= time) {
      setString(null, null, change);
    }
    if (stringType != null && stringType.time() <= time) {
      change.addDigest(-change.hashOfType(KeyType.STRING, stringType));
      stringType = null;
    }
    dropCounts(count -> count.version().time() <= time, change);
    for (Parts each : parts) {
      each.clearUpTo(clear, change);
    }
    forgetEmptyParts();
  }

  /** Whether there were any. */
  private boolean dropCounts(Predicate<Contribution> dead, Change change) {
    int kept = 0;
    for (Contribution count : counts) {
      if (dead.test(count)) {
        change.addDigest(-hashOf(count, change));
        change.addBytes(-Long.BYTES);
      } else {
        kept++;
      }
    }
    if (kept == counts.length) {
      return false;
    }
    counts = Arrays.stream(counts).filter(dead.negate()).toArray(Contribution[]::new);
    return true;
  }

  /** Drops the mark where it is no newer than that, and with it what it had made worthless. */
  void purgeMark(Key whole, long upTo, Change change, Consumer<Element> ended) {
    if (mark == null || mark.time() > upTo) {
      return;
    }
    Version gone = mark;
    boolean dropped =
        dropCounts(
            count -> count.base().time() <= gone.time() && !count.base().equals(gone), change);
    for (Parts each : parts) {
      dropped |= each.dropCountsBefore(gone, change);
    }
    if (dropped) {
      ended.accept(Element.clear(whole, gone));
    }
    change.addDigest(-change.hashOf(Kind.CLEAR, gone.time(), gone.origin(), 0));
    mark = null;
    for (Parts each : parts) {
      each.forgetMark();
    }
  }

  /** Drops removed parts that are no newer than that; goes on where it is told to. */
  ElementCursor purgeParts(
      Key whole,
      long upTo,
      ElementCursor from,
      int rowsMax,
      Change change,
      Consumer<Element> ended) {
    for (Parts each : parts) {
      boolean isBehind = from != null && Kind.ofPart(each.type()).code() != from.kind();
      if (!isBehind && each.removed() > 0) {
        byte[] name = from == null ? NOTHING : from.part();
        byte[] next = each.purge(whole, upTo, name, rowsMax, change, ended);
        if (next != null) {
          return new ElementCursor(whole, Kind.ofPart(each.type()).code(), next);
        }
      }
    }
    forgetEmptyParts();
    return null;
  }

  /** The oldest time of what a purge would take; {@link Long#MAX_VALUE} where there is nothing. */
  long oldestTombstone() {
    long oldest = mark == null ? Long.MAX_VALUE : mark.time();
    for (Parts each : parts) {
      oldest = Math.min(oldest, each.oldestRemoved());
    }
    return oldest;
  }

  private MergeOutcome mergeExpiry(Element e, Change change) {
    boolean had = expiryVersion != null;
    if (had) {
      int order = e.version().compareTo(expiryVersion);
      order = order != 0 ? order : Long.compare(e.number(), expiryAt);
      if (order <= 0) {
        return order == 0 ? KNOWN : SUPERSEDED;
      }
    }
    setExpiry(e.version(), e.number(), change);
    return had ? REPLACED : ADDED;
  }

  private MergeOutcome mergeType(Element e, Change change) {
    KeyType type = KeyType.of(e.part()[0]);
    if (type != KeyType.STRING) {
      return raise(type, e.version(), change);
    }
    boolean had = stringType != null;
    if (had) {
      int order = e.version().compareTo(stringType);
      if (order <= 0) {
        return order == 0 ? KNOWN : SUPERSEDED;
      }
      change.addDigest(-change.hashOfType(KeyType.STRING, stringType));
    }
    change.addDigest(change.hashOfType(KeyType.STRING, e.version()));
    stringType = e.version();
    partsYieldTo(e.version(), KeyType.STRING, change);
    return had ? REPLACED : ADDED;
  }

  private MergeOutcome mergeString(Element e, Change change) {
    boolean had = string != null;
    if (had) {
      int order = e.version().compareTo(stringVersion);
      order = order != 0 ? order : Arrays.compareUnsigned(e.value(), string);
      if (order <= 0) {
        return order == 0 ? KNOWN : SUPERSEDED;
      }
    }
    setString(e.version(), e.value(), change);
    // What was counted before counts no more, whatever it was counted against.
    dropCounts(count -> count.version().time() <= e.version().time(), change);
    partsYieldTo(e.version(), KeyType.STRING, change);
    return had ? REPLACED : ADDED;
  }

  private MergeOutcome mergeCount(Element e, Change change) {
    if (string != null && e.version().time() <= stringVersion.time()) {
      return SUPERSEDED;
    }
    Contribution count = new Contribution(e.version(), e.base(), e.number(), false);
    int i = 0;
    while (i < counts.length && counts[i].origin() != count.origin()) {
      i++;
    }
    boolean had = i < counts.length;
    if (had) {
      int order = count.compareStrength(counts[i]);
      if (order <= 0) {
        return order == 0 ? KNOWN : SUPERSEDED;
      }
      change.addDigest(-hashOf(counts[i], change));
    } else {
      counts = Arrays.copyOf(counts, i + 1);
      change.addBytes(Long.BYTES);
    }
    counts[i] = count;
    change.addDigest(hashOf(count, change));
    partsYieldTo(e.version(), KeyType.STRING, change);
    return had ? REPLACED : ADDED;
  }

  private static long hashOf(Contribution count, Change change) {
    return change.hashOfCount(Kind.COUNT, Element.originPart(count.origin()), count);
  }

  private MergeOutcome mergePart(Element e, Change change) {
    KeyType type = e.kind().type();
    MergeOutcome raised = e.adds() ? raise(type, e.version(), change) : SUPERSEDED;
    MergeOutcome outcome = SUPERSEDED;
    if (!isOutlived(e.version().time(), type)) {
      outcome = ownParts(type).put(e, change);
    }
    // An add that is dead on arrival may still be the newest of its type: then the key changed.
    return outcome == SUPERSEDED && raised.changed() ? raised : outcome;
  }

  private MergeOutcome raise(KeyType type, Version version, Change change) {
    MergeOutcome outcome = ownParts(type).raise(version, change);
    if (outcome.changed()) {
      partsYieldTo(version, type, change);
    }
    return outcome;
  }

  /** Parts below another type's newest go; strings only hide, see {@link KeyView}. */
  private void partsYieldTo(Version version, KeyType type, Change change) {
    for (Parts each : parts) {
      if (each.type() != type) {
        each.yieldTo(version.time(), type, change);
      }
    }
  }

  private boolean isOutlived(long time, KeyType type) {
    // A string's code is the lowest, so at one time a collection outlives a string.
    if (newestStringTime() > time) {
      return true;
    }
    for (Parts each : parts) {
      if (each.type() != type && each.outlives(time, type)) {
        return true;
      }
    }
    return false;
  }

  private long newestStringTime() {
    long newest = string == null ? -1 : stringVersion.time();
    newest = Math.max(newest, stringType == null ? -1 : stringType.time());
    for (Contribution count : counts) {
      newest = Math.max(newest, count.version().time());
    }
    return newest;
  }

  private void setString(Version version, byte[] value, Change change) {
    if (string != null) {
      change.addDigest(-hashOfString(change));
      change.addBytes(-(long) string.length);
    }
    string = value;
    stringVersion = version;
    if (value != null) {
      change.addDigest(hashOfString(change));
      change.addBytes(value.length);
    }
  }

  private long hashOfString(Change change) {
    return change.hashOfString(
        stringVersion.time(), stringVersion.origin(), string, 0, string.length);
  }

  private void setExpiry(Version version, long at, Change change) {
    if (expiryVersion != null) {
      change.addDigest(-hashOfExpiry(change));
    }
    expiryVersion = version;
    expiryAt = at;
    if (version != null) {
      change.addDigest(hashOfExpiry(change));
    }
  }

  private long hashOfExpiry(Change change) {
    return change.hashOf(Kind.EXPIRY, expiryVersion.time(), expiryVersion.origin(), expiryAt);
  }

  /** The sum over the digests of all that is kept. */
  long digest(Change change) {
    long sum = mark == null ? 0 : change.hashOf(Kind.CLEAR, mark.time(), mark.origin(), 0);
    sum += stringType == null ? 0 : change.hashOfType(KeyType.STRING, stringType);
    sum += string == null ? 0 : hashOfString(change);
    sum += expiryVersion == null ? 0 : hashOfExpiry(change);
    for (Contribution count : counts) {
      sum += hashOf(count, change);
    }
    for (Parts each : parts) {
      sum += each.digest(change);
    }
    return sum;
  }

  private Parts ownParts(KeyType type) {
    Parts own = parts(type);
    if (own == null) {
      own = new Parts(type, origins, clear());
      addParts(own);
    }
    return own;
  }

  void addParts(Parts more) {
    parts = Arrays.copyOf(parts, parts.length + 1);
    parts[parts.length - 1] = more;
  }

  private void forgetEmptyParts() {
    for (Parts each : parts) {
      if (each.isEmpty()) {
        parts = Arrays.stream(parts).filter(any -> !any.isEmpty()).toArray(Parts[]::new);
        return;
      }
    }
  }

  /** Of a type that this key has seen something of, or null. */
  Parts parts(KeyType type) {
    for (Parts each : parts) {
      if (each.type() == type) {
        return each;
      }
    }
    return null;
  }

  Parts[] allParts() {
    return parts;
  }

  /** Whether there is a mark, and an increment that counts as if there were none. */
  boolean countsAgainstNothing() {
    if (mark == null) {
      return false;
    }
    for (Contribution count : counts) {
      if (count.base().equals(Version.NONE)) {
        return true;
      }
    }
    for (Parts each : parts) {
      if (each.countsAgainstNothing()) {
        return true;
      }
    }
    return false;
  }

  /** Whether nothing is kept of the key. */
  boolean isEmpty() {
    return mark == null
        && expiryVersion == null
        && stringType == null
        && string == null
        && counts.length == 0
        && parts.length == 0;
  }

  /** The clear mark's version, or NONE. */
  Version clear() {
    return mark == null ? Version.NONE : mark;
  }

  /** Whether this is nothing but a string, which then shows until it expires. */
  boolean isPlainString() {
    return string != null
        && mark == null
        && stringType == null
        && counts.length == 0
        && parts.length == 0;
  }

  /** From now on this stays as it is, instead of being written down after each merge. */
  void settle(Change change) {
    for (Parts each : parts) {
      each.settle(change);
    }
  }

  /** What Java spends on it in bytes, nearly. */
  long heapBytes() {
    long sum = 120L + key.length + (string == null ? 0 : 16L + string.length);
    sum += 80L * counts.length;
    for (Parts each : parts) {
      sum += each.heapBytes();
    }
    return sum;
  }

  /** All that {@link #heapGrowth} has told so far. */
  long heapTold() {
    return heapTold;
  }

  /** By how much {@link #heapBytes} has grown since this was asked last. */
  long heapGrowth() {
    long heap = heapBytes();
    long growth = heap - heapTold;
    heapTold = heap;
    return growth;
  }

  /** The time of the clear that a passed expiry stands for; 0 where none has passed. */
  long passedExpiry(long now) {
    return expiryVersion == null ? 0 : passedExpiry(expiryVersion.time(), expiryAt, now);
  }

  /** The same of an expiry's time and moment, in ms. */
  static long passedExpiry(long expiryTime, long at, long now) {
    if (at == Element.NEVER || now < at) {
      return 0;
    }
    long last = at > MILLIS_MAX ? Long.MAX_VALUE : HybridClock.lastOfMillis(at);
    return Math.max(last, expiryTime);
  }

  /**
   * The newest time of all that this key has seen. What was dropped was never newer than what made
   * it dead, and that is kept.
   */
  long newestTime(long now) {
    long newest = Math.max(clear().time(), passedExpiry(now));
    newest = Math.max(newest, string == null ? 0 : stringVersion.time());
    newest = Math.max(newest, expiryVersion == null ? 0 : expiryVersion.time());
    newest = Math.max(newest, stringType == null ? 0 : stringType.time());
    for (Parts each : parts) {
      newest = Math.max(newest, each.newestTime());
    }
    for (Contribution count : counts) {
      newest = Math.max(newest, count.version().time());
    }
    return newest;
  }

  /** Removed parts, and one more for a clear mark or, without one, for a gone key. */
  long tombstones(boolean lives) {
    long removed = mark != null || !lives ? 1 : 0;
    for (Parts each : parts) {
      removed += each.removed();
    }
    return removed;
  }

  /**
   * Visits what is kept, in the order of kind codes and parts.
   *
   * @param from where to begin
   * @return where to go on, or null where all was visited
   */
  ElementCursor visit(ElementCursor from, ElementSlice slice) {
    Key whole = from.key();
    for (Element element : few(whole)) {
      int byKind = Integer.compare(element.kind().code(), from.kind());
      if (byKind > 0 || (byKind == 0 && Arrays.compareUnsigned(element.part(), from.part()) >= 0)) {
        if (slice.isFull()) {
          return ElementCursor.at(element);
        }
        slice.add(element);
      }
    }
    for (Kind kind : MANY) {
      Parts own = parts(kind.type());
      if (own != null && kind.code() >= from.kind()) {
        byte[] part = kind.code() == from.kind() ? from.part() : NOTHING;
        byte[] behind =
            kind.isCount()
                ? own.visitCounts(whole, part, slice)
                : own.visitBases(whole, part, slice);
        if (behind != null) {
          return new ElementCursor(whole, kind.code(), behind);
        }
      }
    }
    return null;
  }

  /** What there are few of, in order. */
  private List<Element> few(Key whole) {
    List<Element> few = new ArrayList<>();
    if (mark != null) {
      few.add(Element.clear(whole, mark));
    }
    if (expiryVersion != null) {
      few.add(Element.expiry(whole, expiryVersion, expiryAt));
    }
    if (stringType != null) {
      few.add(Element.type(whole, stringType, KeyType.STRING));
    }
    for (KeyType type : COLLECTIONS) {
      if (parts(type) != null) {
        parts(type).visitType(whole, few::add);
      }
    }
    if (string != null) {
      few.add(Element.string(whole, stringVersion, string));
    }
    int others = few.size();
    for (Contribution c : counts) {
      few.add(Element.count(whole, c.version(), c.base(), c.number()));
    }
    few.subList(others, few.size()).sort(Element::comparePlace);
    return few;
  }
}
