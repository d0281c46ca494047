package io.kindred.membership.actor;

import io.kindred.consensus.Ballot;
import io.kindred.consensus.Proposer;
import io.kindred.membership.Election;
import io.kindred.ring.Lineage;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChanges;
import io.kindred.storage.actor.Peers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Brings one wish through: proposes on top of the newest ring, learns where another proposer was
 * faster, and tries again on top of that, until the ring shows the wish, forbids it, or time is up.
 * One actor a wish, so that late answers find nobody.
 */
final class RingProposer extends AbstractBehavior<RingProposer.Command> {

  /** What the newest ring, or none, would become. */
  interface Wish extends Function<Optional<Ring>, RingChanges.Result> {}

  /** A message to a proposer; {@link RingMessages.Reply}s cross nodes. */
  interface Command {}

  /** The keeper knows a newer ring. */
  record Newer(Ring ring) implements Command {}

  private enum Timeout implements Command {
    /** Answers fail to come. */
    UNANSWERED,
    /** The pause that another proposer was left is over. */
    PAUSED,
    /** It has been tried for long enough. */
    OVER
  }

  // An exchange takes a few milliseconds and an fsync. Shorter, and a busy disk is asked more than
  // it needs; longer, and one lost message costs much of GIVE_UP_AFTER.
  private static final Duration UNANSWERED_AFTER = Duration.ofSeconds(1);
  private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(5);
  // Several times an exchange, or two proposers meet again and again; the pause grows, since an
  // exchange between busy nodes takes long.
  private static final long PAUSE_MILLIS = 200;
  private static final long PAUSE_MILLIS_MAX = 1600;

  private final NodeId self;
  private final Wish wish;
  private final ActorRef<RingProtocol.Command> keeper;
  private final ActorRef<RingProtocol.Outcome> replyTo;
  private final TimerScheduler<Command> timers;
  private final Peers peers;
  private Optional<Ring> ring;
  private Optional<Election> election = Optional.empty();
  private long pauseMillis = PAUSE_MILLIS;

  private RingProposer(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      NodeId self,
      Optional<Ring> ring,
      Wish wish,
      ActorRef<RingProtocol.Command> keeper,
      ActorRef<RingProtocol.Outcome> replyTo) {
    super(context);
    this.self = self;
    this.ring = ring;
    this.wish = wish;
    this.keeper = keeper;
    this.replyTo = replyTo;
    this.timers = timers;
    this.peers = new Peers(context.getSystem());
  }

  static Behavior<Command> create(
      NodeId self,
      Optional<Ring> ring,
      Wish wish,
      ActorRef<RingProtocol.Command> keeper,
      ActorRef<RingProtocol.Outcome> replyTo) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startSingleTimer(Timeout.OVER, GIVE_UP_AFTER);
                  return new RingProposer(context, timers, self, ring, wish, keeper, replyTo)
                      .propose();
                }));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(RingMessages.Vote.class, this::onVote)
        .onMessage(RingMessages.Settled.class, this::onSettled)
        .onMessage(Newer.class, this::onNewer)
        .onMessageEquals(Timeout.UNANSWERED, this::onUnanswered)
        .onMessageEquals(Timeout.PAUSED, this::onPaused)
        .onMessageEquals(Timeout.OVER, this::onOver)
        .build();
  }

  private Behavior<Command> propose() {
    RingChanges.Result result = wish.apply(ring);
    if (result instanceof RingChanges.Next next) {
      // A name of its own for each election: a restarted proposer must never repeat a ballot.
      Ballot first = Ballot.first(self + "/" + UUID.randomUUID());
      election = Optional.of(Election.begin(ring, next.ring(), first));
      ask();
      return this;
    }
    if (result instanceof RingChanges.NotAllowed notAllowed) {
      return end(new RingProtocol.Refused(notAllowed.reason()));
    }
    return end(new RingProtocol.Decided(ring.orElseThrow()));
  }

  private void ask() {
    Election now = election.orElseThrow();
    timers.startSingleTimer(Timeout.UNANSWERED, UNANSWERED_AFTER);
    for (Member voter : now.voters()) {
      peers
          .<RingVoter.Command>actor(voter, RingKeeper.NAME + "/" + RingVoter.NAME)
          .tell(
              new RingMessages.Question(
                  now.base(), now.request(), getContext().getSelf().narrow()));
    }
  }

  private Behavior<Command> onVote(RingMessages.Vote vote) {
    if (election.isEmpty()) {
      return this;
    }
    Election.Step step = election.get().on(vote.voter(), vote.answer());
    election = Optional.of(step.next());
    if (step.action().isEmpty()) {
      return this;
    }
    Proposer.Action<Ring> action = step.action().get();
    if (action instanceof Proposer.Action.Chosen<Ring> chosen) {
      return onChosen(chosen.value());
    }
    if (action instanceof Proposer.Action.AskAfterPause<Ring>) {
      pause();
    } else {
      ask();
    }
    return this;
  }

  private Behavior<Command> onChosen(Ring chosen) {
    getContext().getLog().info("ring epoch {} is decided", chosen.epoch());
    keeper.tell(new RingKeeper.Chosen(chosen));
    return onRing(chosen);
  }

  private Behavior<Command> onSettled(RingMessages.Settled settled) {
    keeper.tell(new RingKeeper.Learnt(settled.ring()));
    return onRing(settled.ring());
  }

  private Behavior<Command> onNewer(Newer newer) {
    return onRing(newer.ring());
  }

  private Behavior<Command> onRing(Ring known) {
    if (ring.filter(current -> current.id() != known.id()).isPresent()) {
      return this; // the keeper reports it
    }
    if (ring.isPresent() && ring.get().relationOf(known) != Lineage.Relation.NEWER) {
      return this; // a split is reported there, too
    }
    ring = Optional.of(known);
    election = Optional.empty();
    if (wish.apply(ring) instanceof RingChanges.Next) {
      pause();
      return this;
    }
    return propose();
  }

  private void pause() {
    timers.cancel(Timeout.UNANSWERED);
    long millis = ThreadLocalRandom.current().nextLong(1, pauseMillis);
    pauseMillis = Math.min(2 * pauseMillis, PAUSE_MILLIS_MAX);
    timers.startSingleTimer(Timeout.PAUSED, Duration.ofMillis(millis));
  }

  private Behavior<Command> onPaused() {
    if (election.isEmpty()) {
      return propose();
    }
    ask();
    return this;
  }

  private Behavior<Command> onUnanswered() {
    if (election.isPresent()) {
      ask();
    }
    return this;
  }

  private Behavior<Command> onOver() {
    String reason =
        election
            .map(
                now ->
                    now.inFavour().size()
                        + " of "
                        + now.voters().size()
                        + " voters answered in favour: "
                        + now.inFavour())
            .orElse("others were always faster");
    return end(new RingProtocol.NoMajority(reason));
  }

  private Behavior<Command> end(RingProtocol.Outcome outcome) {
    replyTo.tell(outcome);
    return Behaviors.stopped();
  }
}
