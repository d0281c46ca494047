package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import io.kindred.storage.memory.SortedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * One key's fields, members or items, removed ones included, and the newest version of that type
 * that the key has seen: rows sorted by name, a {@link PartRow} each. What was counted on a part
 * lies in the part's own row.
 *
 * <p>Of a key that is large enough to stay here, the parts' digests are summed, so that a clear
 * mark that ends all of them, as a DEL by the only writer does, costs the same for three fields as
 * for three million.
 */
final class Parts {

  /** Takes a live part. */
  @FunctionalInterface
  interface LivePart {
    void accept(byte[] name, PartRow row);
  }

  /** From this share of the rows on, to walk through all costs less than to find each. */
  private static final int WALK_SHARE = 16;

  private final KeyType type;
  private final Kind kind;
  private final Kind countKind;
  private final Origins origins;
  private final PartRow row;
  private Version high;
  private Version clear;
  private SortedRows rows;
  private ScoreOrder order;
  private int tombstones;
  private int counted;
  // Bounds of the times of what the rows hold, not always sharp: they save walks.
  private long newest;
  private long oldest;
  private long oldestRemoved;
  // Sums over the rows, once somebody needs them.
  private boolean summed;
  private long digest;
  private long bytes;
  // What a passed expiry leaves to be seen, once somebody looked, until something changes.
  private Version shownFrom;
  private Parts shown;

  /**
   * Nothing yet.
   *
   * @param clear the key's clear mark, or NONE
   */
  Parts(KeyType type, Origins origins, Version clear) {
    this.type = type;
    this.origins = origins;
    this.clear = clear;
    this.row = new PartRow(type, origins);
    this.kind = Kind.ofPart(type);
    this.countKind = Kind.ofCount(type);
    forgetRows();
  }

  /** Those that {@link #pack} wrote. */
  static Parts unpack(
      KeyType type, Origins origins, Version clear, Version high, byte[] from, int at, int length) {
    Parts parts = new Parts(type, origins, clear);
    parts.high = high;
    parts.rows = SortedRows.unpack(from, at, length);
    parts.summed = false;
    parts.takeStock();
    return parts;
  }

  private void takeStock() {
    newest = -1;
    oldest = Long.MAX_VALUE;
    oldestRemoved = Long.MAX_VALUE;
    tombstones = 0;
    counted = 0;
    for (boolean is = rows.first(); is; is = rows.next()) {
      if (PartRow.isRemoved(rows)) {
        tombstones++;
        oldestRemoved = Math.min(oldestRemoved, PartRow.timeOf(rows));
      }
      if (PartRow.isPlain(rows)) {
        note(PartRow.timeOf(rows));
      } else {
        counted++;
        row.read(rows);
        noteRow();
      }
    }
  }

  private void noteRow() {
    if (row.hasBase) {
      note(row.time);
    }
    for (Contribution count : row.counts) {
      note(count.version().time());
    }
  }

  private void note(long time) {
    newest = Math.max(newest, time);
    oldest = Math.min(oldest, time);
  }

  private void forgetRows() {
    shown = null;
    rows = new SortedRows();
    order = order == null ? null : new ScoreOrder();
    tombstones = 0;
    counted = 0;
    digest = 0;
    bytes = 0;
    summed = true;
    newest = -1;
    oldest = Long.MAX_VALUE;
    oldestRemoved = Long.MAX_VALUE;
  }

  KeyType type() {
    return type;
  }

  /** The newest add that the key has seen, or null where its clear mark ended that too. */
  Version high() {
    return high;
  }

  int removed() {
    return tombstones;
  }

  boolean isEmpty() {
    return high == null && rows.size() == 0;
  }

  /** No time seen here is above this. */
  long newestTime() {
    return Math.max(newest, high == null ? -1 : high.time());
  }

  /** Bytes that {@link #pack} takes. */
  long packedBytes() {
    return rows.contentBytes();
  }

  int rowCount() {
    return (int) rows.size();
  }

  void pack(byte[] into, int at) {
    rows.pack(into, at);
  }

  long heapBytes() {
    long sum = 128 + rows.heapBytes() + (order == null ? 0 : order.heapBytes());
    return sum + (shown == null ? 0 : shown.heapBytes());
  }

