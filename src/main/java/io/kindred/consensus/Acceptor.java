package io.kindred.consensus;

import java.util.Optional;

/**
 * One voter's memory of one question, as a value.
 *
 * <p>Invariant: what was accepted was accepted at or below the promise, and the promise never falls
 * from one state to the next.
 *
 * @param promised the highest ballot heard of; nothing below it is heeded
 * @param accepted the last value accepted
 */
public record Acceptor<V>(Optional<Ballot> promised, Optional<Acceptance<V>> accepted) {

  /** The next state, and the answer that may leave once that state is on disk. */
  public record Step<V>(Acceptor<V> next, Answer<V> answer) {}

  public Acceptor {
    if (accepted.isPresent()
        && promised.filter(p -> p.compareTo(accepted.get().ballot()) >= 0).isEmpty()) {
      throw new IllegalArgumentException("accepted above the promise: " + accepted);
    }
  }

  /** A voter that has not been asked yet. */
  public static <V> Acceptor<V> blank() {
    return new Acceptor<>(Optional.empty(), Optional.empty());
  }

  /** Judges a request. The same request again gives the same answer and changes nothing more. */
  public Step<V> on(Request<V> request) {
    Ballot ballot = request.ballot();
    if (promised.filter(p -> p.compareTo(ballot) > 0).isPresent()) {
      return new Step<>(this, new Answer.Refused<>(ballot, promised.get()));
    }
    if (request instanceof Request.Accept<V> accept) {
      Acceptance<V> acceptance = new Acceptance<>(ballot, accept.value());
      return new Step<>(
          new Acceptor<>(Optional.of(ballot), Optional.of(acceptance)),
          new Answer.Accepted<>(ballot));
    }
    return new Step<>(
        new Acceptor<>(Optional.of(ballot), accepted), new Answer.Promised<>(ballot, accepted));
  }
}
