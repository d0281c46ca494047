package io.kindred.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.entry.Element.Kind;
import org.junit.jupiter.api.Test;

class ElementTest {

  private static final Key KEY = Elements.key("k");
  private static final Version VERSION = new Version(5, 6);
  private static final byte[] NAME = Elements.text("m");
  private static final byte[] EMPTY = {};
  private static final long NAN = Double.doubleToLongBits(Double.NaN);

  @Test
  void aCollectionsPartsAddAndTheirRemovalsDoNot() {
    byte[] position = Position.tail(VERSION, 0);
    Element[] added = {
      Element.field(KEY, NAME, VERSION, EMPTY),
      Element.member(KEY, NAME, VERSION),
      Element.score(KEY, NAME, VERSION, 0),
      Element.item(KEY, position, VERSION, EMPTY)
    };
    Element[] removed = {
      Element.fieldRemoved(KEY, NAME, VERSION),
      Element.memberRemoved(KEY, NAME, VERSION),
      Element.scoreRemoved(KEY, NAME, VERSION),
      Element.itemRemoved(KEY, position, VERSION)
    };
    for (int i = 0; i < added.length; i++) {
      assertThat(added[i].adds()).isTrue();
      assertThat(added[i].isTombstone()).isFalse();
      assertThat(removed[i].adds()).isFalse();
      assertThat(removed[i].isTombstone()).isTrue();
      assertThat(removed[i].beats(added[i])).isTrue();
      assertThat(removed[i].digest(1)).isNotEqualTo(added[i].digest(1));
    }
  }

  @Test
  void onlyAFoundingContributionAdds() {
    Version base = new Version(4, 4);
    Element founding = Element.fieldCount(KEY, NAME, VERSION, base, true, 3);
    Element later = Element.fieldCount(KEY, NAME, VERSION, base, false, 3);
    assertThat(founding.adds()).isTrue();
    assertThat(later.adds()).isFalse();
    assertThat(founding.isTombstone() || later.isTombstone()).isFalse();
    assertThat(founding).isNotEqualTo(later);
    assertThat(founding.beats(later)).isTrue();
    assertThat(later.beats(founding)).isFalse();
    assertThat(founding.digest(1)).isNotEqualTo(later.digest(1));
    assertThat(later.countedName()).isEqualTo(NAME);
    assertThat(Element.scoreCount(KEY, NAME, VERSION, base, true, 3).adds()).isTrue();
    assertThat(Element.count(KEY, VERSION, base, 3).adds()).isFalse();
    assertThat(Element.string(KEY, VERSION, NAME).adds()).isFalse();
  }

  @Test
  void aScoreHasOneZeroAndIsANumber() {
    Element zero = Element.score(KEY, NAME, VERSION, -0.0);
    assertThat(zero).isEqualTo(Element.score(KEY, NAME, VERSION, 0.0));
    assertThat(zero.number()).isZero();
    assertThat(Element.score(KEY, NAME, VERSION, -2.5).score()).isEqualTo(-2.5);
    assertThatThrownBy(() -> Element.score(KEY, NAME, VERSION, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Element.scoreCount(KEY, NAME, VERSION, Version.NONE, true, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatAKindDoesNotCarryIsRefused() {
    refused(Kind.SCORE, NAME, NAME, 0, Version.NONE);
    refused(Kind.SCORE, NAME, EMPTY, NAN, Version.NONE);
    refused(Kind.SCORE, NAME, EMPTY, Long.MIN_VALUE, Version.NONE);
    refused(Kind.SCORE, NAME, null, 1, Version.NONE);
    refused(Kind.SCORE, NAME, EMPTY, 0, VERSION);
    refused(Kind.FIELD_COUNT, NAME, null, 0, Version.NONE);
    refused(Kind.FIELD_COUNT, Element.countPart(NAME, 7), null, 0, Version.NONE);
    refused(Kind.FIELD_COUNT, Element.countPart(NAME, 6), NAME, 0, Version.NONE);
    refused(Kind.SCORE_COUNT, Element.countPart(NAME, 6), null, NAN, Version.NONE);
    refused(Kind.ITEM, EMPTY, NAME, 0, Version.NONE);
    refused(Kind.ITEM, new byte[21], NAME, 0, Version.NONE);
    refused(Kind.ITEM, new byte[20], NAME, 1, Version.NONE);
    refused(Kind.ITEM, new byte[20], NAME, 0, VERSION);
    refused(Kind.TYPE, new byte[] {6}, null, 0, Version.NONE);
  }

  private static void refused(Kind kind, byte[] part, byte[] value, long number, Version base) {
    assertThatThrownBy(() -> new Element(KEY, kind, part, VERSION, value, number, base))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
