package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Histories that broke earlier drafts of the merge, each closed by one rule. */
class CounterExamplesTest {

  private final Replica a = new Replica(1, 1000);
  private final Replica b = new Replica(2, 1000);
  private final Replica c = new Replica(3, 1000);

  @Test
  void twoRacksStartACounter() {
    a.incr(3);
    b.now = 2000;
    b.incr(4);
    Replica.heal(a, b);
    assertThat(a.get()).isEqualTo("7");
    assertSame(a, b);
  }

  @Test
  void clearMarkUnderACounter() {
    a.set("100");
    Replica.heal(a, b, c);
    a.del();
    Replica.heal(a, b, c);
    // Both count against the mark, which stays until it is adopted everywhere at once.
    b.incr(1);
    c.incr(2);
    Replica.heal(a, b, c);
    assertThat(a.get()).isEqualTo("3");
    assertThat(a.store.counterBase(a.k, 9, a.now)).isEqualTo(a.store.counterBase(b.k, 9, b.now));
    assertSame(a, b, c);
  }

  @Test
  void reUsedSequence() {
    for (int i = 0; i < 7; i++) {
      a.incr(1);
    }
    Replica.heal(a, b);
    // Three more reach b and are lost at a, which starts again from seven as another boot.
    List<Element> kept = a.own();
    for (int i = 0; i < 3; i++) {
      a.incr(1);
    }
    a.feed(b);
    Replica again = new Replica(1, 1000);
    kept.forEach(again.shard()::merge);
    again.boot(2);
    for (int i = 0; i < 4; i++) {
      again.incr(1);
    }
    again.feed(b);
    b.store.forEachElement(b.k.slot(), again.shard()::merge);
    assertThat(b.get()).isEqualTo("14");
    assertThat(again.get()).isEqualTo("14");
  }

  @Test
  void twoWritesToAnExpiredHash() {
    a.hset("f1", "old");
    a.expire(5000);
    Replica.heal(a, b, c);
    a.now = 6000;
    c.now = 9000;
    a.hset("f2", "a");
    c.hset("f3", "c");
    a.now = c.now = b.now = 10_000;
    Replica.heal(a, b, c);
    assertThat(b.hgetall()).isEqualTo(Map.of("f2", "a", "f3", "c"));
    assertSame(a, b, c);
  }

  @Test
  void typeClashAfterAnEarlyDrop() {
    Key k = a.k;
    Element string = Element.string(k, new Version(9, 1), Elements.text("s"));
    Element dead = Element.field(k, Elements.text("f"), new Version(8, 2), Elements.text("1"));
    Element tied = Element.field(k, Elements.text("e"), new Version(9, 2), Elements.text("1"));
    Element later = Element.field(k, Elements.text("f2"), new Version(12, 2), Elements.text("1"));
    List<Element> elements = new ArrayList<>(List.of(string, dead, tied, later));
    Random random = new Random(14);
    for (int i = 0; i < 100; i++) {
      Collections.shuffle(elements, random);
      Replica replica = new Replica(1, 1000);
      elements.forEach(replica.shard()::merge);
      assertThat(replica.hgetall().keySet()).containsExactly("e", "f2");
      assertThat(replica.store.type(k, 1000)).isEqualTo(KeyType.HASH);
    }
  }

  @Test
  void clearMarkAndAddAtEqualTime() {
    Key k = a.k;
    Element clear = Element.clear(k, new Version(7, 1));
    Element add = Element.field(k, Elements.text("f"), new Version(7, 9), Elements.text("1"));
    a.shard().merge(clear);
    a.shard().merge(add);
    b.shard().merge(add);
    b.shard().merge(clear);
    assertThat(a.hgetall()).isEmpty();
    assertSame(a, b);

    Element removed = Element.memberRemoved(k, Elements.text("m"), new Version(8, 1));
    Element added = Element.member(k, Elements.text("m"), new Version(8, 9));
    a.shard().merge(added);
    a.shard().merge(removed);
    b.shard().merge(removed);
    b.shard().merge(added);
    assertThat(a.smembers()).isEmpty();
    assertSame(a, b);
  }

  @Test
  void aRemovalDiesNoSoonerThanTheAddItBeats() {
    Key k = a.k;
    List<Element> elements =
        new ArrayList<>(
            List.of(
                Element.string(k, new Version(5, 2), Elements.text("s")),
                Element.fieldRemoved(k, Elements.text("f"), new Version(5, 1)),
                Element.field(k, Elements.text("f"), new Version(5, 3), Elements.text("zombie"))));
    Random random = new Random(15);
    for (int i = 0; i < 50; i++) {
      Collections.shuffle(elements, random);
      Replica replica = new Replica(1, 1000);
      elements.forEach(replica.shard()::merge);
      assertThat(replica.hgetall()).isEmpty();
    }
  }