  /** From now on this stays: sums and orders are kept up to date instead of being worked out. */
  void settle(Change change) {
    sum(change);
    if (type == KeyType.ZSET) {
      order();
    }
  }

  /**
   * Whether an element of {@code other} of that time is dead because of this type's newest. Origins
   * take no part: in one place a removal beats an add of its time whatever their origins, so with
   * them a removal could be dead and the add that it beats alive, and the order of arrival would
   * matter.
   */
  boolean outlives(long time, KeyType other) {
    return high != null && isLater(high.time(), type, time, other);
  }

  /** Notes that the key has seen an add of this type. */
  MergeOutcome raise(Version version, Change change) {
    if (high != null && version.compareTo(high) <= 0) {
      return version.equals(high) ? MergeOutcome.KNOWN : MergeOutcome.SUPERSEDED;
    }
    MergeOutcome outcome = high == null ? MergeOutcome.ADDED : MergeOutcome.REPLACED;
    if (high != null) {
      change.addDigest(-change.hashOfType(type, high));
    }
    change.addDigest(change.hashOfType(type, version));
    high = version;
    shown = null;
    return outcome;
  }

  /** Merges an element that nothing but its own place can deny. */
  MergeOutcome put(Element e, Change change) {
    return e.kind() == countKind ? putCount(e, change) : putBase(e, change);
  }

  private MergeOutcome putBase(Element e, Change change) {
    byte[] name = e.part();
    find(name);
    MergeOutcome outcome = MergeOutcome.ADDED;
    boolean removedBefore = row.hasBase && row.removed;
    if (row.hasBase) {
      int strength = compareStrength(e);
      if (strength <= 0) {
        return strength == 0 ? MergeOutcome.KNOWN : MergeOutcome.SUPERSEDED;
      }
      outcome = MergeOutcome.REPLACED;
      add(-baseHash(change, name), -(name.length + (long) row.valueLengthOfBase()), change);
    }
    double before = orderedScore(clear);
    row.setBase(e);
    add(baseHash(change, name), name.length + (long) row.valueLengthOfBase(), change);
    // What was counted before counts no more, whatever it was counted against.
    dropCountsOfRow(name, count -> count.version().time() <= row.time, change);
    tombstones += (row.removed ? 1 : 0) - (removedBefore ? 1 : 0);
    oldestRemoved = row.removed ? Math.min(oldestRemoved, row.time) : oldestRemoved;
    write(name, before);
    return outcome;
  }

  private MergeOutcome putCount(Element e, Change change) {
    byte[] name = Arrays.copyOf(e.part(), e.part().length - Long.BYTES);
    Contribution contribution =
        new Contribution(e.version(), e.base(), e.number(), e.value() != null);
    find(name);
    if (row.hasBase && contribution.version().time() <= row.time) {
      return MergeOutcome.SUPERSEDED;
    }
    int index = row.indexOf(contribution.origin());
    MergeOutcome outcome = MergeOutcome.ADDED;
    if (index >= 0) {
      int strength = contribution.compareStrength(row.counts[index]);
      if (strength <= 0) {
        return strength == 0 ? MergeOutcome.KNOWN : MergeOutcome.SUPERSEDED;
      }
      outcome = MergeOutcome.REPLACED;
      add(-countHash(change, name, row.counts[index]), -e.part().length, change);
    }
    counted += row.counts.length == 0 ? 1 : 0;
    double before = orderedScore(clear);
    row.setCount(index, contribution);
    add(countHash(change, name, contribution), e.part().length, change);
    write(name, before);
    return outcome;
  }

  /** The row of that name taken out, an empty one where there is none. */
  private boolean find(byte[] name) {
    boolean found = rows.seek(name);
    if (found) {
      row.read(rows);
    } else {
      row.clear();
    }
    return found;
  }

  private double orderedScore(Version under) {
    return order != null && row.lives(under) ? row.score(under) : Double.NaN;
  }

  private void write(byte[] name, double scoreBefore) {
    noteRow();
    shown = null;
    int length = row.write(clear);
    rows.put(name, row.written(), length);
    if (order != null) {
      order.move(name, scoreBefore, orderedScore(clear));
    }
  }

  private void add(long hash, long size, Change change) {
    if (summed) {
      digest += hash;
      bytes += size;
    }
    change.addDigest(hash);
    change.addBytes(size);
  }

