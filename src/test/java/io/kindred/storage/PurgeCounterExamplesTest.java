package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Version;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories in which purging went wrong in earlier drafts, each closed by one rule. */
class PurgeCounterExamplesTest {

  private final Replica a = new Replica(1, 1000);
  private final Replica b = new Replica(2, 1000);
  private final Replica c = new Replica(3, 1000);

  private static void sweep(Replica replica) {
    boolean more = true;
    while (more) {
      ExpirySweep sweep = new ExpirySweep(replica.shard());
      while (!sweep.isDone()) {
        sweep.turn();
      }
      more = !sweep.foundNothing();
      if (!more) {
        replica.shard().purged(sweep.limit());
      }
    }
  }

  private static long allAdopt(Replica... all) {
    long known = HybridClock.ofMillis(all[0].now + 1) - 1;
    for (Replica each : all) {
      each.now += 10;
      each.shard().adopt(known);
    }
    return known;
  }

  private static void purge(long step, Replica... all) {
    for (Replica each : all) {
      each.shard().purgeUpTo(step);
      sweep(each);
    }
  }

  private static void feedLate(List<Element> sent, Replica to) {
    sent.forEach(to.shard()::mergeFed);
  }

  /** Number 2. */
  @Test
  void poisonedKeyThenDelete() {
    long farFuture = HybridClock.ofMillis(900_000_000);
    a.shard().merge(Element.string(a.k, new Version(farFuture, 9), Elements.text("poison")));
    a.set("over it");
    assertThat(a.store.newestTime(a.k, a.now)).isGreaterThan(farFuture);
    // What is promised is of the clock, which no version drags along.
    assertThat(a.shard().floor(0)).isLessThanOrEqualTo(HybridClock.ofMillis(a.now));
    assertThat(a.shard().floor(100)).isEqualTo(HybridClock.ofMillis(a.now - 100));
  }

  /** Number 6: what was read before a purge must not come after it, and a feed may go back. */
  @Test
  void pausedCarrier() {
    b.set("old");
    Replica.heal(a, b, c);
    List<Element> carried = c.listing();
    long readUnder = c.shard().refusesBelow();
    List<Element> fed = b.own();
    a.now += 5;
    a.del();
    a.now += 5;
    b.now = a.now;
    c.now = a.now;
    Replica.heal(a, b, c);
    purge(allAdopt(a, b, c), a, b, c);
    assertThat(a.store.filledSlots()).isEmpty();
    feedLate(fed, a);
    assertThat(a.get()).as("a feed that goes back").isNull();
    assertThat(readUnder).as("so a receiver refuses it").isLessThan(a.shard().refusesBelow());
    carried.forEach(a.shard()::merge);
    assertThat(a.get()).as("without that rule").isEqualTo("old");
  }

  /** Number 7. */
  @Test
  void purgeAtDifferentMoments() {
    a.set("v");
    a.del();
    Replica.heal(a, b);
    long step = allAdopt(a, b);
    purge(step, a);
    assertThat(a.store.digests().whole()).isNotEqualTo(b.store.digests().whole());
    assertThat(a.shard().step()).as("not compared").isNotEqualTo(b.shard().step());
    b.shard().purgeUpTo(step);
    assertThat(b.shard().step()).as("nor while it purges").isEqualTo(Shard.PURGING);
    sweep(b);
    assertThat(a.shard().step()).isEqualTo(b.shard().step());
    assertThat(a.store.digests().whole()).isEqualTo(b.store.digests().whole());
  }

  /** Number 10. */
  @Test
  void purgedClearMarkUnderACounter() {
    a.set("100");
    a.del();
    Replica.heal(a, b, c);
    long step = allAdopt(a, b, c);
    purge(step, b);
    b.incr(1);
    c.incr(2);
    c.incr(2);
    b.incr(1);
    b.feed(a);
    c.feed(a);
    assertThat(a.get()).as("marks that all have adopted are zero").isEqualTo("6");
    purge(step, a);
    c.feed(b);
    b.feed(c);
    purge(step, c);
    for (Replica each : List.of(a, b, c)) {
      assertThat(each.get()).isEqualTo("6");
      assertThat(each.listing()).isEqualTo(a.listing());
      assertThat(each.store.tombstoneCount()).isZero();
    }
  }

  /** What an increment knew nothing of must not make it count again once that is forgotten. */
  @Test
  void anIncrementBesideADeleteStaysDeletedWhenTheMarkGoes() {
    b.incr(1000);
    Replica.heal(a, b);
    a.now += 1;
    a.del();
    b.now += 2;
    b.incr(1);
    Replica.heal(a, b);
    assertThat(a.get()).isNull();
    a.now = b.now;
    purge(allAdopt(a, b), a, b);
    assertThat(a.get()).isNull();
    assertThat(b.get()).isNull();
  }

  /** Number 16, of purging: a collection of very many removals goes in slices. */
  @Test
  void hugeKeyHalfPurged() {
    for (int i = 0; i < 20_000; i++) {
      a.sadd("m" + i);
      a.shard().write(Element.memberRemoved(a.k, Elements.text("m" + i), a.shard().stamp(a.k, 0)));
    }
    a.sadd("stays");
    long step = allAdopt(a);
    a.shard().purgeUpTo(step);
    ExpirySweep sweep = new ExpirySweep(a.shard());
    int turns = 0;
    while (!sweep.isDone()) {
      assertThat(a.shard().step()).isEqualTo(Shard.PURGING);
      sweep.turn();
      turns++;
    }
    assertThat(turns).isGreaterThanOrEqualTo(20_000 / 1024);
    sweep(a);
    assertThat(a.shard().step()).isEqualTo(step);
    assertThat(a.smembers()).containsExactly("stays");
    assertThat(a.store.tombstoneCount()).isZero();
    DigestAudit audit = new DigestAudit(a.store);
    while (!audit.isDone()) {
      assertThat(audit.turn()).isEmpty();
    }
  }

  /** A copy that was never an owner's may hold what the owners have purged. */
  @Test
  void aNewCopyForgetsWhatItHasNotFromTheOwners() {
    a.set("old");
    List<Element> fed = a.own();
    Replica.heal(a, b);
    a.del();
    Replica.heal(a, b);
    long step = allAdopt(a, b);
    purge(step, a, b);
    fed.forEach(c.shard()::mergeFed);
    assertThat(c.get()).isEqualTo("old");
    c.now = a.now;
    c.shard().forgetUpTo(step);
    c.shard().adopt(step);
    purge(step, c);
    assertThat(c.store.filledSlots()).isEmpty();
    assertThat(c.store.digests().whole()).isEqualTo(a.store.digests().whole());
  }

  /** A replay of the log brings back what was purged, and the stored step takes it out again. */
  @Test
  void aReplayAndThePurgeAfterItEndWhereThePurgeBeforeDid() {
    b.incr(5);
    Replica.heal(a, b);
    a.now += 1;
    a.del();
    b.now += 2;
    b.incr(1);
    Replica.heal(a, b);
    a.now = b.now;
    long step = allAdopt(a, b);
    purge(step, a, b);
    a.incr(7);
    Replica again = new Replica(1, a.now);
    a.log.entries.forEach(entry -> again.store.merge(entry.element()));
    again.shard().adopt(step);
    purge(step, again);
    assertThat(again.get()).isEqualTo("7");
    assertThat(again.listing()).isEqualTo(a.listing());
  }
}
