package io.kindred.storage;

import static io.kindred.entry.Elements.key;
import static io.kindred.entry.Elements.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.entry.Element;
import io.kindred.entry.ElementReader;
import io.kindred.entry.ElementWriter;
import io.kindred.entry.Elements;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.MalformedElementException;
import io.kindred.entry.Slot;
import io.kindred.entry.StoredString;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What clients see of a store, rule by rule. */
class ShardStoreTest {

  private final Replica a = new Replica(1, 1000);
  private final Replica b = new Replica(2, 1000);
  private final Key k = a.k;

  @Test
  void tellsWhichSlotsHoldSomethingWithoutDigestsToo() {
    ShardStore bare = new ShardStore(0, 16_383, 7, false);
    Key key = key("k");
    assertThat(bare.filledSlots()).isEmpty();
    bare.merge(Element.string(key, new Version(5, 1), new byte[] {1}));
    assertThat(bare.digests().slot(key.slot())).isZero();
    assertThat(bare.filledSlots()).containsExactly(key.slot());
  }

  /** A string and its expiry, as a reader finds them among other bytes. */
  private static StoredString stored(Key key, Version version, byte[] value, long expiresAt)
      throws MalformedElementException {
    ElementWriter writer = new ElementWriter();
    writer.putString(key("before"), version, text("before"));
    writer.putExpiry(key, version, expiresAt);
    writer.putString(key, version, value);
    ElementReader reader = new ElementReader(writer.toByteArray());
    reader.next();
    return reader.string(ElementReader.NOTHING);
  }

  private static List<Element> elementsOf(ShardStore store) {
    List<Element> all = new ArrayList<>();
    store.filledSlots().forEach(slot -> store.forEachElement(slot, all::add));
    return all;
  }

