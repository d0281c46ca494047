package io.kindred.ring;

import static io.kindred.ring.Rings.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FoundingTest {

  private static final Founding TWO_BY_TWO =
      new Founding("dc", List.of("b", "a"), 2, new Shards(64));

  @Test
  void dealsContiguousEvenRangesByNameWhateverTheOrder() {
    List<Member> seen =
        new ArrayList<>(
            List.of(member("a2", 5), member("a1", 900), member("b1", 3), member("b2", 1)));
    Founding.Result first = TWO_BY_TWO.with(seen, 7);
    Collections.shuffle(seen, new Random(1));
    assertThat(TWO_BY_TWO.with(seen, 7)).isEqualTo(first);

    Ring ring = ((Founding.Ready) first).ring();
    assertThat(ring.id()).isEqualTo(7);
    assertThat(ring.epoch()).isEqualTo(1);
    assertThat(ring.ownedBy(new NodeId("a1", 900))).hasSize(32).startsWith(0, 1).endsWith(31);
    assertThat(ring.ownedBy(new NodeId("a2", 5))).hasSize(32).startsWith(32).endsWith(63);
    assertThat(ring.racks()).containsExactly("a", "b");
  }

  @Test
  void unevenRangesDifferByOne() {
    Founding founding = new Founding("dc", List.of("a"), 3, new Shards(64));
    List<Member> seen = List.of(member("a1", 1), member("a2", 2), member("a3", 3));
    Ring ring = ((Founding.Ready) founding.with(seen, 7)).ring();
    assertThat(seen).allMatch(each -> Set.of(21, 22).contains(ring.ownedBy(each.id()).size()));
  }

  @Test
  void nodesBeyondThePlanAreLeftOut() {
    List<Member> seen =
        List.of(
            member("a1", 1),
            member("a2", 2),
            member("a3", 3),
            member("b1", 4),
            member("b2", 5),
            member("z1", 6));
    Ring ring = ((Founding.Ready) TWO_BY_TWO.with(seen, 7)).ring();
    assertThat(ring.members())
        .extracting(m -> m.id().name())
        .containsExactly("a1", "a2", "b1", "b2");
  }

  @Test
  void saysWhatIsMissing() {
    List<Member> seen = List.of(member("a1", 1), member("a2", 2), member("b1", 3));
    assertThat(TWO_BY_TWO.with(seen, 7)).isEqualTo(new Founding.Missing("1 of rack b"));
    assertThat(TWO_BY_TWO.with(List.of(member("a1", 1), member("a1", 2)), 7))
        .isInstanceOf(Founding.Missing.class);
  }

  @Test
  void aPlanThatCannotBeMetIsRefused() {
    assertThatThrownBy(() -> new Founding("dc", List.of("a", "a"), 1, new Shards(4)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Founding("dc", List.of("a", "b", "c"), 1, new Shards(1024)))
        .hasMessageContaining("3 racks of 1024 shards");
    assertThatThrownBy(() -> new Founding("dc", List.of("a"), 5, new Shards(4)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
