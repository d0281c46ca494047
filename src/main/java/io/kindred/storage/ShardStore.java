package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One shard's elements in memory, with its digests. Single writer, no locks, no clock of its own:
 * methods that a passed expiry concerns take {@code now} in ms.
 *
 * <p>A small table a slot, so that listing or scanning a slot touches nothing else and no table is
 * ever so big that growing it is felt.
 */
public final class ShardStore {

  private final int firstSlot;
  private final int lastSlot;
  // A slot gets its table with its first key; null until then.
  private final List<ByteTable<KeyState>> slots;
  private final Digests digests;
  private final Change change;
  private long keys;
  private long tombstones;
  private long bytes;

  /**
   * @param firstSlot the shard's first slot
   * @param lastSlot its last slot, inclusive
   * @param digestKey the cluster's digest key
   */
  public ShardStore(int firstSlot, int lastSlot, long digestKey) {
    this.firstSlot = firstSlot;
    this.lastSlot = lastSlot;
    this.slots = new ArrayList<>(Collections.nCopies(lastSlot - firstSlot + 1, null));
    this.digests = new Digests(firstSlot, lastSlot);
    this.change = new Change(digestKey);
  }

  /**
   * Merges one element and keeps the digests true. The only way anything changes here.
   *
   * @throws IllegalArgumentException where the key belongs to another shard
   */
  public MergeOutcome merge(Element element) {
    Key key = element.key();
    change.begin(key);
    KeyState state = find(key);
    boolean lived = false;
    long tombstonesBefore = 0;
    if (state == null) {
      state = new KeyState(key);
      ownTable(key.slot()).add(state);
      change.addBytes(key.bytes().length);
    } else {
      lived = KeyView.beforeExpiry(state).lives();
      tombstonesBefore = state.tombstones(lived);
    }
    MergeOutcome outcome = state.merge(element, change);
    boolean lives = KeyView.beforeExpiry(state).lives();
    keys += (lives ? 1 : 0) - (lived ? 1 : 0);
    tombstones += state.tombstones(lives) - tombstonesBefore;
    bytes += change.bytes();
    digests.add(key.slot(), key.leaf(), change.digest());
    return outcome;
  }

  /** The type that a key shows at {@code now}; NONE where nothing of it lives. */
  public KeyType type(Key key, long now) {
    KeyState state = find(key);
    return state == null ? KeyType.NONE : new KeyView(state, now).type();
  }

  /**
   * A live string's bytes (a counter's in decimal digits), or null where there is no live string.
   * Not to be changed. A counter past 64 bits, which no single increment may pass but several at
   * once can, wraps round, so that counting back gives what was there.
   */
  public byte[] string(Key key, long now) {
    KeyState state = find(key);
    return state == null ? null : new KeyView(state, now).string();
  }

  /**
   * What an increment at this key counts against: the newest of the live string's version and the
   * clear mark's (a passed expiry counts as one), or {@link Version#NONE}.
   */
  public Version counterBase(Key key, long now) {
    KeyState state = find(key);
    return state == null ? Version.NONE : new KeyView(state, now).counterBase();
  }

  /** What an origin has already contributed against a base; 0 where nothing. */
  public long contribution(Key key, long origin, Version base) {
    KeyState state = find(key);
    return state == null ? 0 : KeyView.beforeExpiry(state).contribution(origin, base);
  }

  /** The value of a live hash field, or null. Not to be changed. */
  public byte[] field(Key key, byte[] field, long now) {
    KeyState state = find(key);
    if (state == null || state.hash() == null) {
      return null;
    }
    Parts.Part part = new KeyView(state, now).part(state.hash(), field);
    return part == null ? null : part.value;
  }

  /** How many live fields a hash has; 0 where it is no live hash. */
  public int fieldCount(Key key, long now) {
    KeyState state = find(key);
    return state == null ? 0 : new KeyView(state, now).liveCount(state.hash());
  }

  /** Visits the live fields and their values. */
  public void forEachField(Key key, long now, BiConsumer<byte[], byte[]> visitor) {
    KeyState state = find(key);
    if (state != null) {
      new KeyView(state, now)
          .forEachLive(state.hash(), part -> visitor.accept(part.bytes, part.value));
    }
  }

