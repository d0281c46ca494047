package io.kindred.command;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * From one index of a list or string to another, both inclusive; negative ones count from the end.
 */
record IndexRange(long start, long end) {

  /** Empty where one of them is no number. */
  static Optional<IndexRange> parse(byte[] start, byte[] end) {
    OptionalLong first = Arguments.integer(start);
    OptionalLong last = Arguments.integer(end);
    return first.isEmpty() || last.isEmpty()
        ? Optional.empty()
        : Optional.of(new IndexRange(first.getAsLong(), last.getAsLong()));
  }

  /** Whether both count from the end, and the last is before the first. */
  boolean isBackwards() {
    return start < 0 && end < 0 && start > end;
  }

  /** The first index of so many that is in the range, from 0. */
  long from(long size) {
    return Math.max(0, start < 0 ? start + size : start);
  }

  /** The index behind the last of so many; at or below {@link #from} where the range has none. */
  long to(long size) {
    return (end < 0 ? end + size : Math.min(end, size - 1)) + 1;
  }
}
