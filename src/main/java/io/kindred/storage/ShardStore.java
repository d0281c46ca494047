package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.StoredString;
import io.kindred.entry.Version;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One shard's elements in memory, with its digests. Single writer, no locks, no clock of its own:
 * methods that a passed expiry concerns take {@code now} in ms.
 *
 * <p>Where the keys lie is {@link KeyTable}'s. A plain string's merge goes the fast road, from
 * block to block; all else is taken apart ({@link KeyState}).
 */
public final class ShardStore {

  private final KeyTable table;
  private final KeyBlocks blocks;
  private final ElementListing listing;
  private final Digests digests;
  private final SlotExpiries expiries;
  private final Change change;
  private long keys;
  private long expiring;
  private long tombstones;
  private long bytes;
  private long knownTo;

  /**
   * @param firstSlot the shard's first slot
   * @param lastSlot its last slot, inclusive
   * @param digestKey the cluster's digest key
   */
  public ShardStore(int firstSlot, int lastSlot, long digestKey) {
    this(firstSlot, lastSlot, digestKey, true);
  }

  /**
   * A store that may do without digests, which then are all 0: to measure what they cost. Nothing
   * can be compared with it.
   */
  public ShardStore(int firstSlot, int lastSlot, long digestKey, boolean digesting) {
    this.table = new KeyTable(firstSlot, lastSlot);
    this.blocks = table.blocks();
    this.listing = new ElementListing(table);
    this.digests = new Digests(firstSlot, lastSlot);
    this.expiries = new SlotExpiries(firstSlot, lastSlot);
    this.change = new Change(digestKey, digesting);
  }

  /**
   * Merges one element and keeps the digests true. The only way anything changes here, with {@link
   * #mergeString}, which is two of these at once.
   *
   * @throws IllegalArgumentException where the key belongs to another shard
   */
  public MergeOutcome merge(Element element) {
    Key key = element.key();
    change.begin(key);
    int ref = table.find(key);
    boolean plain = table.isPlain(ref);
    MergeOutcome outcome;
    if (element.kind() == Kind.STRING && (plain || ref == 0)) {
      outcome = mergePlainString(ref, key, element.version(), element.value());
    } else if (element.kind() == Kind.EXPIRY && plain) {
      outcome = mergePlainExpiry(ref, key, element.version(), element.number());
    } else {
      outcome = mergeApart(ref, element);
    }
    settle(key);
    return outcome;
  }

  /**
   * Merges a string and an expiry of the same version, as SET writes them: the same as one after
   * the other, and quicker.
   *
   * @param expiresAt in ms, or {@link Element#NEVER}
   */
  public void mergeString(Key key, Version version, byte[] value, long expiresAt) {
    if (!mergedAtOnce(key, version, value, 0, value.length, expiresAt)) {
      merge(Element.string(key, version, value));
      merge(Element.expiry(key, version, expiresAt));
    }
  }

  /** The same of a string and an expiry that were read in one step. */
  public void merge(StoredString stored) {
    boolean merged =
        mergedAtOnce(
            stored.key(),
            stored.version(),
            stored.bytes(),
            stored.valueAt(),
            stored.valueLength(),
            stored.expiresAt());
    if (!merged) {
      merge(stored.string());
      merge(stored.expiry());
    }
    // What it was read from is large, and must not be held.
    blocks.value = null;
  }

  /** Merges both if both win and the key has nothing else; if not changes nothing, and is false. */
  private boolean mergedAtOnce(
      Key key, Version version, byte[] value, int at, int length, long expiresAt) {
    change.begin(key);
    int ref = table.find(key);
    boolean quick = ref == 0;
    if (table.isPlain(ref)) {
      blocks.load(ref);
      quick =
          compare(version, blocks.time, blocks.origin) > 0
              && (!blocks.expires || compare(version, blocks.expiryTime, blocks.expiryOrigin) > 0);
    }
    if (!quick) {
      return false;
    }
    if (ref == 0) {
      born(key);
    } else {
      change.addDigest(-hashOfString());
      change.addBytes(-blocks.valueLength);
      if (blocks.expires) {
        change.addDigest(-hashOfExpiry());
      }
    }
    setString(version, value, at, length);
    setExpiry(key, version, expiresAt);
    table.putPlain(ref, key, change);
    settle(key);
    return true;
  }

  private void born(Key key) {
    keys++;
    blocks.expires = false;
    change.addBytes(key.bytes().length);
  }

