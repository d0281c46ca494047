package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.Key;
import io.kindred.entry.Position;
import io.kindred.entry.Slot;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Keys that cross the border between a block and a state of their own, in both directions: what
 * they hold stays a function of the set of elements, and ranks and positions stay true.
 */
class LargeKeysTest {

  private static final long DIGEST_KEY = 77;
  private static final Key KEY = Elements.key("large");

  @Property(tries = 60)
  void whatALargeKeyHoldsDependsOnTheSetOfElementsAlone(@ForAll long seed) {
    Random random = new Random(seed);
    int names = 1 + random.nextInt(150);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < 2 * names; i++) {
      elements.add(element(random, names));
    }
    List<Element> expected = MergedSet.of(elements);
    for (int order = 0; order < 2; order++) {
      ShardStore store = new ShardStore(0, Slot.COUNT - 1, DIGEST_KEY);
      elements.forEach(store::merge);
      assertThat(listing(store)).isEqualTo(expected);
      assertThat(store.digests().whole())
          .isEqualTo(expected.stream().mapToLong(e -> e.digest(DIGEST_KEY)).sum());
      Collections.shuffle(elements, random);
    }
  }

  /** Mostly of one type, with now and then a mark, another type or a huge value. */
  private static Element element(Random random, int names) {
    Version version = new Version(1 + random.nextInt(60), random.nextInt(3));
    byte[] name = Elements.text("name-" + random.nextInt(names));
    byte[] value = new byte[random.nextInt(random.nextInt(30) == 0 ? 5000 : 40)];
    random.nextBytes(value);
    int chance = random.nextInt(300);
    if (chance == 0) {
      return Element.clear(KEY, new Version(version.time() / 2, 1));
    }
    if (chance == 1) {
      return Element.string(KEY, new Version(version.time() / 2, 1), value);
    }
    if (chance == 2) {
      return Element.member(KEY, name, new Version(version.time() / 2, 1));
    }
    if (chance < 60) {
      return Element.fieldRemoved(KEY, name, version);
    }
    if (chance < 90) {
      Version base = new Version(random.nextInt(60), random.nextInt(3));
      return Element.fieldCount(KEY, name, version, base, random.nextBoolean(), chance);
    }
    return Element.field(KEY, name, version, value);
  }

  @Property(tries = 40)
  void ranksAndScoresAreThoseOfASortedList(@ForAll long seed) {
    Random random = new Random(seed);
    ShardStore store = new ShardStore(0, Slot.COUNT - 1, DIGEST_KEY);
    Map<String, Double> model = new TreeMap<>();
    int names = 1 + random.nextInt(300);
    for (int time = 1; time < 3 * names; time++) {
      Version version = new Version(time, 1);
      String name = "m" + random.nextInt(names);
      byte[] member = Elements.text(name);
      if (random.nextInt(4) == 0) {
        store.merge(Element.scoreRemoved(KEY, member, version));
        model.remove(name);
      } else if (random.nextInt(3) == 0) {
        CountBase base = store.scoreBase(KEY, member, 1, 0);
        double sum = store.scoreContribution(KEY, member, 1, base.version()) + 1.5;
        store.merge(Element.scoreCount(KEY, member, version, base.version(), base.founding(), sum));
        model.merge(name, 1.5, Double::sum);
      } else {
        double score = random.nextInt(20) - 10;
        store.merge(Element.score(KEY, member, version, score));
        model.put(name, score);
      }
    }
    List<String> sorted = new ArrayList<>(model.keySet());
    sorted.sort(
        (one, two) -> {
          int byScore = Double.compare(model.get(one), model.get(two));
          return byScore != 0 ? byScore : one.compareTo(two);
        });
    assertThat(store.scoredCount(KEY, 0)).isEqualTo(sorted.size());
    List<String> listed = new ArrayList<>();
    store.forEachScored(
        KEY,
        0,
        0,
        Long.MAX_VALUE,
        false,
        (member, score) -> {
          String name = new String(member, java.nio.charset.StandardCharsets.ISO_8859_1);
          listed.add(name);
          assertThat(score).isEqualTo(model.get(name));
        });
    assertThat(listed).isEqualTo(sorted);
    for (int rank = 0; rank < sorted.size(); rank += 1 + sorted.size() / 20) {
      byte[] member = Elements.text(sorted.get(rank));
      double score = model.get(sorted.get(rank));
      assertThat(store.rank(KEY, member, 0)).isEqualTo(rank);
      assertThat(store.score(KEY, member, 0)).isEqualTo(score);
      assertThat(store.scoredBelow(KEY, score, false, 0))
          .isEqualTo(model.values().stream().filter(other -> other < score).count());
      assertThat(store.scoredBelow(KEY, score, true, 0))
          .isEqualTo(model.values().stream().filter(other -> other <= score).count());
    }
    List<String> tail = new ArrayList<>();
    store.forEachScored(
        KEY,
        0,
        1,
        3,
        true,
        (member, score) ->
            tail.add(new String(member, java.nio.charset.StandardCharsets.ISO_8859_1)));
    Collections.reverse(sorted);
    assertThat(tail)
        .isEqualTo(sorted.subList(Math.min(1, sorted.size()), Math.min(4, sorted.size())));
    assertThat(store.rank(KEY, Elements.text("nobody"), 0)).isEqualTo(-1);
  }

  @Property(tries = 40)
  void itemsStandWhereTheyWerePut(@ForAll long seed) {
    Random random = new Random(seed);
    ShardStore store = new ShardStore(0, Slot.COUNT - 1, DIGEST_KEY);
    List<byte[]> positions = new ArrayList<>();
    int most = 1 + random.nextInt(400);
    for (int time = 1; time < 2 * most; time++) {
      Version version = new Version(time, 1);
      if (!positions.isEmpty() && random.nextInt(3) == 0) {
        byte[] gone = positions.remove(random.nextInt(positions.size()));
        store.merge(Element.itemRemoved(KEY, gone, version));
      } else {
        boolean head = random.nextBoolean();
        byte[] position = head ? Position.head(version, 0) : Position.tail(version, 0);
        positions.add(head ? 0 : positions.size(), position);
        store.merge(Element.item(KEY, position, version, Elements.text("v" + time)));
      }
    }
    assertThat(store.itemCount(KEY, 0)).isEqualTo(positions.size());
    for (int index = 0; index < positions.size(); index += 1 + positions.size() / 20) {
      byte[][] found = new byte[2][];
      store.forEachItem(KEY, 0, index, 1, false, (position, value) -> found[0] = position);
      store.forEachItem(KEY, 0, index, 1, true, (position, value) -> found[1] = position);
      assertThat(found[0]).isEqualTo(positions.get(index));
      assertThat(found[1]).isEqualTo(positions.get(positions.size() - 1 - index));
    }
  }

  @Property(tries = 20)
  void memoryComesBackAndNothingIsLostByIt(@ForAll long seed) {
    Random random = new Random(seed);
    ShardStore store = new ShardStore(0, Slot.COUNT - 1, DIGEST_KEY);
    int count = 20_000;
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[100 + random.nextInt(100)];
      store.merge(Element.string(Elements.key("key:" + i), new Version(i + 1, 1), value));
    }
    for (int i = 0; i < count; i++) {
      if (i % 5 != 0) {
        store.merge(Element.clear(Elements.key("key:" + i), new Version(count + i + 1, 1)));
      }
    }
    long before = store.memory().chunks();
    long digest = store.digests().whole();
    long keys = store.keyCount();
    int moved = 0;
    while (store.compact()) {
      moved++;
    }
    assertThat(moved).isPositive();
    assertThat(store.memory().chunks()).isLessThan(before * 2 / 3);
    assertThat(store.digests().whole()).isEqualTo(digest);
    assertThat(store.keyCount()).isEqualTo(keys);
    for (int i = 0; i < count; i++) {
      byte[] value = store.string(Elements.key("key:" + i), 0);
      assertThat(value == null).isEqualTo(i % 5 != 0);
      assertThat(value == null || Arrays.equals(value, new byte[value.length])).isTrue();
    }
  }

  private static List<Element> listing(ShardStore store) {
    List<Element> listing = new ArrayList<>();
    store.forEachElement(KEY.slot(), listing::add);
    return listing;
  }
}
