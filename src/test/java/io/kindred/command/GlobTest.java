package io.kindred.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns as SCAN and CONFIG GET take them. */
class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "*, anything, true",
    "h?llo, hello, true",
    "h?llo, hllo, false",
    "h*llo, heeello, true",
    "h*llo, heell, false",
    "h[ae]llo, hallo, true",
    "h[ae]llo, hillo, false",
    "h[^e]llo, hallo, true",
    "h[^e]llo, hello, false",
    "h[a-c]llo, hbllo, true",
    "h[c-a]llo, hbllo, true",
    "h[a-c]llo, hdllo, false",
    "a\\*b, a*b, true",
    "a\\*b, axb, false",
    "[\\]]x, ]x, true",
    "[ab, a, true",
    "abc, ab, false",
    "ab, abc, false",
    "a*b*c, aXbXbXc, true",
    "*a*, bab, true"
  })
  void matchesAsRedisDoes(String pattern, String text, boolean matches) {
    assertThat(new Glob(bytes(pattern)).matches(bytes(text))).isEqualTo(matches);
  }

  @Test
  void theEmptyPatternMatchesTheEmptyTextOnly() {
    assertThat(new Glob(new byte[0]).matches(new byte[0])).isTrue();
    assertThat(new Glob(new byte[0]).matches(bytes("a"))).isFalse();
    assertThat(new Glob(bytes("**")).matches(new byte[0])).isTrue();
  }

  @Test
  void noPatternTakesForever() {
    Glob nasty = new Glob(bytes("*a".repeat(50) + "b"));
    byte[] text = bytes("a".repeat(5000));
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertThat(nasty.matches(text)).isFalse());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
