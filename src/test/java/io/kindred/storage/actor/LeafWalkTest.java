package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Elements;
import io.kindred.entry.Key;
import io.kindred.storage.ElementCursor;
import io.kindred.storage.actor.NodeProtocol.Leaf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeafWalkTest {

  @Test
  void visitsEveryLeafOfEverySlotInOrder() {
    LeafWalk walk = new LeafWalk(List.of(100, 102));
    List<Leaf> visited = new ArrayList<>();
    for (List<Leaf> some = walk.leaves(); !some.isEmpty(); some = walk.leaves()) {
      assertThat(some.stream().map(Leaf::slot).distinct()).hasSize(1);
      assertThat(walk.from()).isEmpty();
      visited.addAll(some);
      walk.readUpTo(Optional.empty());
    }
    assertThat(visited).hasSize(512);
    for (int i = 0; i < 512; i++) {
      assertThat(visited.get(i)).isEqualTo(new Leaf(i < 256 ? 100 : 102, i % 256));
    }
  }

  @Test
  void goesOnInTheLeafWhereAReadingEnded() {
    Key key = Elements.key("k");
    LeafWalk walk = new LeafWalk(List.of(key.slot(), 16_383));
    ElementCursor place = new ElementCursor(key, 6, Elements.text("f"));
    walk.readUpTo(Optional.of(place));
    assertThat(walk.from()).contains(place);
    assertThat(walk.leaves().get(0)).isEqualTo(new Leaf(key.slot(), key.leaf()));
    assertThat(walk.leaves()).hasSize(256 - key.leaf());
    walk.readUpTo(Optional.empty());
    assertThat(walk.from()).isEmpty();
    assertThat(walk.leaves().get(0)).isEqualTo(new Leaf(16_383, 0));
    walk.readUpTo(Optional.empty());
    assertThat(walk.leaves()).isEmpty();
  }
}
