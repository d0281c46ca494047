package io.kindred.command;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** Reads what clients send as arguments: numbers as strictly as Redis does, words in any case. */
public final class Arguments {

  private Arguments() {}

  /**
   * A signed 64-bit number in its one decimal form: no spaces, no plus, no leading zeros, no minus
   * zero. Empty for everything else, as Redis's own parser has it.
   */
  public static OptionalLong integer(byte[] bytes) {
    int length = bytes.length;
    if (length == 0 || length > 20) {
      return OptionalLong.empty();
    }
    boolean negative = bytes[0] == '-';
    int first = negative ? 1 : 0;
    if (first == length) {
      return OptionalLong.empty();
    }
    if (bytes[first] == '0') {
      return length == 1 ? OptionalLong.of(0) : OptionalLong.empty();
    }
    long below = 0; // counts down from zero, since the range reaches further there
    for (int i = first; i < length; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || below < (Long.MIN_VALUE + digit) / 10) {
        return OptionalLong.empty();
      }
      below = below * 10 - digit;
    }
    if (negative) {
      return OptionalLong.of(below);
    }
    return below == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(-below);
  }

  /** A count: a number that is not negative; empty for everything else. */
  static OptionalLong count(byte[] bytes) {
    OptionalLong number = integer(bytes);
    return number.isPresent() && number.getAsLong() < 0 ? OptionalLong.empty() : number;
  }

  /** Whether an argument is this word, in any case. The word is in lower case. */
  public static boolean is(byte[] argument, String word) {
    if (argument.length != word.length()) {
      return false;
    }
    for (int i = 0; i < argument.length; i++) {
      if (lower(argument[i]) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** An argument as text, for words and names. */
  public static String text(byte[] argument) {
    return new String(argument, StandardCharsets.UTF_8);
  }

  static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }
}
