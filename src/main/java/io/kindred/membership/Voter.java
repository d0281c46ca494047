package io.kindred.membership;

import io.kindred.consensus.Acceptor;
import io.kindred.consensus.Answer;
import io.kindred.consensus.Request;
import io.kindred.ring.Founding;
import io.kindred.ring.Lineage;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.util.Optional;

/**
 * A node's part in deciding rings, as a value: for each epoch one question, of which only the
 * newest is kept. A question comes with the ring on which it builds; a voter that lacks that ring
 * has learnt it by the question.
 *
 * <p>Invariant: the ring of the epoch before the newest question is known. So older questions need
 * not be remembered: they are answered with the ring.
 *
 * @param ring the newest ring known to be decided
 * @param epoch the newest question's; 0 if none was asked
 * @param acceptor what was promised and accepted in it
 */
public record Voter(NodeId self, Optional<Ring> ring, long epoch, Acceptor<Ring> acceptor) {

  /** What to do about a question, once the next state is on disk: first its ring, then the rest. */
  public record Step(Voter next, Outcome outcome) {}

  /** What a question leads to. */
  public sealed interface Outcome {}

  /** The acceptor's answer. */
  public record Vote(Answer<Ring> answer) implements Outcome {}

  /** The question is settled; this ring is as new or newer. */
  public record Settled(Ring ring) implements Outcome {}

  /** The question is none for this node. */
  public record NotAsked(String reason) implements Outcome {}

  public Voter {
    long known = ring.map(Ring::epoch).orElse(0L);
    if (epoch > known + 1) {
      throw new IllegalArgumentException(
          "asked about epoch " + epoch + " without a ring of the epoch before: " + known);
    }
  }

  /** Judges a request about the epoch that follows {@code base}; without a base, the first. */
  public Step on(Optional<Ring> base, Request<Ring> request) {
    if (base.isPresent() && ring.isPresent() && base.get().id() != ring.get().id()) {
      return stay(new NotAsked("it is about ring " + base.get().id() + " of another cluster"));
    }
    if (base.isPresent()
        && ring.isPresent()
        && ring.get().relationOf(base.get()) == Lineage.Relation.SPLIT) {
      return stay(new NotAsked("it is about a ring that went on without ours"));
    }
    if (base.isPresent() && !base.get().voters().contains(self)) {
      return stay(new NotAsked(self + " has no vote in epoch " + base.get().epoch()));
    }
    long asked = base.map(known -> known.epoch() + 1).orElse(Founding.FIRST_EPOCH);
    Voter informed = base.map(this::informedOf).orElse(this);
    if (informed.ring.isPresent() && informed.ring.get().epoch() >= asked) {
      return new Step(informed, new Settled(informed.ring.get()));
    }
    Acceptor.Step<Ring> step = (asked == epoch ? acceptor : Acceptor.<Ring>blank()).on(request);
    return new Step(new Voter(self, informed.ring, asked, step.next()), new Vote(step.answer()));
  }

  /** The same voter, knowing a ring that was decided. */
  public Voter informedOf(Ring decided) {
    boolean newer = ring.isEmpty() || ring.get().relationOf(decided) == Lineage.Relation.NEWER;
    return newer ? new Voter(self, Optional.of(decided), epoch, acceptor) : this;
  }

  private Step stay(Outcome outcome) {
    return new Step(this, outcome);
  }
}