  /** Whether a live set has a live member. */
  public boolean hasMember(Key key, byte[] member, long now) {
    KeyState state = find(key);
    return state != null && new KeyView(state, now).part(state.set(), member) != null;
  }

  /** How many live members a set has; 0 where it is no live set. */
  public int memberCount(Key key, long now) {
    KeyState state = find(key);
    return state == null ? 0 : new KeyView(state, now).liveCount(state.set());
  }

  /** Visits the live members. */
  public void forEachMember(Key key, long now, Consumer<byte[]> visitor) {
    KeyState state = find(key);
    if (state != null) {
      new KeyView(state, now).forEachLive(state.set(), part -> visitor.accept(part.bytes));
    }
  }

  /** When a live key expires, in ms; empty where it never does or is not there. */
  public OptionalLong expiryAt(Key key, long now) {
    KeyState state = find(key);
    if (state == null
        || state.expiryAt() == Element.NEVER
        || state.passedExpiry(now) > 0
        || !new KeyView(state, now).lives()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(state.expiryAt());
  }

  /**
   * The clear that a passed expiry stands for and that is not yet a real mark: its hybrid time, or
   * 0 where there is none to be made. A write to the key makes it real first: {@link
   * Element#clearByExpiry}.
   */
  public long passedExpiry(Key key, long now) {
    KeyState state = find(key);
    return state == null ? 0 : state.passedExpiry(now);
  }

  /** The newest hybrid time seen on the whole key, that of a passed expiry included; 0 for none. */
  public long newestTime(Key key, long now) {
    KeyState state = find(key);
    return state == null ? 0 : state.newestTime(now);
  }

  /** Visits the keys of a slot that live at {@code now}, in no order. */
  public void forEachKey(int slot, long now, Consumer<Key> visitor) {
    forEachState(
        slot,
        state -> {
          if (new KeyView(state, now).lives()) {
            visitor.accept(Key.of(state.bytes));
          }
        });
  }

  /** How many keys live, as far as known without a scan: those whose expiry passed count in. */
  public long keyCount() {
    return keys;
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

  public Digests digests() {
    return digests;
  }

  /**
   * Visits all elements of one leaf (0 to 255) of a slot, dead ones that are still kept included,
   * sorted as {@link Element#comparePlace} does. The visitor must not merge.
   */
  public void forEachElement(int slot, int leaf, Consumer<Element> visitor) {
    List<KeyState> states = new ArrayList<>();
    forEachState(
        slot,
        state -> {
          if (state.leaf() == leaf) {
            states.add(state);
          }
        });
    visitSorted(states, visitor);
  }

  /** The same for a whole slot, at the price of one walk and not of 256. */
  public void forEachElement(int slot, Consumer<Element> visitor) {
    List<KeyState> states = new ArrayList<>();
    forEachState(slot, states::add);
    visitSorted(states, visitor);
  }

  private static void visitSorted(List<KeyState> states, Consumer<Element> visitor) {
    states.sort(
        Comparator.comparingInt(KeyState::leaf)
            .thenComparing(state -> state.bytes, Arrays::compareUnsigned));
    states.forEach(state -> state.forEachElement(visitor));
  }

  private KeyState find(Key key) {
    ByteTable<KeyState> table = table(key.slot());
    return table == null ? null : table.find(key.bytes(), key.hashCode());
  }

  private void forEachState(int slot, Consumer<KeyState> visitor) {
    ByteTable<KeyState> table = table(slot);
    if (table != null) {
      table.forEach(visitor);
    }
  }

  private ByteTable<KeyState> ownTable(int slot) {
    ByteTable<KeyState> table = table(slot);
    if (table == null) {
      table = new ByteTable<>();
      slots.set(slot - firstSlot, table);
    }
    return table;
  }

  private ByteTable<KeyState> table(int slot) {
    if (slot < firstSlot || slot > lastSlot) {
      throw new IllegalArgumentException(
          "slot " + slot + " is none of this shard's, " + firstSlot + " to " + lastSlot);
    }
    return slots.get(slot - firstSlot);
  }
}
