package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.storage.actor.NodeProtocol.Leaf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeafWalkTest {

  @Test
  void visitsEveryLeafOfEverySlotInOrder() {
    LeafWalk walk = new LeafWalk(List.of(100, 102));
    List<Leaf> visited = new ArrayList<>();
    int elements = 0;
    for (List<Leaf> some = walk.next(); !some.isEmpty(); some = walk.next()) {
      assertThat(some.stream().map(Leaf::slot).distinct()).hasSize(1);
      visited.addAll(some);
      walk.found((elements += 700) % 2_000);
    }
    assertThat(visited).hasSize(512);
    for (int i = 0; i < 512; i++) {
      assertThat(visited.get(i)).isEqualTo(new Leaf(i < 256 ? 100 : 102, i % 256));
    }
  }

  @Test
  void readsFewerLeavesWhereTheyAreFullAndMoreWhereTheyAreEmpty() {
    LeafWalk walk = new LeafWalk(List.of(0, 1));
    int first = walk.next().size();
    walk.found(5_000);
    assertThat(walk.next()).hasSize(first / 2);
    walk.found(0);
    walk.found(0);
    assertThat(walk.next()).hasSize(first * 2);
    for (int i = 0; i < 20; i++) {
      walk.found(5_000);
    }
    assertThat(walk.next()).hasSize(1);
  }
}
