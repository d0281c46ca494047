package io.kindred.command;

import java.util.Optional;
import java.util.OptionalLong;

/** The options of EXPIRE and its kin: NX, XX, GT and LT, and which of them go together. */
final class ExpireCondition {

  private boolean nx;
  private boolean xx;
  private boolean gt;
  private boolean lt;

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
    } else {
      return false;
    }
    return true;
  }

  /** Redis's text where options exclude each other. */
  Optional<String> conflict() {
    if (nx && (xx || gt || lt)) {
      return Optional.of("ERR NX and XX, GT or LT options at the same time are not compatible");
    }
    return gt && lt
        ? Optional.of("ERR GT and LT options at the same time are not compatible")
        : Optional.empty();
  }

  /** Whether a key that expires at {@code current} may expire at {@code wanted} instead, in ms. */
  boolean allows(OptionalLong current, long wanted) {
    if (current.isEmpty()) {
      // No expiry counts as one that is infinitely far away.
      return !xx && !gt;
    }
    return !nx && !(gt && wanted <= current.getAsLong()) && !(lt && wanted >= current.getAsLong());
  }
}
