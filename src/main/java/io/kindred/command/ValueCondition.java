package io.kindred.command;

import java.util.Arrays;

/**
 * What a string must be for a command to do anything: IFEQ and IFNE, as Redis 8.4 and Valkey 8.1
 * name them. A key that is not there equals nothing.
 *
 * @param equal whether the string must be this, or must not
 */
@SuppressWarnings("ArrayRecordComponent") // asked at once and never compared
record ValueCondition(boolean equal, byte[] value) {

  /** Whether a word names a condition. */
  static boolean isOne(byte[] word) {
    return Arguments.is(word, "ifeq") || Arguments.is(word, "ifne");
  }

  /** The condition of a word and the value behind it. */
  static ValueCondition of(byte[] word, byte[] value) {
    return new ValueCondition(Arguments.is(word, "ifeq"), value);
  }

  /**
   * Whether a string is so.
   *
   * @param current null where the key is not there
   */
  boolean holds(byte[] current) {
    return Arrays.equals(current, value) == equal;
  }
}
