package io.kindred.storage;

import java.util.OptionalLong;

/**
 * Whole numbers as Redis takes them: an optional minus, digits without leading zeros, within 64
 * bits. What is not exactly that is no number and cannot be counted on.
 */
public final class Decimal {

  // -9223372036854775808
  private static final int LENGTH_MAX = 20;

  private Decimal() {}

  /** The number that the bytes spell, or empty where they spell none. */
  public static OptionalLong parse(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > LENGTH_MAX) {
      return OptionalLong.empty();
    }
    boolean negative = bytes[0] == '-';
    int first = negative ? 1 : 0;
    if (first == bytes.length || (bytes[first] == '0' && bytes.length > 1)) {
      return OptionalLong.empty();
    }
    // Built up below zero, where there is one number more.
    long number = 0;
    for (int i = first; i < bytes.length; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || number < Long.MIN_VALUE / 10) {
        return OptionalLong.empty();
      }
      long next = number * 10 - digit;
      if (next > number * 10) {
        return OptionalLong.empty();
      }
      number = next;
    }
    if (!negative && number == Long.MIN_VALUE) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(negative ? number : -number);
  }
}
