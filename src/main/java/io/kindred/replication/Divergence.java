package io.kindred.replication;

import java.util.Optional;

/**
 * That a peer's feed gave up what the peer lacks, so that only a reconciliation can make it whole.
 *
 * @param sinceMillis when it first gave up something, since 1970
 * @param lastMillis when it last did
 */
public record Divergence(long sinceMillis, long lastMillis) {

  /** What it is once something is given up now, be it for the first time. */
  public static Divergence gaveUp(Optional<Divergence> before, long nowMillis) {
    return new Divergence(before.map(Divergence::sinceMillis).orElse(nowMillis), nowMillis);
  }

  /** What is left of it once a reconciliation has ended that found all it gave up until then. */
  public Optional<Divergence> reconciled(long startedAtMillis) {
    return lastMillis < startedAtMillis ? Optional.empty() : Optional.of(this);
  }
}
