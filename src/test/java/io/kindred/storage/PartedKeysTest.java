package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Slot;
import io.kindred.entry.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Large keys that a passed expiry, a clear mark or another type parts: some of it lives on. */
class PartedKeysTest {

  private static final Key KEY = Elements.key("k");
  // The expiry at 1 ms hides all up to this time.
  private static final long HIDDEN = (1L << 16) | 0xffff;

  private ShardStore store = new ShardStore(0, Slot.COUNT - 1, 42);

  @Property(tries = 40)
  void aPassedExpiryHidesJustWhatAMarkInItsPlaceDrops(@ForAll long seed) {
    Random random = new Random(seed);
    store = new ShardStore(0, Slot.COUNT - 1, 42);
    ShardStore marked = new ShardStore(0, Slot.COUNT - 1, 42);
    List<Element> elements = new ArrayList<>();
    int names = 1 + random.nextInt(400);
    for (int i = 0; i < 2 * names; i++) {
      long time = random.nextBoolean() ? 1 + random.nextInt(1000) : HIDDEN + random.nextInt(1000);
      Version version = new Version(time, 1 + random.nextInt(3));
      byte[] member = Elements.text("m" + random.nextInt(names));
      Version base = new Version(random.nextBoolean() ? HIDDEN : random.nextInt(900), 0);
      elements.add(
          switch (random.nextInt(4)) {
            case 0 -> Element.scoreRemoved(KEY, member, version);
            case 1 -> Element.scoreCount(KEY, member, version, base, random.nextBoolean(), 1.5);
            default -> Element.score(KEY, member, version, random.nextInt(20));
          });
    }
    for (Element element : elements) {
      store.merge(element);
      marked.merge(element);
    }
    marked.merge(Element.clearByExpiry(KEY, HIDDEN));
    store.merge(Element.expiry(KEY, new Version(2, 1), 1));
    // Read, changed, and read again.
    assertThat(scores(store)).isEqualTo(scores(marked));
    Element last = Element.score(KEY, Elements.text("last"), new Version(HIDDEN + 5000, 1), 7);
    store.merge(last);
    marked.merge(last);
    assertThat(scores(store)).isEqualTo(scores(marked)).containsEntry("last", 7.0);
    assertThat(store.type(KEY, 1)).isEqualTo(KeyType.ZSET);
    assertThat(store.rank(KEY, Elements.text("last"), 1))
        .isEqualTo(marked.rank(KEY, Elements.text("last"), 1));
    assertThat(store.scoredBelow(KEY, 7, true, 1)).isEqualTo(marked.scoredBelow(KEY, 7, true, 1));
    // And its order, which a walk that drops some keeps up.
    Map<String, Double> byRank = new TreeMap<>();
    marked.forEachScored(
        KEY, 1, 0, Long.MAX_VALUE, false, (member, score) -> byRank.put(text(member), score));
    assertThat(byRank).isEqualTo(scores(marked));
  }

  private static Map<String, Double> scores(ShardStore of) {
    Map<String, Double> scores = new TreeMap<>();
    for (int i = -1; i < 400; i++) {
      String member = i < 0 ? "last" : "m" + i;
      double score = of.score(KEY, Elements.text(member), 1);
      if (!Double.isNaN(score)) {
        scores.put(member, score);
      }
    }
    assertThat(of.scoredCount(KEY, 1)).isEqualTo(scores.size());
    return scores;
  }

  @Test
  void whatShowsIsWorkedOutOnceAndItsMemoryIsCounted() {
    addHalves(40_000);
    long whole = store.memory().large();
    store.merge(Element.expiry(KEY, new Version(1, 1), 1));
    assertThat(store.memory().large()).isEqualTo(whole);

    assertThat(store.memberCount(KEY, 1)).isEqualTo(20_000);
    long withCopy = store.memory().large();
    assertThat(withCopy - whole).isBetween(whole / 4, whole * 3 / 4);
    for (int i = 0; i < 40_000; i++) {
      assertThat(store.hasMember(KEY, member(i), 1)).isEqualTo(i % 2 == 0);
    }
    assertThat(store.memory().large()).isEqualTo(withCopy);

    // Nothing new: the copy is still right.
    store.merge(Element.member(KEY, member(0), new Version(1, 1)));
    assertThat(store.memory().large()).isEqualTo(withCopy);
    store.merge(Element.memberRemoved(KEY, member(0), new Version(HIDDEN + 9, 1)));
    assertThat(store.memory().large()).isBetween(whole - 1000, whole + 1000);
    assertThat(store.memberCount(KEY, 1)).isEqualTo(19_999);

    store.merge(Element.clear(KEY, new Version(HIDDEN + 9, 2)));
    assertThat(store.memory().large()).isZero();
  }

  @Test
  void thatNothingIsHiddenIsFoundOutOnceAndTakesNoMemory() {
    addHalves(10_000);
    for (int i = 1; i < 10_000; i += 2) {
      store.merge(Element.member(KEY, member(i), new Version(HIDDEN + 2, 1)));
    }
    long whole = store.memory().large();
    store.merge(Element.expiry(KEY, new Version(1, 1), 1));
    assertThat(store.memberCount(KEY, 1)).isEqualTo(10_000);
    assertThat(store.memory().large()).isEqualTo(whole);
  }

  @Test
  void aMarkThatSparesSomeLeavesNoMoreThanTheyNeed() {
    addHalves(40_000);
    long whole = store.memory().large();
    store.merge(Element.clearByExpiry(KEY, HIDDEN));
    assertThat(store.memory().large()).isLessThan(whole * 2 / 3);
    assertThat(store.memberCount(KEY, 1)).isEqualTo(20_000);
    for (int i = 0; i < 40_000; i++) {
      assertThat(store.hasMember(KEY, member(i), 1)).isEqualTo(i % 2 == 0);
    }
    List<Element> listing = new ArrayList<>();
    store.forEachElement(KEY.slot(), listing::add);
    assertThat(listing.stream().mapToLong(e -> e.digest(42)).sum())
        .isEqualTo(store.digests().whole());
  }

  /** Those of even numbers outlive the expiry. */
  private void addHalves(int members) {
    for (int i = 0; i < members; i++) {
      store.merge(Element.member(KEY, member(i), new Version(i % 2 == 0 ? HIDDEN + 1 : 1, 1)));
    }
  }

  private static byte[] member(int i) {
    return Elements.text(String.format(java.util.Locale.ROOT, "%06d", i));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
