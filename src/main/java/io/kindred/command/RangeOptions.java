package io.kindred.command;

import io.kindred.command.MemberRange.Unit;
import java.util.Optional;
import java.util.OptionalLong;

/** What stands behind the two ends of a ZRANGE, or of one of its older kin. */
final class RangeOptions {

  private static final Reply LIMIT_OF_RANKS =
      new Reply.Failure(
          "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
  private static final Reply SCORES_OF_LEX =
      new Reply.Failure("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
  private static final long NO_LIMIT = -1;

  private final boolean mayName;
  private boolean named;
  private Unit unit;
  private boolean reverse;
  private boolean withScores;
  private long offset;
  private long limit = NO_LIMIT;

  private RangeOptions(boolean mayName, Unit unit, boolean reverse) {
    this.mayName = mayName;
    this.unit = unit;
    this.reverse = reverse;
  }

  /** ZRANGE's: unit and direction are options. */
  static RangeOptions ofAnyKind() {
    return new RangeOptions(true, Unit.RANK, false);
  }

  /** Those of a command whose name tells unit and direction. */
  static RangeOptions of(Unit unit, boolean reverse) {
    return new RangeOptions(false, unit, reverse);
  }

  /** Reads the options from {@code args[from]} on; Redis's answer where something is wrong. */
  Optional<Reply> read(byte[][] args, int from) {
    int i = from;
    while (i < args.length) {
      if (Arguments.is(args[i], "limit") && i + 2 < args.length) {
        OptionalLong skipped = Arguments.integer(args[i + 1]);
        OptionalLong wanted = Arguments.integer(args[i + 2]);
        if (skipped.isEmpty() || wanted.isEmpty()) {
          return Optional.of(Failures.NOT_AN_INTEGER);
        }
        offset = skipped.getAsLong();
        limit = wanted.getAsLong();
        i += 3;
      } else if (takes(args[i])) {
        i++;
      } else {
        return Optional.of(Failures.SYNTAX);
      }
    }
    if (limit != NO_LIMIT && unit == Unit.RANK) {
      return Optional.of(LIMIT_OF_RANKS);
    }
    return withScores && unit == Unit.LEX ? Optional.of(SCORES_OF_LEX) : Optional.empty();
  }

  private boolean takes(byte[] word) {
    if (Arguments.is(word, "withscores")) {
      withScores = true;
      return true;
    }
    if (mayName && !reverse && Arguments.is(word, "rev")) {
      reverse = true;
      return true;
    }
    if (!mayName || named) {
      return false;
    }
    named = true;
    if (Arguments.is(word, "byscore")) {
      unit = Unit.SCORE;
    } else if (Arguments.is(word, "bylex")) {
      unit = Unit.LEX;
    } else {
      return false;
    }
    return true;
  }

  Unit unit() {
    return unit;
  }

  /** Whether the highest score comes first. */
  boolean isReverse() {
    return reverse;
  }

  boolean withScores() {
    return withScores;
  }

  /** How many of so many members are left out at the front; all where the client named nonsense. */
  long skipped(long size) {
    return unit == Unit.RANK ? 0 : offset < 0 ? size : Math.min(offset, size);
  }

  /** How many of so many members are wanted; a negative limit is none. */
  long wanted(long size) {
    return unit == Unit.RANK || limit < 0 ? size : Math.min(limit, size);
  }
}
