package io.kindred.membership.actor;

import io.kindred.membership.Voter;
import io.kindred.ring.Ring;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Votes on rings, and holds the disk: an answer leaves when what it promises is synced. It blocks,
 * so it runs on a dispatcher for that; the keeper's pulses must not wait for a slow disk. A disk
 * that fails stops it, and the keeper with it.
 */
final class RingVoter extends AbstractBehavior<RingVoter.Command> {

  /** Its name under the keeper. */
  static final String NAME = "voter";

  /** A message to a voter; {@link RingMessages.Question} is the one that crosses nodes. */
  interface Command {}

  /** Keep this decided ring. */
  record Keep(Ring ring) implements Command {}

  private final RingDisk disk;
  private final ActorRef<RingProtocol.Command> keeper;
  private Voter voter;

  private RingVoter(
      ActorContext<Command> context,
      RingDisk disk,
      Voter voter,
      ActorRef<RingProtocol.Command> keeper) {
    super(context);
    this.disk = disk;
    this.voter = voter;
    this.keeper = keeper;
  }

  static Behavior<Command> create(
      RingDisk disk, Voter voter, ActorRef<RingProtocol.Command> keeper) {
    return Behaviors.setup(context -> new RingVoter(context, disk, voter, keeper));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Keep.class, this::onKeep)
        .onMessage(RingMessages.Question.class, this::onQuestion)
        .build();
  }

  private Behavior<Command> onKeep(Keep keep) {
    become(voter.informedOf(keep.ring()));
    return this;
  }

  private Behavior<Command> onQuestion(RingMessages.Question question) {
    Voter.Step step = voter.on(question.base(), question.request());
    become(step.next());
    if (step.outcome() instanceof Voter.Vote vote) {
      question.replyTo().tell(new RingMessages.Vote(voter.self(), vote.answer()));
    } else if (step.outcome() instanceof Voter.Settled settled) {
      question.replyTo().tell(new RingMessages.Settled(settled.ring()));
    } else if (step.outcome() instanceof Voter.NotAsked notAsked) {
      getContext()
          .getLog()
          .info("a question of {} is not answered: {}", question.replyTo(), notAsked.reason());
    }
    return this;
  }

  private void become(Voter next) {
    disk.keep(voter, next);
    boolean news = !next.ring().equals(voter.ring());
    voter = next;
    if (news) {
      keeper.tell(new RingKeeper.Learnt(next.ring().orElseThrow()));
    }
  }
}
