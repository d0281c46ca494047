package io.kindred.storage;

import static io.kindred.entry.Elements.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShardLoaderTest {

  private static List<Element> elementsOf(ShardStore store) {
    List<Element> all = new ArrayList<>();
    store.filledSlots().forEach(slot -> store.forEachElement(slot, all::add));
    return all;
  }

  @Test
  void mergesWhatMergingOneByOneDoesInAnyOrder() {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Key key = key("k" + i % 7);
      Version version = new Version(100 + i / 2, 1 + i % 2);
      elements.add(Element.string(key, version, new byte[] {(byte) i}));
      elements.add(Element.expiry(key, version, i % 3 == 0 ? Element.NEVER : 5_000 + i));
      if (i % 5 == 0) {
        elements.add(Element.expiry(key, new Version(100 + i, 3), 9_000));
        elements.add(Element.clear(key("k" + i % 3), new Version(90 + i, 1)));
      }
    }
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      ShardStore oneByOne = new ShardStore(0, 16_383, 7);
      elements.forEach(oneByOne::merge);
      ShardStore loaded = new ShardStore(0, 16_383, 7);
      ShardLoader loader = new ShardLoader(loaded);
      elements.forEach(loader::take);
      loader.finish();
      assertThat(elementsOf(loaded)).isEqualTo(elementsOf(oneByOne));
      assertThat(loaded.digests().whole()).isEqualTo(oneByOne.digests().whole());
      Collections.shuffle(elements, random);
    }
  }

  @Test
  void keepsWhatNothingFollowed() {
    ShardStore store = new ShardStore(0, 16_383, 7);
    ShardLoader loader = new ShardLoader(store);
    Element last = Element.string(key("k"), new Version(5, 1), new byte[] {1});
    loader.take(last);
    loader.finish();
    assertThat(elementsOf(store)).containsExactly(last);
  }
}