  private MergeOutcome mergePlainString(int ref, Key key, Version version, byte[] value) {
    MergeOutcome outcome = MergeOutcome.ADDED;
    if (ref == 0) {
      born(key);
    } else {
      blocks.load(ref);
      int order = compare(version, blocks.time, blocks.origin);
      int to = blocks.valueAt + blocks.valueLength;
      order =
          order != 0
              ? order
              : Arrays.compareUnsigned(value, 0, value.length, blocks.value, blocks.valueAt, to);
      if (order <= 0) {
        return order == 0 ? MergeOutcome.KNOWN : MergeOutcome.SUPERSEDED;
      }
      outcome = MergeOutcome.REPLACED;
      change.addDigest(-hashOfString());
      change.addBytes(-blocks.valueLength);
    }
    setString(version, value, 0, value.length);
    table.putPlain(ref, key, change);
    return outcome;
  }

  private MergeOutcome mergePlainExpiry(int ref, Key key, Version version, long at) {
    blocks.load(ref);
    MergeOutcome outcome = MergeOutcome.ADDED;
    if (blocks.expires) {
      int order = compare(version, blocks.expiryTime, blocks.expiryOrigin);
      order = order != 0 ? order : Long.compare(at, blocks.expiryAt);
      if (order <= 0) {
        return order == 0 ? MergeOutcome.KNOWN : MergeOutcome.SUPERSEDED;
      }
      outcome = MergeOutcome.REPLACED;
      change.addDigest(-hashOfExpiry());
    }
    setExpiry(key, version, at);
    table.putPlain(ref, key, change);
    return outcome;
  }

  private static int compare(Version version, long time, long origin) {
    return version.time() != time
        ? Long.compare(version.time(), time)
        : Long.compare(version.origin(), origin);
  }

  private void setString(Version version, byte[] value, int at, int length) {
    blocks.time = version.time();
    blocks.origin = version.origin();
    blocks.value = value;
    blocks.valueAt = at;
    blocks.valueLength = length;
    change.addDigest(hashOfString());
    change.addBytes(length);
  }

  private void setExpiry(Key key, Version version, long at) {
    expiries.note(key.slot(), at);
    boolean expired = blocks.expires && blocks.expiryAt != Element.NEVER;
    expiring += (at == Element.NEVER ? 0 : 1) - (expired ? 1 : 0);
    blocks.expires = true;
    blocks.expiryTime = version.time();
    blocks.expiryOrigin = version.origin();
    blocks.expiryAt = at;
    change.addDigest(hashOfExpiry());
  }

  private long hashOfString() {
    return change.hashOfString(
        blocks.time, blocks.origin, blocks.value, blocks.valueAt, blocks.valueLength);
  }

  private long hashOfExpiry() {
    return change.hashOf(Kind.EXPIRY, blocks.expiryTime, blocks.expiryOrigin, blocks.expiryAt);
  }

  /** The slow road, for all that is not a string and its expiry. */
  private MergeOutcome mergeApart(int ref, Element element) {
    Key key = element.key();
    if (element.kind() == Kind.EXPIRY) {
      expiries.note(key.slot(), element.number());
    }
    KeyState state = ref == 0 ? table.newState(key) : table.state(ref);
    boolean lived = ref != 0 && KeyView.beforeExpiry(state).lives();
    long tombstonesBefore = ref == 0 ? 0 : state.tombstones(lived);
    boolean expired = lived && state.expiryAt != Element.NEVER;
    MergeOutcome outcome = state.merge(element, change);
    table.weigh(ref);
    if (ref == 0) {
      change.addBytes(key.bytes().length);
    } else if (!outcome.changed()) {
      return outcome;
    }
    boolean lives = KeyView.beforeExpiry(state).lives();
    keys += (lives ? 1 : 0) - (lived ? 1 : 0);
    expiring += (lives && state.expiryAt != Element.NEVER ? 1 : 0) - (expired ? 1 : 0);
    long more = state.tombstones(lives) - tombstonesBefore;
    tombstones += more;
    if (more > 0 || element.kind() == Kind.CLEAR || element.isTombstone()) {
      expiries.note(key.slot(), element.version().millis());
    }
    table.put(ref, key, state, change);
    return outcome;
  }

  private void settle(Key key) {
    bytes += change.bytes();
    digests.add(key.slot(), key.leaf(), change.digest());
  }

