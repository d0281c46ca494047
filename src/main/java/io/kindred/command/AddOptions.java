package io.kindred.command;

import java.util.Optional;

/** The options of ZADD, read and checked as Redis 7 does. A member without score has NaN here. */
final class AddOptions {

  private boolean nx;
  private boolean xx;
  private boolean gt;
  private boolean lt;
  private boolean ch;
  private boolean incr;

  /** Those of ZINCRBY, before a client adds others, as Redis lets it. */
  static AddOptions incrementing() {
    AddOptions options = new AddOptions();
    options.incr = true;
    return options;
  }

  /** Takes one option; false where it is none. */
  boolean add(byte[] option) {
    if (Arguments.is(option, "nx")) {
      nx = true;
    } else if (Arguments.is(option, "xx")) {
      xx = true;
    } else if (Arguments.is(option, "gt")) {
      gt = true;
    } else if (Arguments.is(option, "lt")) {
      lt = true;
    } else if (Arguments.is(option, "ch")) {
      ch = true;
    } else if (Arguments.is(option, "incr")) {
      incr = true;
    } else {
      return false;
    }
    return true;
  }

  /** Redis's text where options exclude each other, or one excludes so many pairs. */
  Optional<String> conflict(int pairs) {
    if (nx && xx) {
      return Optional.of("ERR XX and NX options at the same time are not compatible");
    }
    if ((gt && nx) || (lt && nx) || (gt && lt)) {
      return Optional.of("ERR GT, LT, and/or NX options at the same time are not compatible");
    }
    return incr && pairs > 1
        ? Optional.of("ERR INCR option supports a single increment-element pair")
        : Optional.empty();
  }

  /** CH: whether members with a new score count, beside new members. */
  boolean countsUpdates() {
    return ch;
  }

  boolean increments() {
    return incr;
  }

  /** Whether a member may have a score in place of the old one, if any. */
  boolean allows(double old, double score) {
    if (Double.isNaN(old)) {
      return !xx;
    }
    return !nx && !(gt && score <= old) && !(lt && score >= old);
  }
}
