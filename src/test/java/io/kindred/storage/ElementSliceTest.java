package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Slot;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Listings read a slice at a time, with and without merges in between. */
class ElementSliceTest {

  private static final Key KEY = Elements.key("k");

  private final ShardStore store = new ShardStore(0, Slot.COUNT - 1, 42);

  @Property(tries = 400)
  void slicesOfAnySizeMakeUpTheWholeListing(@ForAll long seed) {
    Random random = new Random(seed);
    ShardStore any = new ShardStore(0, Slot.COUNT - 1, 42);
    List<Element> elements = new ArrayList<>();
    for (int i = random.nextInt(150); i >= 0; i--) {
      elements.add(element(random));
    }
    elements.forEach(any::merge);
    assertThat(inSlices(any, random, () -> {})).isEqualTo(MergedSet.of(elements));
  }

  @Property(tries = 400)
  void whatIsThereThroughoutIsListedOnceAndInOrderWhateverIsMergedMeanwhile(@ForAll long seed) {
    Random random = new Random(seed);
    ShardStore any = new ShardStore(0, Slot.COUNT - 1, 42);
    for (int i = random.nextInt(150); i >= 0; i--) {
      any.merge(element(random));
    }
    Set<Element> throughout = new HashSet<>(whole(any));
    List<Element> listed =
        inSlices(
            any,
            random,
            () -> {
              for (int i = random.nextInt(3); i > 0; i--) {
                any.merge(element(random));
              }
              throughout.retainAll(new HashSet<>(whole(any)));
            });
    assertThat(listed).containsAll(throughout);
    for (int i = 1; i < listed.size(); i++) {
      assertThat(listed.get(i - 1).comparePlace(listed.get(i))).isNegative();
    }
  }

  /** Mostly of one type, with names that begin with each other, counted by origins of all kinds. */
  private static Element element(Random random) {
    if (random.nextInt(4) == 0) {
      return Elements.any(random);
    }
    Version version = new Version(1 + random.nextInt(60), ORIGINS[random.nextInt(ORIGINS.length)]);
    byte[] name = new byte[random.nextInt(random.nextInt(10) == 0 ? 14 : 4)];
    for (int i = 0; i < name.length; i++) {
      name[i] = (byte) (random.nextInt(3) == 0 ? 0xff : random.nextInt(3) - 1);
    }
    Version base = new Version(random.nextInt(60), 1);
    return switch (random.nextInt(4)) {
      case 0 -> Element.field(KEY, name, version, name);
      case 1 -> Element.scoreCount(KEY, name, new Version(1, version.origin()), base, true, 2);
      default -> Element.fieldCount(KEY, name, version, base, random.nextBoolean(), 5);
    };
  }

  private static final long[] ORIGINS = {
    0, 1, 0x00ff_ffff_ffff_ffffL, -1, -256, 0x0001_ff00L << 32
  };

  private static List<Element> inSlices(ShardStore store, Random random, Runnable between) {
    List<Element> listed = new ArrayList<>();
    for (int slot : Elements.slots()) {
      for (int leaf = 0; leaf < 256; leaf++) {
        ElementCursor from = null;
        do {
          ElementSlice slice = new ElementSlice(listed::add, 1 + random.nextInt(9), 1 << 20);
          from = store.readElements(slot, leaf, from, slice);
          if (from != null) {
            between.run();
          }
        } while (from != null);
      }
    }
    return listed;
  }

  private static List<Element> whole(ShardStore store) {
    List<Element> listing = new ArrayList<>();
    Elements.slots().forEach(slot -> store.forEachElement(slot, listing::add));
    return listing;
  }

  @Test
  void aHugeKeyIsReadAThousandRowsAtATimeThoseWithoutAnElementIncluded() {
    for (int i = 0; i < 10_000; i++) {
      byte[] member = Elements.text(String.format(java.util.Locale.ROOT, "%06d", i));
      store.merge(
          Element.scoreCount(KEY, member, new Version(i + 1, 1), new Version(1, 1), true, 2));
    }
    store.merge(Element.score(KEY, Elements.text("~"), new Version(20_000, 1), 1));
    List<Integer> sizes = sizes();
    assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(10_002);
    assertThat(sizes).allMatch(size -> size <= 1_024 + 1);
    // Once past all members for their scores, of which one was set, once for what was counted.
    assertThat(sizes).hasSizeBetween(18, 21);
  }

  @Test
  void aLeafOfManyKeysIsReadAThousandAtATime() {
    Key first = Elements.key("{k}0");
    List<Element> expected = new ArrayList<>();
    for (int i = 0; expected.size() < 3_000; i++) {
      Key key = Elements.key("{k}" + i);
      if (key.leaf() == first.leaf()) {
        Element element = Element.string(key, new Version(5, 1), Elements.text("v"));
        expected.add(element);
        store.merge(element);
      }
    }
    expected.sort(Element::comparePlace);
    List<Element> listed = new ArrayList<>();
    List<Integer> sizes = sizes(first, listed);
    assertThat(listed).isEqualTo(expected);
    assertThat(sizes).containsExactly(1_024, 1_024, 952);
  }

  @Test
  void hugeValuesMakeSmallSlices() {
    for (int i = 0; i < 8; i++) {
      store.merge(
          Element.field(KEY, Elements.text("f" + i), new Version(5, 1), new byte[75 * 1024]));
    }
    assertThat(sizes()).containsExactly(3, 2, 2, 2);
  }

  @Test
  void aCursorOfAnotherLeafLeavesNothingOut() {
    Element element = Element.type(KEY, new Version(5, 1), KeyType.STRING);
    store.merge(element);
    Key other = Elements.key("{k}of another leaf");
    List<Element> listed = new ArrayList<>();
    store.readElements(
        KEY.slot(),
        KEY.leaf(),
        new ElementCursor(other, 11, new byte[0]),
        ElementSlice.of(listed::add));
    assertThat(other.leaf()).isNotEqualTo(KEY.leaf());
    assertThat(listed).containsExactly(element);
  }

  private List<Integer> sizes() {
    return sizes(KEY, new ArrayList<>());
  }

  private List<Integer> sizes(Key key, List<Element> listed) {
    List<Integer> sizes = new ArrayList<>();
    ElementCursor from = null;
    do {
      int before = listed.size();
      from = store.readElements(key.slot(), key.leaf(), from, ElementSlice.of(listed::add));
      sizes.add(listed.size() - before);
    } while (from != null);
    return sizes;
  }
}
