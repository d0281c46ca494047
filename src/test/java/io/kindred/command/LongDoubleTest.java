package io.kindred.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The expected texts are what a redis-server 7.0 answered. */
class LongDoubleTest {

  @Test
  void shortDecimalsAddUpToShortOnes() {
    assertThat(sum("5.0", "0.1")).isEqualTo("5.1");
    assertThat(sum("0.1", "0.2")).isEqualTo("0.3");
    assertThat(sum("3.0e3", "200")).isEqualTo("3200");
    assertThat(sum("10.50", "0x10")).isEqualTo("26.5");
    assertThat(sum("5.1", "1e-17")).isEqualTo("5.10000000000000001");
    assertThat(sum("-0.0", "-0.0")).isEqualTo("0");
    assertThat(sum("0", "-1e-20")).isEqualTo("0");
  }

  @Test
  void sixtyFourBitsAreKept() {
    assertThat(sum("5.10000000000000001", "1e30")).isEqualTo("1000000000000000000024696061952");
    assertThat(sum("1000000000000000000024696061952", "-1e30")).isEqualTo("0");
  }

  @Test
  void hexadecimalDigitsAreReadToTheLast() {
    assertThat(sum("0x9223372036854775c08", "9223372036854776"))
        .isEqualTo("43132203896894876463104");
    assertThat(sum("-0x1.8p1", "0x.8")).isEqualTo("-2.5");
    assertThat(parsed("0x1p-99999")).isEmpty();
    assertThat(parsed("0x1p99999999999")).isEmpty();
  }

  @Test
  void infinityIsReadButNoSum() {
    assertThat(parsed("-inf").orElseThrow().isFinite()).isFalse();
    assertThat(sum("inf", "1")).isEqualTo("infinite");
    assertThat(sum("1e4932", "1e4932")).isEqualTo("infinite");
    assertThat(sum("1e4932", "-1e4932")).isEqualTo("0");
  }

  @Test
  void whatIsNoNumberOrOutOfRangeIsNone() {
    for (String none :
        new String[] {
          "",
          " 1",
          "1 ",
          "x",
          "nan",
          "1e4933",
          "1e-5000",
          "1e999999999999",
          "1e-9999999",
          "1e9999999"
        }) {
      assertThat(parsed(none)).as(none).isEmpty();
    }
    assertThat(parsed("1".repeat(6000))).isEmpty();
  }

  private static Optional<LongDouble> parsed(String text) {
    return LongDouble.parse(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String sum(String one, String other) {
    LongDouble sum = parsed(one).orElseThrow().plus(parsed(other).orElseThrow());
    return sum.isFinite() ? sum.text() : "infinite";
  }
}
