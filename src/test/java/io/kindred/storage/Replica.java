package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Origin;
import io.kindred.entry.Slot;
import io.kindred.entry.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One rack's copy of a shard with a clock that the test moves, and the writes that commands make.
 * What it wrote reaches another one when the test says so.
 */
final class Replica {

  final Key k = Elements.key("k");
  final ShardStore store = new ShardStore(0, Slot.COUNT - 1, 42);
  final MemoryLog log = new MemoryLog();
  long now;
  private final int node;
  private Origin origin;
  private Shard shard;

  Replica(int node, long now) {
    this.node = node;
    this.now = now;
    boot(1);
  }

  /** Starts again as a later boot, with what it has. */
  void boot(int boot) {
    origin = new Origin(node, boot);
    HybridClock clock = new HybridClock(() -> now, time -> Long.MAX_VALUE, 0);
    shard = new Shard(0, store, log, clock, () -> now, origin.bits());
  }

  Shard shard() {
    return shard;
  }

  /** All own writes of this replica, for another one. */
  List<Element> own() {
    return log.entries.stream().filter(MemoryLog.Entry::own).map(MemoryLog.Entry::element).toList();
  }

  /** Gives another replica all own writes of this one. */
  void feed(Replica other) {
    own().forEach(other.shard::merge);
  }

  /** Feeds both ways. */
  static void heal(Replica... all) {
    for (Replica from : all) {
      for (Replica to : all) {
        if (from != to) {
          from.feed(to);
        }
      }
    }
  }

  Version set(String value) {
    Version version = begin();
    shard.write(Element.string(k, version, Elements.text(value)));
    shard.write(Element.expiry(k, version, Element.NEVER));
    return version;
  }

  void setExpiring(String value, long at) {
    Version version = begin();
    shard.write(Element.string(k, version, Elements.text(value)));
    shard.write(Element.expiry(k, version, at));
  }

  void expire(long at) {
    shard.write(Element.expiry(k, begin(), at));
  }

  Version del() {
    Version version = begin();
    shard.write(Element.clear(k, version));
    return version;
  }

  void incr(long by) {
    Version version = begin();
    Version base = store.counterBase(k, version.origin(), now);
    long sum = store.contribution(k, version.origin(), base);
    shard.write(Element.count(k, version, base, sum + by));
  }

  Version hset(String field, String value) {
    Version version = begin();
    shard.write(Element.field(k, Elements.text(field), version, Elements.text(value)));
    return version;
  }

  void hdel(String field) {
    Version version = begin();
    shard.write(Element.fieldRemoved(k, Elements.text(field), version));
    if (store.fieldCount(k, now) == 0) {
      shard.write(Element.expiry(k, version, Element.NEVER));
    }
  }

  void sadd(String member) {
    shard.write(Element.member(k, Elements.text(member), begin()));
  }

  /** The version of a command, once a passed expiry was made real. */
  private Version begin() {
    Version version = shard.stamp(k, now);
    long passed = store.passedExpiry(k, now);
    if (passed > 0) {
      shard.write(Element.clearByExpiry(k, passed));
    }
    return version;
  }

  String get() {
    byte[] string = store.string(k, now);
    return string == null ? null : new String(string, StandardCharsets.ISO_8859_1);
  }

  Map<String, String> hgetall() {
    Map<String, String> fields = new TreeMap<>();
    store.forEachField(
        k,
        now,
        (field, value) ->
            fields.put(
                new String(field, StandardCharsets.ISO_8859_1),
                new String(value, StandardCharsets.ISO_8859_1)));
    return fields;
  }

  Set<String> smembers() {
    Set<String> members = new TreeSet<>();
    store.forEachMember(
        k, now, member -> members.add(new String(member, StandardCharsets.ISO_8859_1)));
    return members;
  }

  List<Element> listing() {
    List<Element> listing = new ArrayList<>();
    store.forEachElement(k.slot(), k.leaf(), listing::add);
    return listing;
  }
}