  @Test
  void aPoisonedKeyIsStillWrittenAndDeleted() {
    long future = HybridClock.ofMillis(1_000_000);
    a.shard().merge(Element.string(a.k, new Version(future, 9), Elements.text("poison")));
    a.set("good");
    assertThat(a.get()).isEqualTo("good");
    a.del();
    assertThat(a.get()).isNull();
    Replica.heal(a, b);
    b.shard().merge(Element.string(a.k, new Version(future, 9), Elements.text("poison")));
    assertThat(b.get()).isNull();
  }

  @Test
  void poisonedKeyThenDelete_theClockIsNotDragged() {
    // Half of "poisoned key, then delete": A's floor, which feeds promise that all that follows is
    // above, is its clock's and not that of the version it overwrote.
    long future = HybridClock.ofMillis(900_000_000);
    HybridClock clock = new HybridClock(() -> a.now, time -> Long.MAX_VALUE, 0);
    Shard shard = new Shard(0, a.store, a.log, clock, () -> a.now, 1);
    shard.merge(Element.string(a.k, new Version(future, 9), Elements.text("poison")));
    Version over = shard.stamp(a.k, a.now);
    assertThat(over.time()).isEqualTo(future + 1);
    Version other = shard.stamp(Elements.key("other"), a.now);
    assertThat(clock.floor()).isGreaterThanOrEqualTo(other.time());
    assertThat(clock.floor()).isLessThanOrEqualTo(HybridClock.lastOfMillis(a.now));
    assertThat(shard.farFutureElements()).isEqualTo(1);
  }

  @Test
  void laterWriteLosesToAFastClock_thePremise() {
    // Why clocks are fenced, and why a quorum write asks for what is newer: by the merge alone the
    // later write loses against one that was stamped 300 ms ahead.
    a.now = 1300;
    a.set("1");
    c.now = 1010;
    c.set("2");
    Replica.heal(a, b, c);
    assertThat(b.get()).isEqualTo("1");
    // Who has seen it writes above it, so the harm ends with the skew.
    c.set("3");
    Replica.heal(a, b, c);
    assertThat(b.get()).isEqualTo("3");
    assertSame(a, b, c);
  }

  @Test
  void elementsOfTheFarFutureAreStoredCountedAndBeaten() {
    Version near = new Version(HybridClock.lastOfMillis(1000 + FarFuture.AHEAD_MILLIS), 9);
    a.shard().merge(Element.string(a.k, near, Elements.text("near")));
    assertThat(a.shard().farFutureElements()).isZero();
    Version far = new Version(near.time() + 1, 9);
    Element poison = Element.string(a.k, far, Elements.text("far"));
    a.shard().merge(poison);
    assertThat(a.get()).isEqualTo("far");
    a.shard().merge(poison);
    a.now += 30_000;
    a.shard().merge(Element.string(Elements.key("k2"), far, Elements.text("late")));
    assertThat(a.shard().farFutureElements()).as("changed something, and was far").isEqualTo(1);
    assertThat(a.set("good")).isGreaterThan(far);
    assertThat(a.get()).isEqualTo("good");
    assertThat(a.shard().farFutureElements()).as("own writes above it").isEqualTo(1);
  }

  @Test
  void aFencedNodeStampsNothingAndMergesEverything() {
    AtomicReference<String> refusal = new AtomicReference<>("CLOCKSKEW off");
    a.shard().fencedBy(refusal::get);
    assertThatThrownBy(() -> a.set("mine"))
        .isInstanceOf(WriteFencedException.class)
        .hasMessage("CLOCKSKEW off");
    assertThat(a.own()).isEmpty();
    assertThat(a.get()).isNull();
    b.set("theirs");
    b.feed(a);
    assertThat(a.get()).isEqualTo("theirs");
    refusal.set(null);
    a.set("mine");
    assertThat(a.get()).isEqualTo("mine");
  }

  private static void assertSame(Replica first, Replica... others) {
    for (Replica other : others) {
      assertThat(other.listing()).isEqualTo(first.listing());
      assertThat(other.store.digests().whole()).isEqualTo(first.store.digests().whole());
    }
  }
}
