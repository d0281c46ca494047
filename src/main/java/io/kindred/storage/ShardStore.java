package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One shard's elements in memory, with its digests. Single writer, no locks, no clock of its own:
 * methods that a passed expiry concerns take {@code now} in ms.
 */
public final class ShardStore {

  /**
   * @param firstSlot the shard's first slot
   * @param lastSlot its last slot, inclusive
   * @param digestKey the cluster's digest key
   */
  public ShardStore(int firstSlot, int lastSlot, long digestKey) {
    throw new UnsupportedOperationException(firstSlot + " " + lastSlot + " " + digestKey);
  }

  /** Merges one element and keeps the digests true. The only way anything changes here. */
  public MergeOutcome merge(Element element) {
    throw new UnsupportedOperationException("" + element);
  }

  /** The type that a key shows at {@code now}; NONE where nothing of it lives. */
  public KeyType type(Key key, long now) {
    throw new UnsupportedOperationException("" + key + now);
  }

  /**
   * A live string's bytes (a counter's in decimal digits), or null where there is no live string.
   */
  public byte[] string(Key key, long now) {
    throw new UnsupportedOperationException("" + key + now);
  }

  /**
   * What an increment at this key counts against: the newest of the live string's version and the
   * clear mark's (a passed expiry counts as one), or {@link Version#NONE}.
   */
  public Version counterBase(Key key, long now) {
    throw new UnsupportedOperationException("" + key + now);
  }

  /** What an origin has already contributed against a base; 0 where nothing. */
  public long contribution(Key key, long origin, Version base) {
    throw new UnsupportedOperationException("" + key + origin + base);
  }

  /** The value of a live hash field, or null. */
  public byte[] field(Key key, byte[] field, long now) {
    throw new UnsupportedOperationException("" + key + field.length + now);
  }

  /** How many live fields a hash has; 0 where it is no live hash. */
  public int fieldCount(Key key, long now) {
    throw new UnsupportedOperationException("" + key + now);
  }

  /** Visits the live fields and their values. */
  public void forEachField(Key key, long now, BiConsumer<byte[], byte[]> visitor) {
    throw new UnsupportedOperationException("" + key + now + visitor);
  }

  /** Whether a live set has a live member. */
  public boolean hasMember(Key key, byte[] member, long now) {
    throw new UnsupportedOperationException("" + key + member.length + now);
  }

  /** How many live members a set has; 0 where it is no live set. */
  public int memberCount(Key key, long now) {
    throw new UnsupportedOperationException("" + key + now);
  }

  /** Visits the live members. */
  public void forEachMember(Key key, long now, Consumer<byte[]> visitor) {
    throw new UnsupportedOperationException("" + key + now + visitor);
  }

  /** When a live key expires, in ms; empty where it never does or is not there. */
  public OptionalLong expiryAt(Key key, long now) {
    throw new UnsupportedOperationException("" + key + now);
  }

  /**
   * The clear that a passed expiry stands for and that is not yet a real mark: its hybrid time, or
   * 0 where there is none to be made. A write to the key makes it real first: {@link
   * Element#clearByExpiry}.
   */
  public long passedExpiry(Key key, long now) {
    throw new UnsupportedOperationException("" + key + now);
  }

  /** The newest hybrid time seen on the whole key, that of a passed expiry included; 0 for none. */
  public long newestTime(Key key, long now) {
    throw new UnsupportedOperationException("" + key + now);
  }

  /** Visits the keys of a slot that live at {@code now}. */
  public void forEachKey(int slot, long now, Consumer<Key> visitor) {
    throw new UnsupportedOperationException("" + slot + now + visitor);
  }

  /**
   * How many keys live at {@code now}, as far as known without a scan: passed expiries count in.
   */
  public long keyCount() {
    throw new UnsupportedOperationException();
  }

  /** How many removed fields and members, clear marks and gone keys are kept. */
  public long tombstoneCount() {
    throw new UnsupportedOperationException();
  }

  public Digests digests() {
    throw new UnsupportedOperationException();
  }

  /**
   * Visits all elements of one leaf (0 to 255) of a slot, dead ones that are still kept included.
   */
  public void forEachElement(int slot, int leaf, Consumer<Element> visitor) {
    throw new UnsupportedOperationException("" + slot + leaf + visitor);
  }
}
