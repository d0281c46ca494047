package io.kindred.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** An index against a map, with hashes that crowd and collide, also at the table's end. */
class KeyIndexTest {

  @Property(tries = 200)
  void findsWhatWasAdded(@ForAll long seed) {
    Random random = new Random(seed);
    KeyIndex index = new KeyIndex();
    Map<Integer, Integer> hashOf = new HashMap<>();
    int most = 1 + random.nextInt(600);
    for (int step = 1; step <= 2 * most; step++) {
      if (!hashOf.isEmpty() && random.nextInt(3) == 0) {
        int ref = hashOf.keySet().iterator().next();
        index.remove(placeOf(index, hashOf.remove(ref), ref));
      } else {
        int hash = hash(random);
        int ref = random.nextBoolean() ? step : -step;
        index.add(hash, ref);
        hashOf.put(ref, hash);
      }
      assertThat(index.size()).isEqualTo(hashOf.size());
    }
    hashOf.forEach((ref, hash) -> assertThat(placeOf(index, hash, ref)).isNotNegative());
    List<Integer> all = new ArrayList<>();
    index.forEach(all::add);
    assertThat(all).containsExactlyInAnyOrderElementsOf(hashOf.keySet());
    for (int leaf : new int[] {0, 1, 127, 128, 254, 255}) {
      List<Integer> found = new ArrayList<>();
      index.forEachOfLeaf(leaf, found::add);
      TreeSet<Integer> expected = new TreeSet<>();
      hashOf.forEach(
          (ref, hash) -> {
            if (hash >>> 24 == leaf) {
              expected.add(ref);
            }
          });
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static int placeOf(KeyIndex index, int hash, int ref) {
    int place = index.find(hash);
    while (place >= 0 && index.ref(place) != ref) {
      place = index.findNext(place);
    }
    return place;
  }

  private static int hash(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(4);
      case 1 -> -1 - random.nextInt(4);
      case 2 -> (127 + random.nextInt(3)) << 24 | random.nextInt(3);
      default -> random.nextInt();
    };
  }
}
