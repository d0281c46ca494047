package io.kindred.warmup.actor;

import io.kindred.membership.actor.RingProtocol;
import io.kindred.ring.RingChange;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Asks the ring for changes, one at a time. What was decided shows in a later view. */
final class Proposals {

  /** A change was not decided; asked for while the work of that number was under way. */
  record Undecided(int work, RingChange change, String reason) implements WarmUpProtocol.Command {}

  /** A change was. */
  enum Done implements WarmUpProtocol.Command {
    DECIDED
  }

  private final ActorContext<WarmUpProtocol.Command> context;
  private final Surroundings around;
  private boolean underWay;
  private boolean resting;

  Proposals(ActorContext<WarmUpProtocol.Command> context, Surroundings around) {
    this.context = context;
    this.around = around;
  }

  /** Time has passed, or everything is different now: the next change may be asked for. */
  void mayAsk() {
    resting = false;
  }

  /** The last one was answered. */
  void answered() {
    underWay = false;
  }

  /** Asks, unless an answer is still to come, or something was asked a moment ago. */
  void ask(RingChange change, int work) {
    if (underWay || resting) {
      return;
    }
    underWay = true;
    resting = true;
    context.ask(
        RingProtocol.Outcome.class,
        around.ring(),
        around.settings().proposalWithin(),
        (ActorRef<RingProtocol.Outcome> replyTo) -> new RingProtocol.Propose(change, replyTo),
        (outcome, failure) -> {
          if (outcome instanceof RingProtocol.Decided) {
            return Done.DECIDED;
          }
          return new Undecided(work, change, reason(outcome, failure));
        });
  }

  private static String reason(RingProtocol.Outcome outcome, Throwable failure) {
    if (outcome instanceof RingProtocol.Refused refused) {
      return "refused: " + refused.reason();
    }
    return outcome instanceof RingProtocol.NoMajority none ? none.reason() : failure.toString();
  }
}
