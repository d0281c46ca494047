package io.kindred.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The expected texts are what a redis-server 7.0 answered. */
class FloatsTest {

  @Test
  void readsWhatStrtodReads() {
    assertThat(parsed("1")).isEqualTo(1);
    assertThat(parsed("+5")).isEqualTo(5);
    assertThat(parsed("-.5e1")).isEqualTo(-5);
    assertThat(parsed("5.")).isEqualTo(5);
    assertThat(parsed("0x10")).isEqualTo(16);
    assertThat(parsed("0X1.8P1")).isEqualTo(3);
    assertThat(parsed("iNf")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(parsed("-infinity")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(parsed("9223372036854775807")).isEqualTo(0x1p63);
    assertThat(parsed("4e-320")).isEqualTo(4e-320);
    assertThat(parsed("0e-999")).isZero();
  }

  @Test
  void whatIsNoNumberOrOutOfRangeIsNone() {
    for (String none :
        new String[] {
          "",
          " 1",
          "1 ",
          "1f",
          "1d",
          "1e",
          "e1",
          ".",
          "+",
          "nan",
          "nan(1)",
          "1e400",
          "1e-400",
          "0x",
          "1_0",
          "--1",
          "in",
          "0x1p-9999"
        }) {
      assertThat(parsed(none)).as(none).isNaN();
    }
  }

  @Test
  void aBoundIsReadLessClosely() {
    assertThat(bound("")).isZero();
    assertThat(bound(" 1")).isEqualTo(1);
    assertThat(bound("1e400")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(bound("1e-400")).isZero();
    assertThat(bound("+inf")).isEqualTo(Double.POSITIVE_INFINITY);
    for (String none : new String[] {" ", "1 ", "nan", "x", "(1"}) {
      assertThat(bound(none)).as(none).isNaN();
    }
  }

  @Test
  void writesSeventeenDigits() {
    assertThat(Floats.text(0.1)).isEqualTo("0.10000000000000001");
    assertThat(Floats.text(1e-5)).isEqualTo("1.0000000000000001e-05");
    assertThat(Floats.text(0.0001)).isEqualTo("0.0001");
    assertThat(Floats.text(3.14)).isEqualTo("3.1400000000000001");
    assertThat(Floats.text(1e16)).isEqualTo("10000000000000000");
    assertThat(Floats.text(1e17)).isEqualTo("1e+17");
    assertThat(Floats.text(123456789012345680.0)).isEqualTo("1.2345678901234568e+17");
    assertThat(Floats.text(Long.MIN_VALUE)).isEqualTo("-9.2233720368547758e+18");
    assertThat(Floats.text(-1e22)).isEqualTo("-1e+22");
    assertThat(Floats.text(1e300)).isEqualTo("1.0000000000000001e+300");
    assertThat(Floats.text(4e-320)).isEqualTo("3.999955468730732e-320");
    assertThat(Floats.text(0.5)).isEqualTo("0.5");
    assertThat(Floats.text(-0.0)).isEqualTo("0");
    assertThat(Floats.text(Double.POSITIVE_INFINITY)).isEqualTo("inf");
    assertThat(Floats.text(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
  }

  @Property
  void whatIsWrittenIsReadAsTheSame(@ForAll long bits) {
    double number = Double.longBitsToDouble(bits);
    if (!Double.isNaN(number)) {
      assertThat(parsed(Floats.text(number))).isEqualTo(number + 0.0);
    }
  }

  private static double parsed(String text) {
    return Floats.parse(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static double bound(String text) {
    return Floats.parseBound(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