  private long baseHash(Change change, byte[] name) {
    return change.hashOfPart(kind, name, 0, name.length, row);
  }

  private long countHash(Change change, byte[] name, Contribution count) {
    return change.hashOfCount(countKind, count.part(name), count);
  }

  private void sum(Change change) {
    if (summed) {
      return;
    }
    digest = 0;
    bytes = 0;
    for (boolean is = rows.first(); is; is = rows.next()) {
      row.read(rows);
      if (row.hasBase) {
        digest += change.hashOfPart(kind, rows.bytes(), rows.keyAt(), rows.keyLength(), row);
        bytes += rows.keyLength() + (long) row.valueLengthOfBase();
      }
      for (Contribution count : row.counts) {
        digest += countHash(change, rows.key(), count);
        bytes += rows.keyLength() + (long) Long.BYTES;
      }
    }
    summed = true;
  }

  /** The sum over the digests of all that is kept, that of the type's newest version included. */
  long digest(Change change) {
    sum(change);
    return digest + (high == null ? 0 : change.hashOfType(type, high));
  }

  /** Drops what a clear mark ends, the newest version of the type included. */
  void clearUpTo(Version mark, Change change) {
    shown = null;
    if (high != null && high.time() <= mark.time()) {
      change.addDigest(-change.hashOfType(type, high));
      high = null;
    }
    if (newest <= mark.time()) {
      dropAll(change);
    } else if (oldest <= mark.time() || counted > 0) {
      drop(time -> time <= mark.time(), mark, change);
    }
    clear = mark;
  }

  /** Drops what is dead because of another type's newest time. */
  void yieldTo(long time, KeyType other, Change change) {
    if (newest < time) {
      dropAll(change);
    } else if (oldest <= time) {
      drop(own -> isLater(time, other, own, type), clear, change);
    }
  }

  private void dropAll(Change change) {
    if (rows.size() > 0) {
      sum(change);
      change.addDigest(-digest);
      change.addBytes(-bytes);
      forgetRows();
    }
  }

  /**
   * The walk for a clear that spares some; only a race makes one. What stays goes over into new
   * rows, one behind the other; what was counted on it is weighed against {@code mark}.
   */
  private void drop(LongPredicate dead, Version mark, Change change) {
    shown = null;
    SortedRows kept = new SortedRows();
    for (boolean is = rows.first(); is; is = rows.next()) {
      if (PartRow.isPlain(rows) && !dead.test(PartRow.timeOf(rows))) {
        kept.append(rows);
        continue;
      }
      row.read(rows);
      byte[] name = rows.key();
      double before = orderedScore(clear);
      dropOfRow(name, dead, change);
      if (!row.isEmpty()) {
        int length = row.write(mark);
        kept.append(name, row.written(), length);
      }
      if (order != null) {
        order.move(name, before, orderedScore(mark));
      }
    }
    rows = kept;
    takeStock();
  }

  private void dropOfRow(byte[] name, LongPredicate dead, Change change) {
    if (row.hasBase && dead.test(row.time)) {
      add(-baseHash(change, name), -(name.length + (long) row.valueLengthOfBase()), change);
      row.dropBase();
    }
    dropCountsOfRow(name, count -> dead.test(count.version().time()), change);
  }

  /** Whether there were any. */
  private boolean dropCountsOfRow(byte[] name, Predicate<Contribution> dead, Change change) {
    int before = row.counts.length;
    if (before == 0) {
      return false;
    }
    for (Contribution count : row.counts) {
      if (dead.test(count)) {
        add(-countHash(change, name, count), -(name.length + (long) Long.BYTES), change);
      }
    }
    row.counts = Arrays.stream(row.counts).filter(dead.negate()).toArray(Contribution[]::new);
    counted -= row.counts.length == 0 ? 1 : 0;
    return row.counts.length < before;
  }

