package io.kindred.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers are read as strictly as Redis does. */
class ArgumentsTest {

  @Property
  void everyNumberIsReadInItsOneForm(@ForAll long number) {
    assertThat(Arguments.integer(bytes(Long.toString(number)))).hasValue(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "01",
        "-0",
        "00",
        "1a",
        "a",
        "1.0",
        "--1",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "18446744073709551617",
        "123456789012345678901"
      })
  void everythingElseIsNone(String text) {
    assertThat(Arguments.integer(bytes(text))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9, -1, Long.MAX_VALUE, Long.MIN_VALUE})
  void theEndsOfTheRangeAreIn(long number) {
    assertThat(Arguments.integer(bytes(Long.toString(number)))).hasValue(number);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