  /** The type that a key shows at {@code now}; NONE where nothing of it lives. */
  public KeyType type(Key key, long now) {
    int ref = table.find(key);
    if (table.isPlain(ref)) {
      blocks.load(ref);
      return blocks.lives(now) ? KeyType.STRING : KeyType.NONE;
    }
    if (ref == 0) {
      return KeyType.NONE;
    }
    KeyType type = new KeyView(table.state(ref), now).type();
    table.weigh(ref);
    return type;
  }

  /**
   * A live string's bytes (a counter's in decimal digits), or null where there is no live string.
   * Not to be changed. A counter past 64 bits, which no single increment may pass but several at
   * once can, wraps round, so that counting back gives what was there.
   */
  public byte[] string(Key key, long now) {
    int ref = table.find(key);
    if (table.isPlain(ref)) {
      blocks.load(ref);
      return blocks.lives(now) ? blocks.copyOfValue() : null;
    }
    return ref == 0 ? null : new KeyView(table.state(ref), now).string();
  }

  /**
   * What an origin's increment at this key counts against: the live string's version, or what its
   * own increments count against already; else the clear mark's (a passed expiry counts as one), or
   * {@link #knownTo} where that is newer.
   */
  public Version counterBase(Key key, long origin, long now) {
    int ref = table.find(key);
    return ref == 0
        ? KeyView.zeroAbove(Version.NONE, knownTo)
        : new KeyView(table.state(ref), now).counterBase(origin, knownTo);
  }

  /** What an origin has already contributed against a base; 0 where nothing. */
  public long contribution(Key key, long origin, Version base) {
    int ref = table.find(key);
    return ref == 0 ? 0 : KeyView.beforeExpiry(table.state(ref)).contribution(origin, base);
  }

  /** The value of a live hash field, a counted one's in decimal digits, or null. */
  public byte[] field(Key key, byte[] field, long now) {
    Parts fields = parts(key, KeyType.HASH, now);
    return fields == null ? null : fields.value(field);
  }

  /** How many live fields a hash has; 0 where it is no live hash. */
  public int fieldCount(Key key, long now) {
    return count(parts(key, KeyType.HASH, now));
  }

  /** Visits the live fields and their values. */
  public void forEachField(Key key, long now, BiConsumer<byte[], byte[]> visitor) {
    Parts fields = parts(key, KeyType.HASH, now);
    if (fields != null) {
      fields.forEachLive((name, row) -> visitor.accept(name, row.value(fields.clear())));
    }
  }

  /** What an origin's increment of a hash field counts against. */
  public CountBase fieldBase(Key key, byte[] field, long origin, long now) {
    return partBase(key, KeyType.HASH, field, origin, now);
  }

  /** What an origin has already contributed to a field against a base; 0 where nothing. */
  public long fieldContribution(Key key, byte[] field, long origin, Version base) {
    Contribution own = contribution(key, KeyType.HASH, field, origin, base);
    return own == null ? 0 : own.number();
  }

  /** Whether a live set has a live member. */
  public boolean hasMember(Key key, byte[] member, long now) {
    Parts members = parts(key, KeyType.SET, now);
    return members != null && members.findLive(member);
  }

  /** How many live members a set has; 0 where it is no live set. */
  public int memberCount(Key key, long now) {
    return count(parts(key, KeyType.SET, now));
  }

  /** Visits the live members. */
  public void forEachMember(Key key, long now, Consumer<byte[]> visitor) {
    Parts members = parts(key, KeyType.SET, now);
    if (members != null) {
      members.forEachLive((name, row) -> visitor.accept(name));
    }
  }

  /**
   * Visits the live members of some numbers, counted in order from 0, each as quickly as a member
   * is found. A number may be there twice.
   */
  public void forEachMember(Key key, long now, long[] numbers, Consumer<byte[]> visitor) {
    Parts members = parts(key, KeyType.SET, now);
    if (members != null) {
      members.forEachName(numbers, visitor);
    }
  }

  /** A live sorted-set member's score, what was counted on it included; NaN where there is none. */
  public double score(Key key, byte[] member, long now) {
    Parts members = parts(key, KeyType.ZSET, now);
    return members != null && members.findLive(member) ? members.scoreOfRow() : Double.NaN;
  }

  /** How many live members a sorted set has; 0 where it is no live sorted set. */
  public int scoredCount(Key key, long now) {
    return count(parts(key, KeyType.ZSET, now));
  }

  /** What an origin's increment of a member's score counts against. */
  public CountBase scoreBase(Key key, byte[] member, long origin, long now) {
    return partBase(key, KeyType.ZSET, member, origin, now);
  }

