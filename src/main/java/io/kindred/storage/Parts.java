package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Mix;
import io.kindred.entry.Version;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One key's fields or members, removed ones included, and the newest version of that type that the
 * key has seen. The parts' digests are summed here too, so that a clear mark that ends all of them,
 * as a DEL by the only writer does, costs the same for three fields as for three million.
 */
final class Parts {

  /** One field or member; a removed one has no value. */
  static final class Part extends ByteTable.Node {
    byte[] value;
    long time;
    long origin;

    Part(byte[] part, int hash) {
      super(part, hash);
    }
  }

  private static final byte[] HASH_TYPE = {(byte) KeyType.HASH.code()};
  private static final byte[] SET_TYPE = {(byte) KeyType.SET.code()};

  private final KeyType type;
  private Version high;
  private ByteTable<Part> table;
  private int live;
  private long digest;
  private long bytes;
  // Bounds of the times of what the table holds, not always sharp: they save walks.
  private long newest;
  private long oldest;

  Parts(KeyType type) {
    this.type = type;
    forgetTable();
  }

  private Kind kind() {
    return type == KeyType.HASH ? Kind.FIELD : Kind.MEMBER;
  }

  private byte[] typePart() {
    return type == KeyType.HASH ? HASH_TYPE : SET_TYPE;
  }

  private void forgetTable() {
    table = null;
    live = 0;
    digest = 0;
    bytes = 0;
    newest = -1;
    oldest = Long.MAX_VALUE;
  }

  /** The newest add that the key has seen, or null where its clear mark ended that too. */
  Version high() {
    return high;
  }

  /** How many are not removed. Those that only a passed expiry hides count. */
  int live() {
    return live;
  }

  int removed() {
    return table == null ? 0 : table.size() - live;
  }

  boolean isEmpty() {
    return high == null && table == null;
  }

  /** No time seen here is above this. */
  long newestTime() {
    return Math.max(newest, high == null ? -1 : high.time());
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
      change.addDigest(-change.hashOfType(typePart(), high));
    }
    change.addDigest(change.hashOfType(typePart(), version));
    high = version;
    return outcome;
  }

  /** Merges a field or member that nothing but its own place can deny. */
  MergeOutcome put(Element e, Change change) {
    long time = e.version().time();
    long origin = e.version().origin();
    byte[] value = e.value();
    int hash = hash(e.part());
    Part part = table == null ? null : table.find(e.part(), hash);
    MergeOutcome outcome = MergeOutcome.ADDED;
    if (part != null) {
      int strength = compareStrength(time, origin, value, part);
      if (strength <= 0) {
        return strength == 0 ? MergeOutcome.KNOWN : MergeOutcome.SUPERSEDED;
      }
      outcome = MergeOutcome.REPLACED;
      forget(part, change);
    } else {
      part = new Part(e.part(), hash);
      if (table == null) {
        table = new ByteTable<>();
      }
      table.add(part);
    }
    part.value = value;
    part.time = time;
    part.origin = origin;
    live += value == null ? 0 : 1;
    sum(change.hashOf(e), size(part), change);
    newest = Math.max(newest, time);
    oldest = Math.min(oldest, time);
    return outcome;
  }

  /** Drops what a clear mark of that time ends, the newest version of the type included. */
  void clearUpTo(long time, Change change) {
    if (high != null && high.time() <= time) {
      change.addDigest(-change.hashOfType(typePart(), high));
      high = null;
    }
    if (newest <= time) {
      dropAll(change);
    } else if (oldest <= time) {
      drop(part -> part.time <= time, change);
    }
  }

  /** Drops what is dead because of another type's newest time. */
  void yieldTo(long time, KeyType other, Change change) {
    if (newest < time) {
      dropAll(change);
    } else if (oldest <= time) {
      drop(part -> isLater(time, other, part.time, type), change);
    }
  }

  private static boolean isLater(long time, KeyType type, long otherTime, KeyType otherType) {
    return time > otherTime || (time == otherTime && type.code() > otherType.code());
  }

  /** The part of that name, removed or not, or null. */
  Part find(byte[] name) {
    return table == null ? null : table.find(name, hash(name));
  }

  /** How many are live above a time. */
  int liveAbove(long time) {
    if (live == 0 || newest <= time) {
      return 0;
    }
    if (oldest > time) {
      return live;
    }
    int[] count = {0};
    forEachLive(time, part -> count[0]++);
    return count[0];
  }

  void forEachLive(long above, Consumer<Part> visitor) {
    if (live > 0 && newest > above) {
      table.forEach(
          part -> {
            if (part.value != null && part.time > above) {
              visitor.accept(part);
            }
          });
    }
  }

  /** Visits the newest version of the type, as an element. */
  void visitType(Key key, Consumer<Element> visitor) {
    if (high != null) {
      visitor.accept(Element.type(key, high, type));
    }
  }

  /** Visits all parts as elements, sorted by name, the removed ones too. */
  void visitSorted(Key key, Consumer<Element> visitor) {
    if (table == null) {
      return;
    }
    Part[] sorted = new Part[table.size()];
    int[] next = {0};
    table.forEach(part -> sorted[next[0]++] = part);
    Arrays.sort(sorted, Comparator.comparing(part -> part.bytes, Arrays::compareUnsigned));
    for (Part part : sorted) {
      Version version = new Version(part.time, part.origin);
      visitor.accept(new Element(key, kind(), part.bytes, version, part.value, 0, Version.NONE));
    }
  }

  private void dropAll(Change change) {
    change.addDigest(-digest);
    change.addBytes(-bytes);
    forgetTable();
  }

  private void drop(Predicate<Part> dead, Change change) {
    oldest = Long.MAX_VALUE;
    table.removeIf(
        part -> {
          if (dead.test(part)) {
            forget(part, change);
            return true;
          }
          oldest = Math.min(oldest, part.time);
          return false;
        });
    if (table.size() == 0) {
      forgetTable();
    }
  }

  private void forget(Part part, Change change) {
    live -= part.value == null ? 0 : 1;
    long hash = change.hashOf(kind(), part.bytes, part.time, part.origin, part.value);
    sum(-hash, -size(part), change);
  }

  private void sum(long hash, long size, Change change) {
    digest += hash;
    bytes += size;
    change.addDigest(hash);
    change.addBytes(size);
  }

  private static long size(Part part) {
    return part.bytes.length + (part.value == null ? 0L : part.value.length);
  }

  private static int hash(byte[] name) {
    return (int) Mix.hash(name, 0);
  }

  /** The order of {@link Element#compareStrength}, for a part that is kept taken apart. */
  private static int compareStrength(long time, long origin, byte[] value, Part part) {
    if (time != part.time) {
      return Long.compare(time, part.time);
    }
    if ((value == null) != (part.value == null)) {
      return value == null ? 1 : -1;
    }
    if (origin != part.origin) {
      return Long.compare(origin, part.origin);
    }
    return value == null ? 0 : Arrays.compareUnsigned(value, part.value);
  }
}