  @Test
  void aStringReadWithItsExpiryMergesAsBothDoInAnyOrder() throws MalformedElementException {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Key key = key("k" + i % 7);
      Version version = new Version(100 + i / 2, 1 + i % 2);
      byte[] value = new byte[i % 11 == 0 ? 5_000 : i];
      all.add(stored(key, version, value, i % 3 == 0 ? Element.NEVER : 5_000 + i));
      if (i % 5 == 0) {
        all.add(Element.expiry(key, new Version(100 + i, 3), 9_000));
        all.add(Element.clear(key("k" + i % 3), new Version(90 + i, 1)));
      }
    }
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      ShardStore oneByOne = new ShardStore(0, 16_383, 7);
      ShardStore together = new ShardStore(0, 16_383, 7);
      for (Object each : all) {
        if (each instanceof StoredString stored) {
          oneByOne.merge(stored.string());
          oneByOne.merge(stored.expiry());
          together.merge(stored);
        } else {
          oneByOne.merge((Element) each);
          together.merge((Element) each);
        }
      }
      assertThat(elementsOf(together)).isEqualTo(elementsOf(oneByOne));
      assertThat(together.digests().whole()).isEqualTo(oneByOne.digests().whole());
      Collections.shuffle(all, random);
    }
  }

  @Test
  void aSetReplacesAnyTypeAndItsExpiry() {
    a.hset("f", "1");
    a.expire(5000);
    a.set("v");
    assertThat(a.store.type(k, a.now)).isEqualTo(KeyType.STRING);
    assertThat(a.hgetall()).isEmpty();
    assertThat(a.store.expiryAt(k, a.now)).isEmpty();
    a.now = 6000;
    assertThat(a.get()).isEqualTo("v");
  }

  @Test
  void aFieldWrittenBesideADeleteAndLaterSurvives() {
    a.hset("f", "1");
    Replica.heal(a, b);
    a.del();
    b.now = 2000;
    b.hset("g", "2");
    Replica.heal(a, b);
    assertThat(a.hgetall()).isEqualTo(Map.of("g", "2"));
    assertThat(b.hgetall()).isEqualTo(Map.of("g", "2"));
  }

  @Test
  void aRemovalDoesNotTakeTheOtherType() {
    a.hset("f", "1");
    Replica.heal(a, b);
    a.set("string");
    b.now = 2000;
    b.hdel("f");
    Replica.heal(a, b);
    assertThat(a.get()).isEqualTo("string");
    assertThat(b.get()).isEqualTo("string");
  }

  @Test
  void anEmptiedHashIsGoneAndMayBecomeAnything() {
    a.hset("f", "1");
    a.hdel("f");
    assertThat(a.store.type(k, a.now)).isEqualTo(KeyType.NONE);
    assertThat(a.store.keyCount()).isZero();
    a.sadd("m");
    assertThat(a.smembers()).containsExactly("m");
    assertThat(a.store.type(k, a.now)).isEqualTo(KeyType.SET);
  }

  @Test
  void incrementsOfManyRacksAddUpOnTheirBase() {
    a.set("100");
    Replica.heal(a, b);
    a.incr(5);
    a.incr(5);
    b.incr(-1);
    Replica.heal(a, b);
    Replica.heal(a, b);
    assertThat(a.get()).isEqualTo("109");
    assertThat(b.get()).isEqualTo("109");
    assertThat(b.store.contribution(k, 1L << 32 | 1, a.store.counterBase(k, 1L << 32 | 1, 0)))
        .isEqualTo(10);
  }

  @Test
  void aSetEndsAllIncrementsThatItSaw() {
    a.incr(5);
    a.set("1");
    a.incr(1);
    assertThat(a.get()).isEqualTo("2");
    a.del();
    assertThat(a.get()).isNull();
    a.incr(7);
    assertThat(a.get()).isEqualTo("7");
  }

  @Test
  void anIncrementKeepsItsBaseThroughATypeClash() {
    a.set("100");
    b.now = 1001;
    b.hset("f", "1");
    a.now = 1002;
    a.incr(1);
    Replica.heal(a, b);
    assertThat(a.get()).isEqualTo("101");
    assertThat(b.get()).isEqualTo("101");
    assertThat(a.hgetall()).isEmpty();
  }

  @Test
  void aHiddenStringDoesNotComeBackUnderALaterCounter() {
    a.set("100");
    b.now = 1001;
    b.hset("f", "1");
    Replica.heal(a, b);
    a.now = b.now = 1002;
    assertThat(a.hgetall()).isEqualTo(Map.of("f", "1"));
    a.hdel("f");
    assertThat(a.store.type(k, a.now)).isEqualTo(KeyType.NONE);
    a.incr(1);
    assertThat(a.get()).isEqualTo("1");
  }

  @Test
  void aCounterWrapsRoundPastItsEnds() {
    a.set("" + Long.MAX_VALUE);
    Replica.heal(a, b);
    // Neither saw the other's, so neither could refuse.
    a.incr(0);
    b.incr(1);
    Replica.heal(a, b);
    assertThat(a.get()).isEqualTo("" + Long.MIN_VALUE);
    a.incr(-1);
    assertThat(a.get()).isEqualTo("" + Long.MAX_VALUE);
  }

  @Test
  void anExpiredKeyIsGoneButKept() {
    a.setExpiring("v", 5000);
    assertThat(a.store.expiryAt(k, 4999)).hasValue(5000);
    a.now = 4999;
    assertThat(a.get()).isEqualTo("v");
    a.now = 5000;
    assertThat(a.get()).isNull();
    assertThat(a.store.type(k, a.now)).isEqualTo(KeyType.NONE);
    assertThat(a.store.expiryAt(k, a.now)).isEmpty();
    assertThat(a.store.keyCount()).isEqualTo(1);
    assertThat(a.store.passedExpiry(k, a.now)).isEqualTo(HybridClock.lastOfMillis(5000));
    assertThat(a.store.newestTime(k, a.now)).isEqualTo(HybridClock.lastOfMillis(5000));
    assertThat(a.store.counterBase(k, 9, a.now))
        .isEqualTo(new Version(HybridClock.lastOfMillis(5000), 0));
    assertThat(a.listing()).hasSize(2);
  }

  @Test
  void anExpiryReplacedAfterItPassedBringsNothingBack() {
    a.hset("old", "1");
    a.expire(5000);
    a.now = 6000;
    a.hset("new", "2");
    a.expire(9000);
    assertThat(a.hgetall()).isEqualTo(Map.of("new", "2"));
    a.now = 9000;
    assertThat(a.hgetall()).isEmpty();
  }

  @Test
  void aWriteAfterTheExpiryLivesEvenWhereTheMarkWasNotMadeYet() {
    a.hset("old", "1");
    a.expire(5000);
    Replica.heal(a, b);
    Version later = new Version(HybridClock.ofMillis(5500), 77);
    b.shard().merge(Element.field(k, text("new"), later, text("2")));
    b.now = 4000;
    assertThat(b.hgetall()).isEqualTo(Map.of("new", "2", "old", "1"));
    b.now = 6000;
    assertThat(b.hgetall()).isEqualTo(Map.of("new", "2"));
    assertThat(b.store.fieldCount(k, b.now)).isEqualTo(1);
    assertThat(b.store.field(k, text("old"), b.now)).isNull();
  }

  @Test
  void anExpirySetFromTheFarFutureStillEndsItsKey() {
    long future = HybridClock.ofMillis(1_000_000);
    a.shard().merge(Element.string(k, new Version(future, 9), text("v")));
    a.shard().merge(Element.expiry(k, new Version(future + 1, 9), 5000));
    a.now = 5000;
    assertThat(a.get()).isNull();
    assertThat(a.store.passedExpiry(k, a.now)).isEqualTo(future + 1);
    a.set("next");
    assertThat(a.get()).isEqualTo("next");
  }

  @Test
  void clearingAHugeHashCostsNoWalk() {
    int fields = 200_000;
    for (int i = 0; i < fields; i++) {
      byte[] name = text("field" + i);
      a.shard().merge(Element.field(k, name, new Version(5, 1), text("value")));
    }
    assertThat(a.store.fieldCount(k, a.now)).isEqualTo(fields);
    a.del();
    assertThat(a.store.fieldCount(k, a.now)).isZero();
    assertThat(a.listing()).hasSize(1);
    assertThat(a.store.digests().whole()).isEqualTo(a.listing().get(0).digest(42));
    assertThat(a.store.estimatedBytes()).isEqualTo(1);
    assertThat(a.store.tombstoneCount()).isEqualTo(1);
  }

  @Test
  void keysOfASlotAreListedByLeafThenKey() {
    List<Element> expected = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Element element = Element.string(key("{k}" + i), new Version(5, 1), text("" + i));
      expected.add(element);
      a.shard().merge(element);
    }
    expected.sort(Comparator.comparing(e -> e, Element::comparePlace));
    List<Element> bySlot = new ArrayList<>();
    a.store.forEachElement(k.slot(), bySlot::add);
    List<Element> byLeaf = new ArrayList<>();
    for (int leaf = 0; leaf < 256; leaf++) {
      a.store.forEachElement(k.slot(), leaf, byLeaf::add);
    }
    assertThat(bySlot).isEqualTo(expected);
    assertThat(byLeaf).isEqualTo(expected);
  }

  @Test
  void aKeyOfAnotherShardIsRefused() {
    int slot = k.slot();
    ShardStore other = new ShardStore(slot + 1, Slot.COUNT - 1, 42);
    Element element = Element.clear(k, new Version(5, 1));
    assertThatThrownBy(() -> other.merge(element))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("slot " + slot);
  }

  @Test
  void aFailedLogKeepsMemoryAsItIs() {
    a.set("v");
    long before = a.store.digests().whole();
    a.log.fail("disk full");
    assertThat(a.shard().failure()).isEqualTo("disk full");
    assertThatThrownBy(() -> a.set("w")).isInstanceOf(LogFailedException.class);
    assertThatThrownBy(() -> a.shard().merge(Element.clear(k, new Version(Long.MAX_VALUE, 1))))
        .isInstanceOf(LogFailedException.class);
    assertThat(a.store.digests().whole()).isEqualTo(before);
  }

  @Test
  void whatChangedNothingIsNotLogged() {
    Element element = Element.member(k, text("m"), new Version(5, 1));
    assertThat(a.shard().merge(element)).isEqualTo(MergeOutcome.ADDED);
    assertThat(a.shard().merge(element)).isEqualTo(MergeOutcome.KNOWN);
    assertThat(a.log.entries).containsExactly(new MemoryLog.Entry(0, false, element));
  }

  @Test
  void memoryIsToldByWhatItIsFor() {
    ShardStore store = new ShardStore(0, Slot.COUNT - 1, 42);
    byte[] value = new byte[100];
    for (int i = 0; i < 50_000; i++) {
      Key key = Elements.key(String.format(java.util.Locale.ROOT, "key:%012d", i));
      store.mergeString(key, new Version(i + 1, 1), value, Element.NEVER);
    }
    StoreMemory memory = store.memory();
    assertThat(memory.payload()).isEqualTo(50_000 * 116);
    // 2 of header, form, 2 lengths, 8 and 1 of version: 131, rounded up to 136.
    assertThat(memory.blocks()).isEqualTo(50_000 * 136);
    assertThat(memory.chunks()).isBetween(memory.blocks(), memory.blocks() + (1 << 19));
    assertThat(memory.large()).isZero();

    Key large = Elements.key("large");
    for (int i = 0; i < 1000; i++) {
      store.merge(Element.member(large, Elements.text("m" + i), new Version(i + 1, 1)));
    }
    assertThat(store.memory().large()).isBetween(12_000L, 40_000L);
    store.merge(Element.clear(large, new Version(5000, 1)));
    assertThat(store.memory().large()).isZero();
  }

  @Test
  void anExpiryThatHasPassedIsNoneForANewerString() {
    ShardStore store = new ShardStore(0, Slot.COUNT - 1, 42);
    Key key = Elements.key("k");
    store.merge(Element.string(key, new Version(5, 1), Elements.text("old")));
    store.merge(Element.expiry(key, new Version(6, 1), 1));
    store.merge(Element.string(key, new Version(10L << 16, 2), Elements.text("new")));
    assertThat(store.string(key, 11)).isEqualTo(Elements.text("new"));
    assertThat(store.expiryAt(key, 11)).isEmpty();
  }
}