  /** What an origin has already contributed to a score against a base; 0 where nothing. */
  public double scoreContribution(Key key, byte[] member, long origin, Version base) {
    Contribution own = contribution(key, KeyType.ZSET, member, origin, base);
    return own == null ? 0 : Double.longBitsToDouble(own.number());
  }

  /** A live member's rank by (score, member), the lowest being 0; -1 where it is not there. */
  public long rank(Key key, byte[] member, long now) {
    Parts members = parts(key, KeyType.ZSET, now);
    if (members == null || !members.findLive(member)) {
      return -1;
    }
    double score = members.scoreOfRow();
    return order(key, members).rank(member, score);
  }

  /** How many live members have a lower score; with {@code inclusive}, or the same. */
  public long scoredBelow(Key key, double score, boolean inclusive, long now) {
    Parts members = parts(key, KeyType.ZSET, now);
    return members == null ? 0 : order(key, members).below(score, inclusive);
  }

  /**
   * How many live members come before a member, all taken to have the score of the first; with
   * {@code inclusive}, itself too.
   */
  public long scoredBelowMember(Key key, byte[] member, boolean inclusive, long now) {
    Parts members = parts(key, KeyType.ZSET, now);
    return members == null ? 0 : order(key, members).belowMember(member, inclusive);
  }

  /**
   * Visits live members by (score, member).
   *
   * @param fromRank how many to leave out first, counted from the end that is visited first
   * @param count at most so many
   * @param reverse from the highest on
   */
  public void forEachScored(
      Key key, long now, long fromRank, long count, boolean reverse, ScoreVisitor visitor) {
    Parts members = parts(key, KeyType.ZSET, now);
    if (members != null) {
      order(key, members).forEach(fromRank, count, reverse, visitor);
    }
  }

  /** How many live items a list has; 0 where it is no live list. */
  public long itemCount(Key key, long now) {
    return count(parts(key, KeyType.LIST, now));
  }

  /**
   * Visits live items in their order.
   *
   * @param fromIndex how many to leave out first, counted from the end that is visited first
   * @param count at most so many
   * @param reverse from the tail on
   */
  public void forEachItem(
      Key key, long now, long fromIndex, long count, boolean reverse, ItemVisitor visitor) {
    Parts items = parts(key, KeyType.LIST, now);
    if (items != null) {
      items.forEachLive(
          fromIndex,
          count,
          reverse,
          (position, row) -> visitor.accept(position, row.value(items.clear())));
    }
  }

  private Parts parts(Key key, KeyType type, long now) {
    int ref = table.find(key);
    if (ref == 0 || table.isPlain(ref)) {
      return null;
    }
    Parts parts = new KeyView(table.state(ref), now).parts(type);
    table.weigh(ref);
    return parts;
  }

  /** Made on demand for a copy. */
  private ScoreOrder order(Key key, Parts members) {
    ScoreOrder order = members.order();
    table.weigh(table.find(key));
    return order;
  }

  private static int count(Parts parts) {
    return parts == null ? 0 : (int) parts.liveCount();
  }

  private CountBase partBase(Key key, KeyType type, byte[] name, long origin, long now) {
    int ref = table.find(key);
    if (ref == 0) {
      return new CountBase(KeyView.zeroAbove(Version.NONE, knownTo), true);
    }
    CountBase base = new KeyView(table.state(ref), now).partBase(type, name, origin, knownTo);
    table.weigh(ref);
    return base;
  }

  private Contribution contribution(Key key, KeyType type, byte[] name, long origin, Version base) {
    int ref = table.find(key);
    return ref == 0
        ? null
        : KeyView.beforeExpiry(table.state(ref)).partContribution(type, name, origin, base);
  }

  /** When a live key expires, in ms; empty where it never does or is not there. */
  public OptionalLong expiryAt(Key key, long now) {
    long pending = pendingExpiry(key, now);
    return pending == Element.NEVER || type(key, now) == KeyType.NONE
        ? OptionalLong.empty()
        : OptionalLong.of(pending);
  }

  /**
   * The same, in ms, {@link Element#NEVER} where there is none; and also of a key that is not
   * there.
   */
  public long pendingExpiry(Key key, long now) {
    int ref = table.find(key);
    if (ref == 0) {
      return Element.NEVER;
    }
    if (table.isPlain(ref)) {
      blocks.load(ref);
      // One that has passed is none, also where a newer string outlives it.
      return blocks.passedExpiry(now) > 0 ? Element.NEVER : blocks.expiryAt;
    }
    KeyState state = table.state(ref);
    return state.passedExpiry(now) > 0 ? Element.NEVER : state.expiryAt;
  }

