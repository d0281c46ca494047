package io.kindred.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PositionTest {

  /** Pushes and inserts of one writer, against a list that is simply a list. */
  @Property
  void positionsSortAsTheListThatTheyStandFor(@ForAll long seed) {
    Random random = new Random(seed);
    List<byte[]> list = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (int time = 1; time <= 60; time++) {
      Version version = new Version(time, random.nextLong());
      int count = 1 + random.nextInt(3);
      switch (random.nextInt(4)) {
        case 0 -> {
          for (int i = 0; i < count; i++) {
            list.add(0, Position.head(version, i));
          }
        }
        case 1 -> {
          for (int i = 0; i < count; i++) {
            list.add(Position.tail(version, i));
          }
        }
        default -> {
          if (!list.isEmpty()) {
            int left = random.nextInt(list.size());
            byte[] right = left + 1 < list.size() ? list.get(left + 1) : null;
            list.add(left + 1, Position.between(list.get(left), right, version));
          }
        }
      }
      if (!list.isEmpty() && random.nextInt(4) == 0) {
        list.remove(random.nextInt(list.size()));
      }
      assertThat(list)
          .isSortedAccordingTo(Arrays::compareUnsigned)
          .allMatch(Position::isWellFormed);
    }
    list.forEach(position -> assertThat(used.add(Arrays.toString(position))).isTrue());
  }

  @Test
  void whatTwoRacksPushAtOneTimeNeitherMeetsNorMingles() {
    Version one = new Version(5, 1);
    Version two = new Version(5, 2);
    assertThat(
            List.of(
                Position.head(one, 1),
                Position.head(one, 0),
                Position.head(two, 1),
                Position.head(two, 0),
                Position.tail(one, 0),
                Position.tail(one, 1),
                Position.tail(two, 0),
                Position.tail(two, 1)))
        .isSortedAccordingTo(Arrays::compareUnsigned)
        .doesNotHaveDuplicates();
    byte[] left = Position.tail(one, 0);
    byte[] right = Position.tail(one, 1);
    assertThat(Position.between(left, right, two)).isNotEqualTo(Position.between(left, right, one));
  }

  @Test
  void rowsOfInsertsDoNotGrowLonger() {
    byte[] left = Position.tail(new Version(1, 1), 0);
    byte[] right = Position.tail(new Version(1, 1), 1);
    byte[] beforeRight = left;
    byte[] behindLeft = right;
    for (int time = 2; time < 100; time++) {
      beforeRight = Position.between(beforeRight, right, new Version(time, 1));
      behindLeft = Position.between(left, behindLeft, new Version(time, 1));
      assertThat(beforeRight).hasSize(2 * Position.COMPONENT_BYTES);
      assertThat(behindLeft).hasSize(2 * Position.COMPONENT_BYTES);
    }
  }

  @Test
  void whatCannotBePlacedIsRefused() {
    Version version = new Version(1, 1);
    byte[] position = Position.tail(version, Position.SEQUENCE_MAX);
    assertThat(Arrays.compareUnsigned(position, Position.tail(version, 0x10000))).isPositive();
    assertThatThrownBy(() -> Position.tail(version, Position.SEQUENCE_MAX + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Position.head(version, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Position.between(position, position, version))
        .isInstanceOf(IllegalArgumentException.class);
    for (int length : new int[] {0, 1, 19, 21, 39}) {
      assertThat(Position.isWellFormed(new byte[length])).isFalse();
    }
  }
}
