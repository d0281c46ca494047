package io.kindred.command;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Floating-point numbers as Redis 7.0 reads them, with C's strtod, and writes them, as %.17g. */
final class Floats {

  /** What strtod takes but for NaN; the two kinds of number as Java takes them too. */
  private static final Pattern INFINITE = Pattern.compile("[+-]?(?:inf|infinity)");

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]++(?:\\.[0-9]*+)?|\\.[0-9]++)(?:e[+-]?[0-9]++)?");
  private static final Pattern HEXADECIMAL =
      Pattern.compile("[+-]?0x(?:[0-9a-f]++(?:\\.[0-9a-f]*+)?|\\.[0-9a-f]++)(p[+-]?[0-9]++)?");

  private static final MathContext DIGITS_17 = new MathContext(17, RoundingMode.HALF_EVEN);

  /** Below this %.17g shows all digits of a whole number. */
  private static final long WHOLE_MAX = 100_000_000_000_000_000L;

  private Floats() {}

  /**
   * The number that an argument spells, or NaN where it spells none: also where it is too large or
   * too small to be told from infinity or zero.
   */
  static double parse(byte[] argument) {
    OptionalLong whole = Arguments.integer(argument);
    if (whole.isPresent()) {
      return whole.getAsLong();
    }
    String text = text(argument);
    double number = number(text);
    boolean isExact = number != 0 || !hasDigitAboveZero(text);
    return isExact && (!Double.isInfinite(number) || INFINITE.matcher(text).matches())
        ? number
        : Double.NaN;
  }

  /**
   * The same for the bound of a range, where Redis looks less closely: nothing is zero, spaces may
   * come first, and what is too large is infinite.
   */
  static double parseBound(byte[] argument) {
    String text = text(argument);
    int first = 0;
    while (first < text.length() && isSpace(text.charAt(first))) {
      first++;
    }
    return text.isEmpty() ? 0 : number(text.substring(first));
  }

  /** A number's text: at most 17 digits, without zeros that say nothing. Not for NaN. */
  static String text(double number) {
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    long whole = (long) number;
    if (whole == number && -WHOLE_MAX < whole && whole < WHOLE_MAX) {
      return Long.toString(whole);
    }
    BigDecimal rounded = new BigDecimal(number).round(DIGITS_17).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < DIGITS_17.getPrecision()) {
      return rounded.toPlainString();
    }
    String digits = rounded.unscaledValue().abs().toString();
    return (number < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() == 1 ? "" : "." + digits.substring(1))
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  /** An argument as the patterns take it: each byte a character, in lower case. */
  static String text(byte[] argument) {
    return new String(argument, java.nio.charset.StandardCharsets.ISO_8859_1)
        .toLowerCase(Locale.ROOT);
  }

  static boolean isInfinite(String text) {
    return INFINITE.matcher(text).matches();
  }

  static boolean isDecimal(String text) {
    return DECIMAL.matcher(text).matches();
  }

  /** Whether it is a number in hexadecimal digits; in lower case. */
  static boolean isHexadecimal(String text) {
    return HEXADECIMAL.matcher(text).matches();
  }

  /** Strtod's own answer, in lower case; NaN where it would not read all of it, or reads NaN. */
  private static double number(String text) {
    if (isDecimal(text)) {
      return Double.parseDouble(text);
    }
    if (isInfinite(text)) {
      return text.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    var hexadecimal = HEXADECIMAL.matcher(text);
    if (hexadecimal.matches()) {
      return Double.parseDouble(hexadecimal.group(1) == null ? text + "p0" : text);
    }
    return Double.NaN;
  }

  private static boolean hasDigitAboveZero(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 'e' || c == 'p') {
        return false;
      }
      if (c >= '1' && c <= '9') {
        return true;
      }
    }
    return false;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