  /** Whether a key is not there that was: something of it was removed. */
  public boolean isGone(Key key, long now) {
    int ref = table.find(key);
    if (ref == 0 || table.isPlain(ref)) {
      return false;
    }
    KeyState state = table.state(ref);
    return state.tombstones(true) > 0 && !new KeyView(state, now).lives();
  }

  /**
   * The clear that a passed expiry stands for and that is not yet a real mark: its hybrid time, or
   * 0 where there is none to be made. A write to the key makes it real first: {@link
   * Element#clearByExpiry}.
   */
  public long passedExpiry(Key key, long now) {
    int ref = table.find(key);
    if (table.isPlain(ref)) {
      blocks.load(ref);
      return blocks.passedExpiry(now);
    }
    return ref == 0 ? 0 : table.state(ref).passedExpiry(now);
  }

  /** The newest hybrid time seen on the whole key, that of a passed expiry included; 0 for none. */
  public long newestTime(Key key, long now) {
    int ref = table.find(key);
    if (table.isPlain(ref)) {
      blocks.load(ref);
      return blocks.newestTime(now);
    }
    return ref == 0 ? 0 : table.state(ref).newestTime(now);
  }

  private boolean lives(int ref, long now) {
    if (table.isPlain(ref)) {
      blocks.load(ref);
      return blocks.lives(now);
    }
    boolean lives = new KeyView(table.state(ref), now).lives();
    table.weigh(ref);
    return lives;
  }

  /** Visits the keys of a slot that live at {@code now}, in no order. */
  public void forEachKey(int slot, long now, Consumer<Key> visitor) {
    table.forEachRef(
        slot,
        ref -> {
          if (lives(ref, now)) {
            visitor.accept(table.key(ref));
          }
        });
  }

  /**
   * Everything that was or will be written at or below this hybrid time has been merged here; 0
   * where nobody can tell.
   */
  public long knownTo() {
    return knownTo;
  }

  /** Moves {@link #knownTo} on; a time below it changes nothing. */
  public void knowTo(long time) {
    knownTo = Math.max(knownTo, time);
  }

  /**
   * Removes a key as if it had never been, of which nothing lives, or will after its expiry has
   * passed. Nobody must be able to send older elements of it any more, nor this node write with an
   * older version.
   *
   * @param ended takes a mark that ends all of the key, before it goes, unless the key's own mark
   *     did. It has to be logged: a log in which a later expiry replaces one that has passed would
   *     bring back what that had ended. And the other owners must hear of it before they hear of
   *     what is written next
   */
  void remove(Key key, long now, Consumer<Element> ended) {
    KeyState state = table.state(table.find(key));
    long newest = state.newestTime(now);
    Element mark = state.clear().time() < newest ? Element.clearByExpiry(key, newest) : null;
    if (mark != null) {
      ended.accept(mark);
    }
    boolean lived = KeyView.beforeExpiry(state).lives();
    keys -= lived ? 1 : 0;
    expiring -= lived && state.expiryAt != Element.NEVER ? 1 : 0;
    tombstones -= state.tombstones(lived);
    change.begin(key);
    if (mark != null) {
      state.merge(mark, change);
    }
    change.addDigest(-change.hashOf(Kind.CLEAR, state.mark.time(), state.mark.origin(), 0));
    change.addBytes(-key.bytes().length);
    settle(key);
    table.remove(key);
  }

