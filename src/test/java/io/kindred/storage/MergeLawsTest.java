package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.KeyType;
import io.kindred.entry.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The laws that everything else stands on, for random sets of elements, ties included. */
class MergeLawsTest {

  private static final long DIGEST_KEY = 0x1234_5678_9abcL;

  @Property(tries = 3000)
  void whatAStoreHoldsDependsOnTheSetOfElementsAlone(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 14) int size) {
    Random random = new Random(seed);
    assertOrderMeansNothing(random, randomElements(random, size));
  }

  private static void assertOrderMeansNothing(Random random, List<Element> elements) {
    List<Element> expected = MergedSet.of(elements);
    for (int order = 0; order < 4; order++) {
      ShardStore store = storeOf(elements);
      assertThat(listing(store)).isEqualTo(expected);
      assertDigestsTrue(store);
      // Any order, and any of them twice.
      elements.add(elements.get(random.nextInt(elements.size())));
      Collections.shuffle(elements, random);
    }
  }

  @Property(tries = 3000)
  void soItDoesOfEachTypeAlone(@ForAll long seed, @ForAll KeyType type) {
    Random random = new Random(seed);
    List<Element.Kind> kinds = Elements.kindsOf(type);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      elements.add(Elements.of(random, Elements.key("k"), kinds.get(random.nextInt(kinds.size()))));
    }
    assertOrderMeansNothing(random, elements);
  }

  @Property(tries = 300)
  void everyPermutationOfAFewElementsGivesTheSame(@ForAll long seed) {
    Random random = new Random(seed);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      elements.add(Elements.any(random, Elements.key("k")));
    }
    List<Element> expected = MergedSet.of(elements);
    permute(elements, 0, order -> assertThat(listing(storeOf(order))).isEqualTo(expected));
  }

  @Property(tries = 1000)
  void mergingWhatAnotherStoreListsMakesTheTwoEqual(@ForAll long seed) {
    Random random = new Random(seed);
    ShardStore one = storeOf(randomElements(random, 10));
    ShardStore two = storeOf(randomElements(random, 10));
    List<Element> ofOne = listing(one);
    listing(two).forEach(one::merge);
    ofOne.forEach(two::merge);
    assertThat(listing(one)).isEqualTo(listing(two));
    assertThat(one.digests().whole()).isEqualTo(two.digests().whole());
    assertThat(one.keyCount()).isEqualTo(two.keyCount());
    assertThat(one.tombstoneCount()).isEqualTo(two.tombstoneCount());
    assertThat(one.estimatedBytes()).isEqualTo(two.estimatedBytes());
  }

  @Property(tries = 1000)
  void theOutcomeSaysWhetherTheStoreChanged(@ForAll long seed) {
    Random random = new Random(seed);
    ShardStore store = storeOf(randomElements(random, 6));
    for (int i = 0; i < 12; i++) {
      Element next = Elements.any(random);
      List<Element> before = listing(store);
      MergeOutcome outcome = store.merge(next);
      assertThat(outcome.changed()).isEqualTo(!listing(store).equals(before));
      assertThat(outcome == MergeOutcome.KNOWN).isEqualTo(before.contains(next));
      assertThat(store.merge(next).changed()).isFalse();
    }
  }

  @Property(tries = 1000)
  void replayingOnlyWhatChangedTheStoreGivesTheSameStore(@ForAll long seed) {
    Random random = new Random(seed);
    ShardStore store = newStore();
    ShardStore replayed = newStore();
    for (Element element : randomElements(random, 20)) {
      if (store.merge(element).changed()) {
        replayed.merge(element);
      }
    }
    assertThat(listing(replayed)).isEqualTo(listing(store));
  }

  @Property(tries = 1000)
  void theCountersOfAStoreAreTrue(@ForAll long seed) {
    Random random = new Random(seed);
    ShardStore store = storeOf(randomElements(random, 15));
    List<Element> listing = listing(store);
    long bytes = 0;
    long removed = 0;
    Set<String> keys = new TreeSet<>();
    for (Element e : listing) {
      removed += e.isTombstone() || e.kind() == Element.Kind.CLEAR ? 1 : 0;
      bytes += keys.add(e.key().toString()) ? e.key().bytes().length : 0;
      bytes += e.kind() == Element.Kind.TYPE ? 0 : e.part().length;
      bytes += e.value() == null ? 0 : e.value().length;
    }
    List<String> live = new ArrayList<>();
    for (int slot : Elements.slots()) {
      store.forEachKey(slot, Long.MIN_VALUE, key -> live.add(key.toString()));
    }
    long goneUnmarked =
        keys.stream()
            .filter(key -> !live.contains(key))
            .filter(
                key ->
                    listing.stream()
                        .noneMatch(
                            e -> e.kind() == Element.Kind.CLEAR && e.key().toString().equals(key)))
            .count();
    assertThat(store.estimatedBytes()).isEqualTo(bytes);
    assertThat(store.keyCount()).isEqualTo(live.size());
    assertThat(store.tombstoneCount()).isEqualTo(removed + goneUnmarked);
    assertThat(store.expiringCount())
        .isEqualTo(
            listing.stream()
                .filter(e -> e.kind() == Element.Kind.EXPIRY && e.number() != Element.NEVER)
                .filter(e -> live.contains(e.key().toString()))
                .count());
  }

  @Property(tries = 1000)
  void theNewestTimeCoversEverythingEverSeen(@ForAll long seed) {
    List<Element> elements = randomElements(new Random(seed), 12);
    ShardStore store = storeOf(elements);
    for (Element e : elements) {
      assertThat(store.newestTime(e.key(), 0)).isGreaterThanOrEqualTo(e.version().time());
    }
  }

  private static void assertDigestsTrue(ShardStore store) {
    long whole = 0;
    for (int slot : Elements.slots()) {
      long[] leaves = new long[256];
      store.forEachElement(slot, e -> leaves[e.key().leaf()] += e.digest(DIGEST_KEY));
      long sum = 0;
      for (int branch = 0; branch < 16; branch++) {
        long branchSum = 0;
        for (int leaf = 0; leaf < 16; leaf++) {
          assertThat(store.digests().leaves(slot, branch)[leaf])
              .isEqualTo(leaves[branch * 16 + leaf]);
          branchSum += leaves[branch * 16 + leaf];
        }
        assertThat(store.digests().branches(slot)[branch]).isEqualTo(branchSum);
        sum += branchSum;
      }
      assertThat(store.digests().slot(slot)).isEqualTo(sum);
      whole += sum;
    }
    assertThat(store.digests().whole()).isEqualTo(whole);
  }

  private static List<Element> randomElements(Random random, int size) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      elements.add(Elements.any(random));
    }
    return elements;
  }

  private static ShardStore newStore() {
    return new ShardStore(0, Slot.COUNT - 1, DIGEST_KEY);
  }

  private static ShardStore storeOf(List<Element> elements) {
    ShardStore store = newStore();
    elements.forEach(store::merge);
    return store;
  }

  private static List<Element> listing(ShardStore store) {
    List<Element> listing = new ArrayList<>();
    for (int slot : Elements.slots()) {
      store.forEachElement(slot, listing::add);
    }
    return listing;
  }

  private interface Orders {
    void accept(List<Element> order);
  }

  private static void permute(List<Element> elements, int from, Orders orders) {
    if (from == elements.size()) {
      orders.accept(elements);
      return;
    }
    for (int i = from; i < elements.size(); i++) {
      Collections.swap(elements, from, i);
      permute(elements, from + 1, orders);
      Collections.swap(elements, from, i);
    }
  }
}
