package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void wordsStandLeftAndNumbersRight() {
    assertThat(
            new Table("NODE", "KEYS", "REMARK")
                .row("node-1", 7, "")
                .row("n2", "12,345", "slow")
                .row("node-3", "-", "")
                .render())
        .isEqualTo(
            """
            NODE      KEYS  REMARK
            node-1       7
            n2      12,345  slow
            node-3       -
            """);
  }

  @Test
  void aRowHasACellForEachHeading() {
    assertThatThrownBy(() -> new Table("A", "B").row("x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void quantitiesAreReadable() {
    assertThat(Quantity.count(1234567)).isEqualTo("1,234,567");
    assertThat(Quantity.bytes(1023)).isEqualTo("1023 B");
    assertThat(Quantity.bytes(1536)).isEqualTo("1.5 KiB");
    assertThat(Quantity.bytes(5L << 40)).isEqualTo("5120.0 GiB");
    assertThat(Quantity.millis(9999)).isEqualTo("9999 ms");
    assertThat(Quantity.millis(12_345)).isEqualTo("12.3 s");
  }
}