  /**
   * Removes of a key that lives, or will be known to, what is dead at or below a time and known to
   * be so everywhere: its mark, what a passed expiry hides, removed parts. Some at a time.
   *
   * @param from where to go on; null at first
   * @param ended as in {@link #remove}; also takes once more what had made contributions worthless
   *     that go with it, or a replay of the log would bring those back
   * @return where to go on, or null where this was all
   */
  ElementCursor purge(
      Key key, long now, long upTo, ElementCursor from, int rowsMax, Consumer<Element> ended) {
    int ref = table.find(key);
    KeyState state = table.state(ref);
    boolean lived = KeyView.beforeExpiry(state).lives();
    long tombstonesBefore = state.tombstones(lived);
    boolean expired = lived && state.expiryAt != Element.NEVER;
    change.begin(key);
    long passed = state.passedExpiry(now);
    if (passed > 0 && passed <= upTo) {
      Element mark = Element.clearByExpiry(key, passed);
      ended.accept(mark);
      state.merge(mark, change);
    }
    state.purgeMark(key, upTo, change, ended);
    ElementCursor next = state.purgeParts(key, upTo, from, rowsMax, change, ended);
    table.weigh(ref);
    boolean lives = KeyView.beforeExpiry(state).lives();
    keys += (lives ? 1 : 0) - (lived ? 1 : 0);
    expiring += (lives && state.expiryAt != Element.NEVER ? 1 : 0) - (expired ? 1 : 0);
    tombstones += (state.isEmpty() ? 0 : state.tombstones(lives)) - tombstonesBefore;
    if (state.isEmpty()) {
      change.addBytes(-key.bytes().length);
      table.remove(key);
    } else {
      table.put(ref, key, state, change);
    }
    settle(key);
    return next;
  }

  /** How many keys live, as far as known without a scan: those whose expiry passed count in. */
  public long keyCount() {
    return keys;
  }

  /** How many of them have an expiry. */
  public long expiringCount() {
    return expiring;
  }

  /**
   * How many removed fields and members, clear marks and gone keys (of which a mark would not be
   * the reason) are kept.
   */
  public long tombstoneCount() {
    return tombstones;
  }

  /** Bytes of keys, values, fields and members held; what Java adds to them is not in it. */
  public long estimatedBytes() {
    return bytes;
  }

  /** What it takes in memory, by what for. */
  public StoreMemory memory() {
    return table.memory(bytes, digests.bytes());
  }

  /** The slots that hold something, in order. */
  public List<Integer> filledSlots() {
    return table.filledSlots();
  }

  /**
   * Gives memory back that is spread over half-empty chunks: moves one chunk's blocks elsewhere, in
   * well under a millisecond.
   *
   * @return whether it did, and there may be more
   */
  public boolean compact() {
    return table.compact();
  }

  KeyTable table() {
    return table;
  }

  SlotExpiries expiries() {
    return expiries;
  }

  /** What the digests are keyed with. */
  long digestKey() {
    return change.digestKey();
  }

  public Digests digests() {
    return digests;
  }

  /**
   * Visits all elements of one leaf (0 to 255) of a slot, dead ones that are still kept included,
   * sorted as {@link Element#comparePlace} does. Looks at little else. The visitor must not merge.
   */
  public void forEachElement(int slot, int leaf, Consumer<Element> visitor) {
    readElements(slot, leaf, null, ElementSlice.whole(visitor));
  }

  /** The same for all leaves of a slot, one after the other. */
  public void forEachElement(int slot, Consumer<Element> visitor) {
    for (int leaf = 0; leaf < 256; leaf++) {
      forEachElement(slot, leaf, visitor);
    }
  }

  /**
   * The same for one leaf, no more than a slice at a time.
   *
   * @param from where to begin; null, or a place in another leaf, for all of this one
   * @return where to go on, or null where the leaf was visited to its end
   */
  public ElementCursor readElements(int slot, int leaf, ElementCursor from, ElementSlice slice) {
    return listing.read(slot, leaf, from, slice);
  }

  /**
   * Visits what is kept of one key, no more than a slice at a time.
   *
   * @param from a place within the key
   * @return where to go on, or null where it was visited to its end
   */
  public ElementCursor readKey(ElementCursor from, ElementSlice slice) {
    return listing.readKey(from, slice);
  }

  /**
   * The sum over the digests of all that is kept of a key; 0 where nothing is. Owners that keep the
   * same of it have the same.
   */
  public long keyDigest(Key key) {
    int ref = table.find(key);
    if (ref == 0) {
      return 0;
    }
    change.begin(key);
    if (table.isPlain(ref)) {
      blocks.load(ref);
      return hashOfString() + (blocks.expires ? hashOfExpiry() : 0);
    }
    long digest = table.state(ref).digest(change);
    table.weigh(ref);
    return digest;
  }

  /** Reads a key's index entry, so that it is near when the key is looked up; some number. */
  public int touchIndex(Key key) {
    return table.touchIndex(key);
  }

  /** The same for what a write to the key changes beside it. */
  public long touchDigests(Key key) {
    return digests.touch(key.slot(), key.leaf());
  }

  /** The same for the block that the index entry most likely refers to. */
  public int touchBlock(Key key) {
    return table.touchBlock(key);
  }
}
