package io.kindred.command;

import java.util.Optional;
import java.util.OptionalLong;

/** The options of LPOS, read and checked as Redis 7 does. */
final class SearchOptions {

  private static final Reply NO_RANK =
      new Reply.Failure(
          "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... "
              + "or use negative to start from the end of the list");
  private static final Reply NEGATIVE_COUNT = new Reply.Failure("ERR COUNT can't be negative");
  private static final Reply NEGATIVE_LENGTH = new Reply.Failure("ERR MAXLEN can't be negative");

  private long rank = 1;
  private boolean reverse;
  private OptionalLong count = OptionalLong.empty();
  private long walkedMax = Long.MAX_VALUE;

  /** Reads the options from {@code args[from]} on; Redis's answer where something is wrong. */
  Optional<Reply> read(byte[][] args, int from) {
    for (int i = from; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        return Optional.of(Failures.SYNTAX);
      }
      Optional<Reply> failure = take(args[i], args[i + 1]);
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }

  private Optional<Reply> take(byte[] word, byte[] argument) {
    if (Arguments.is(word, "rank")) {
      OptionalLong given = Arguments.integer(argument);
      if (given.isEmpty()) {
        return Optional.of(Failures.NOT_AN_INTEGER);
      }
      if (given.getAsLong() == 0) {
        return Optional.of(NO_RANK);
      }
      reverse = given.getAsLong() < 0;
      rank = Math.abs(given.getAsLong());
    } else if (Arguments.is(word, "count")) {
      count = Arguments.count(argument);
      return count.isEmpty() ? Optional.of(NEGATIVE_COUNT) : Optional.empty();
    } else if (Arguments.is(word, "maxlen")) {
      OptionalLong given = Arguments.count(argument);
      if (given.isEmpty()) {
        return Optional.of(NEGATIVE_LENGTH);
      }
      walkedMax = given.getAsLong() == 0 ? Long.MAX_VALUE : given.getAsLong();
    } else {
      return Optional.of(Failures.SYNTAX);
    }
    return Optional.empty();
  }

  /** Which match is the first that counts, from 1. */
  long rank() {
    return rank;
  }

  /** Whether matches count from the tail. */
  boolean isReverse() {
    return reverse;
  }

  /** Whether the answer is an array. */
  boolean isMany() {
    return count.isPresent();
  }

  long wanted() {
    return count.isEmpty() ? 1 : count.getAsLong() == 0 ? Long.MAX_VALUE : count.getAsLong();
  }

  /** How many items to look at. */
  long walkedMax() {
    return walkedMax;
  }
}
