package io.kindred.membership;

import io.kindred.consensus.Answer;
import io.kindred.consensus.Ballot;
import io.kindred.consensus.Proposer;
import io.kindred.consensus.Request;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One proposer's way to the next ring, as a value: a {@link Proposer} that knows whom to ask and
 * how many must agree.
 *
 * <p>Invariant: a first ring is put forward only among its own members, and only after all of them
 * promised at that very ballot.
 */
public final class Election {

  /** Where the election stands after an answer, and what must be done about it. */
  public record Step(Election next, Optional<Proposer.Action<Ring>> action) {}

  private final Optional<Ring> base;
  private final Ring target;
  private final Proposer<NodeId, Ring> proposer;

  private Election(Optional<Ring> base, Ring target, Proposer<NodeId, Ring> proposer) {
    this.base = base;
    this.target = target;
    this.proposer = proposer;
  }

  /**
   * An election at its first ballot; {@link #request()} is what to send to all {@link #voters()}.
   *
   * @param base the decided ring on which the target builds; empty for a first ring
   * @param ballot of a name that was never used before
   */
  public static Election begin(Optional<Ring> base, Ring target, Ballot ballot) {
    return new Election(base, target, Proposer.begin(ballot, target, quorum(base, target)));
  }

  private static Predicate<Set<NodeId>> quorum(Optional<Ring> base, Ring target) {
    return base.<Predicate<Set<NodeId>>>map(ring -> ring::isMajority)
        .orElseGet(() -> some -> some.containsAll(target.voters()));
  }

  public Optional<Ring> base() {
    return base;
  }

  public Ballot ballot() {
    return proposer.ballot();
  }

  /** Whom to ask. */
  public List<Member> voters() {
    Ring namesVoters = base.orElse(target);
    return namesVoters.members().stream()
        .filter(member -> !namesVoters.isLost(member.id()))
        .toList();
  }

  /** What to ask them now; may be sent again at will. */
  public Request<Ring> request() {
    return proposer.request();
  }

  /** Who of them has answered the present request in favour. */
  public Set<NodeId> inFavour() {
    return proposer.inFavour();
  }

  /** Judges a voter's answer. */
  public Step on(NodeId voter, Answer<Ring> answer) {
    Proposer.Step<NodeId, Ring> step = proposer.on(voter, answer);
    if (step.action().isPresent()
        && step.action().get() instanceof Proposer.Action.Ask<Ring> ask
        && ask.request() instanceof Request.Accept<Ring> accept
        && base.isEmpty()
        && !accept.value().voters().equals(target.voters())) {
      return amongTheFoundersOf(accept.value());
    }
    return new Step(new Election(base, target, step.next()), step.action());
  }

  /** Another's first ring may have been chosen already: it takes its own members to know. */
  private Step amongTheFoundersOf(Ring other) {
    Election next = begin(base, other, ballot().above(ballot()));
    return new Step(next, Optional.of(new Proposer.Action.Ask<>(next.request())));
  }
}