  /**
   * Drops removals that are no newer than a time, and with each what it had made worthless of what
   * was counted on it.
   *
   * @param from the name to begin at
   * @param rowsMax how many rows to look at
   * @param ended takes a removal once more that such contributions go with
   * @return the name to go on from, or null at the end
   */
  byte[] purge(
      Key key, long upTo, byte[] from, int rowsMax, Change change, Consumer<Element> ended) {
    shown = null;
    long oldestLeft = from.length == 0 ? Long.MAX_VALUE : oldestRemoved;
    int looked = 0;
    rows.seek(from);
    boolean is = rows.settle();
    while (is && looked < rowsMax) {
      looked++;
      if (!PartRow.isRemoved(rows)) {
        is = rows.next();
        continue;
      }
      row.read(rows);
      if (row.time > upTo) {
        oldestLeft = Math.min(oldestLeft, row.time);
        is = rows.next();
        continue;
      }
      byte[] name = rows.key();
      purgeRow(key, name, change, ended);
      rows.seek(name);
      is = rows.settle();
      if (is && Arrays.equals(rows.key(), name)) {
        is = rows.next();
      }
    }
    oldestRemoved = oldestLeft;
    return is ? rows.key() : null;
  }

  private void purgeRow(Key key, byte[] name, Change change, Consumer<Element> ended) {
    Version removal = row.baseVersion();
    boolean dropped = dropCountsOfRow(name, count -> count.base().compareTo(removal) < 0, change);
    if (dropped) {
      ended.accept(new Element(key, kind, name, removal, null, 0, Version.NONE));
    }
    add(-baseHash(change, name), -(long) name.length, change);
    tombstones--;
    row.dropBase();
    writeOrRemove(name);
  }

  /** Drops what was counted on parts before a mark that is about to go, and not against it. */
  boolean dropCountsBefore(Version mark, Change change) {
    List<byte[]> names = new ArrayList<>();
    for (boolean is = counted > 0 && rows.first(); is; is = rows.next()) {
      if (!PartRow.isPlain(rows)) {
        names.add(rows.key());
      }
    }
    boolean dropped = false;
    for (byte[] name : names) {
      find(name);
      boolean some =
          !row.hasBase && dropCountsOfRow(name, count -> count.base().compareTo(mark) < 0, change);
      if (some) {
        dropped = true;
        writeOrRemove(name);
      }
    }
    return dropped;
  }

  private void writeOrRemove(byte[] name) {
    if (row.isEmpty()) {
      rows.remove(name);
    } else {
      int length = row.write(clear);
      rows.put(name, row.written(), length);
    }
  }

  /** The key's mark is gone, and what it ended with it. */
  void forgetMark() {
    shown = null;
    clear = Version.NONE;
  }

  /** No removal here is older. */
  long oldestRemoved() {
    return tombstones == 0 ? Long.MAX_VALUE : oldestRemoved;
  }

  private static boolean isLater(long time, KeyType type, long otherTime, KeyType otherType) {
    return time > otherTime || (time == otherTime && type.code() > otherType.code());
  }

  /**
   * These parts as they show when a passed expiry hides all up to its time: themselves, as long as
   * it does not part them, or null where nothing shows. A copy is made once for all that read it,
   * and counts in {@link #heapBytes} until the next change.
   */
  Parts visible(Version passed) {
    if (newest <= passed.time()) {
      return null;
    }
    if (oldest > passed.time() && counted == 0) {
      return this;
    }
    if (shown == null || !passed.equals(shownFrom)) {
      Parts parted = parted(passed);
      if (counted == 0 && parted.rows.size() == rows.size()) {
        // The bound was not sharp.
        oldest = parted.oldest;
        return this;
      }
      shown = parted;
      shownFrom = passed;
    }
    return shown;
  }

  private Parts parted(Version passed) {
    Parts copy = new Parts(type, origins, clear);
    copy.high = high;
    // Only read, and replaced by what stays of them.
    copy.rows = rows;
    copy.counted = counted;
    copy.newest = newest;
    copy.oldest = oldest;
    // Nobody asks a copy for its sums.
    copy.summed = false;
    copy.clearUpTo(passed, new Change(0, false));
    return copy;
  }

