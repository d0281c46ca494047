package io.kindred.command;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The options of SET, read and checked as Redis 7 does.
 *
 * @param onlyIfAbsent NX
 * @param onlyIfPresent XX
 * @param onlyIf IFEQ or IFNE, of later versions; null where neither was given
 * @param answerOld GET
 * @param keepExpiry KEEPTTL
 * @param unit EX, PX, EXAT or PXAT; empty where none was given
 * @param amount the argument behind it
 */
@SuppressWarnings("ArrayRecordComponent") // read at once and never compared
record SetOptions(
    boolean onlyIfAbsent,
    boolean onlyIfPresent,
    ValueCondition onlyIf,
    boolean answerOld,
    boolean keepExpiry,
    Optional<ExpireTime> unit,
    byte[] amount) {

  private static final byte[] NO_AMOUNT = new byte[0];

  static final SetOptions NONE =
      new SetOptions(false, false, null, false, false, Optional.empty(), NO_AMOUNT);

  /** The options from {@code args[3]} on; empty where Redis answers a syntax error. */
  static Optional<SetOptions> parse(byte[][] args) {
    if (args.length == 3) {
      return Optional.of(NONE);
    }
    boolean nx = false;
    boolean xx = false;
    boolean get = false;
    boolean keep = false;
    ValueCondition onlyIf = null;
    ExpireTime unit = null;
    byte[] amount = NO_AMOUNT;
    for (int i = 3; i < args.length; i++) {
      byte[] word = args[i];
      if (Arguments.is(word, "nx") && !xx && onlyIf == null) {
        nx = true;
      } else if (Arguments.is(word, "xx") && !nx && onlyIf == null) {
        xx = true;
      } else if (Arguments.is(word, "get")) {
        get = true;
      } else if (Arguments.is(word, "keepttl") && unit == null) {
        keep = true;
      } else if (ValueCondition.isOne(word)
          && !nx
          && !xx
          && onlyIf == null
          && i + 1 < args.length) {
        onlyIf = ValueCondition.of(word, args[++i]);
      } else {
        ExpireTime named = unitNamed(word);
        if (named == null || unit != null || keep || i + 1 == args.length) {
          return Optional.empty();
        }
        unit = named;
        amount = args[++i];
      }
    }
    return Optional.of(
        new SetOptions(nx, xx, onlyIf, get, keep, Optional.ofNullable(unit), amount));
  }

  /** Whether what is set, and what is answered, does not depend on what was there. */
  boolean isUnconditional() {
    return !onlyIfAbsent && !onlyIfPresent && onlyIf == null && !answerOld && !keepExpiry;
  }

  private static ExpireTime unitNamed(byte[] word) {
    if (Arguments.is(word, "ex")) {
      return ExpireTime.SECONDS;
    }
    if (Arguments.is(word, "px")) {
      return ExpireTime.MILLIS;
    }
    if (Arguments.is(word, "exat")) {
      return ExpireTime.AT_SECONDS;
    }
    return Arguments.is(word, "pxat") ? ExpireTime.AT_MILLIS : null;
  }

  /** The expiry asked for, as {@link ExpireTime#absolute}; not to be asked where there is none. */
  long expiresAt(OptionalLong amountGiven, long now) {
    long given = amountGiven.orElseThrow();
    return given <= 0 ? ExpireTime.OUT_OF_RANGE : unit.orElseThrow().absolute(given, now);
  }
}
