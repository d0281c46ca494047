package io.kindred.storage;

import static io.kindred.entry.Elements.text;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {

  @Property
  void whatANumberIsWrittenAsIsRead(@ForAll long number) {
    assertThat(Decimal.parse(text("" + number))).hasValue(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+1",
        "01",
        "-0",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "abc",
        "9223372036854775808",
        "-9223372036854775809",
        "92233720368547758070",
        "99999999999999999999"
      })
  void nothingElseIsANumber(String text) {
    assertThat(Decimal.parse(text(text))).isEmpty();
  }
}