  /** Whether an increment of a part knew no mark of the key. */
  boolean countsAgainstNothing() {
    for (boolean is = counted > 0 && rows.first(); is; is = rows.next()) {
      if (!PartRow.isPlain(rows)) {
        row.read(rows);
        for (Contribution count : row.counts) {
          if (count.base().equals(Version.NONE)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** How many show. */
  long liveCount() {
    return rows.counted();
  }

  /** Puts a live part's row into {@link #row}; false where there is none of that name. */
  boolean findLive(byte[] name) {
    return rows.seek(name) && rows.counts() && find(name);
  }

  /** The part that was found last. */
  PartRow row() {
    return row;
  }

  /** The part of that name, live or not; an empty one where nothing is known of it. */
  PartRow any(byte[] name) {
    find(name);
    return row;
  }

  /** The value of a live part, or null; a copy. */
  byte[] value(byte[] name) {
    return findLive(name) ? row.value(clear) : null;
  }

  byte[] valueOfRow() {
    return row.value(clear);
  }

  double scoreOfRow() {
    return row.score(clear);
  }

  Version clear() {
    return clear;
  }

  /** Visits what shows, sorted by name. */
  void forEachLive(LivePart visitor) {
    for (boolean is = rows.first(); is; is = rows.next()) {
      if (rows.counts()) {
        row.read(rows);
        visitor.accept(rows.key(), row);
      }
    }
  }

  /** Visits live parts by their number, sorted by name, upwards or downwards. */
  void forEachLive(long from, long count, boolean reverse, LivePart visitor) {
    long first = reverse ? rows.counted() - 1 - from : from;
    long left = Math.min(count, rows.counted() - from);
    boolean is = left > 0 && rows.seekCounted(first);
    while (is && left > 0) {
      if (rows.counts()) {
        row.read(rows);
        visitor.accept(rows.key(), row);
        left--;
      }
      is = left > 0 && (reverse ? rows.previous() : rows.next());
    }
  }

  /** Visits the names of live parts by their numbers, in the order that these are given in. */
  void forEachName(long[] numbers, Consumer<byte[]> visitor) {
    if (numbers.length > rows.counted() / WALK_SHARE) {
      List<byte[]> names = new ArrayList<>((int) rows.counted());
      forEachLive((name, live) -> names.add(name));
      for (long number : numbers) {
        visitor.accept(names.get((int) number));
      }
      return;
    }
    for (long number : numbers) {
      if (rows.seekCounted(number)) {
        visitor.accept(rows.key());
      }
    }
  }

  /** A sorted set's live members by score. */
  ScoreOrder order() {
    if (order == null) {
      List<byte[]> places = new ArrayList<>();
      forEachLive((name, live) -> places.add(ScoreOrder.place(live.score(clear), name)));
      order = ScoreOrder.of(places);
    }
    return order;
  }

  /** Visits the newest version of the type, as an element. */
  void visitType(Key key, Consumer<Element> visitor) {
    if (high != null) {
      visitor.accept(Element.type(key, high, type));
    }
  }

  /**
   * Visits all parts as elements, sorted by name, the removed ones too.
   *
   * @param from the name to begin at; empty for all
   * @return the name to go on from, or null where all were visited
   */
  byte[] visitBases(Key key, byte[] from, ElementSlice slice) {
    rows.seek(from);
    for (boolean is = rows.settle(); is; is = rows.next()) {
      if (slice.isFull()) {
        return rows.key();
      }
      row.read(rows);
      if (row.hasBase) {
        slice.add(
            new Element(
                key,
                kind,
                rows.key(),
                row.baseVersion(),
                row.elementValue(),
                row.elementNumber(),
                Version.NONE));
      } else {
        slice.pass();
      }
    }
    return null;
  }

  /** The same for what was counted on them; see {@link CountListing}. */
  byte[] visitCounts(Key key, byte[] from, ElementSlice slice) {
    return counted == 0 ? null : new CountListing(key, countKind, rows, row, from).read(slice);
  }

  /** The order of {@link Element#compareStrength} between an element and the base taken apart. */
  private int compareStrength(Element e) {
    if (e.version().time() != row.time) {
      return Long.compare(e.version().time(), row.time);
    }
    if (e.isTombstone() != row.removed) {
      return e.isTombstone() ? 1 : -1;
    }
    if (e.version().origin() != row.origin) {
      return Long.compare(e.version().origin(), row.origin);
    }
    if (row.removed) {
      return 0;
    }
    if (type == KeyType.ZSET) {
      return Long.compare(e.number(), row.score);
    }
    return Arrays.compareUnsigned(
        e.value(),
        0,
        e.value().length,
        row.source,
        row.valueAt,
        row.valueAt + row.valueLengthOfBase());
  }
}
