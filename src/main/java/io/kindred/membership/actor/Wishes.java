package io.kindred.membership.actor;

import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.ring.RingChanges;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The wishes that wait at one keeper. One is brought through at a time: two proposers of one node
 * would only overtake each other.
 */
final class Wishes {

  /** The running proposer has come to its end; see {@link #ended}. */
  record Ended() implements RingProtocol.Command {}

  private record Waiting(RingProposer.Wish wish, ActorRef<RingProtocol.Outcome> replyTo) {}

  private final ActorContext<RingProtocol.Command> context;
  private final NodeId self;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private Optional<ActorRef<RingProposer.Command>> running = Optional.empty();

  Wishes(ActorContext<RingProtocol.Command> context, NodeId self) {
    this.context = context;
    this.self = self;
  }

  /** The wish for a change of whatever ring is the newest. */
  static RingProposer.Wish forChange(RingChange change) {
    return known ->
        known
            .map(newest -> RingChanges.apply(newest, change))
            .orElseGet(() -> new RingChanges.NotAllowed("there is no ring yet"));
  }

  /** The wish for this ring where there is none. */
  static RingProposer.Wish forFirst(Ring first) {
    return known -> known.isPresent() ? new RingChanges.Stands() : new RingChanges.Next(first);
  }

  boolean isIdle() {
    return running.isEmpty();
  }

  /** Brings a wish through after those that wait already. */
  void add(RingProposer.Wish wish, ActorRef<RingProtocol.Outcome> replyTo, Optional<Ring> newest) {
    waiting.add(new Waiting(wish, replyTo));
    if (isIdle()) {
      startNext(newest);
    }
  }

  /** To be called on {@link Ended}. */
  void ended(Optional<Ring> newest) {
    running = Optional.empty();
    if (!waiting.isEmpty()) {
      startNext(newest);
    }
  }

  /** Tells the running proposer of a newer ring. */
  void learnt(Ring newer) {
    running.ifPresent(proposer -> proposer.tell(new RingProposer.Newer(newer)));
  }

  private void startNext(Optional<Ring> newest) {
    Waiting next = waiting.remove();
    ActorRef<RingProposer.Command> started =
        context.spawnAnonymous(
            RingProposer.create(self, newest, next.wish(), context.getSelf(), next.replyTo()));
    context.watchWith(started, new Ended());
    running = Optional.of(started);
  }
}
