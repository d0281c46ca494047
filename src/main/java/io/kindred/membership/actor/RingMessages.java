package io.kindred.membership.actor;

import io.kindred.consensus.Answer;
import io.kindred.consensus.Request;
import io.kindred.membership.ClockPulse;
import io.kindred.membership.Silence;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Recovery;
import io.kindred.ring.Ring;
import io.kindred.wire.WireMessage;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What ring keepers, voters and proposers of different nodes say to each other. */
final class RingMessages {

  private RingMessages() {}

  /**
   * What a node tells of itself about each second, and at once when it changes.
   *
   * @param ringId of the ring it knows; 0 if none
   * @param epoch of that ring; 0 if none
   * @param recoveries of that ring
   * @param clock its own clock, for the others to see how far it is off
   * @param silences how long it has not heard of others
   */
  record Pulse(
      Member from,
      long ringId,
      long epoch,
      List<Recovery> recoveries,
      Phase phase,
      ClockPulse clock,
      List<Silence> silences)
      implements RingProtocol.Command, WireMessage {

    static Pulse of(
        Member from, Optional<Ring> ring, Phase phase, ClockPulse clock, List<Silence> silences) {
      return new Pulse(
          from,
          ring.map(Ring::id).orElse(0L),
          ring.map(Ring::epoch).orElse(0L),
          ring.map(Ring::recoveries).orElse(List.of()),
          phase,
          clock,
          silences);
    }
  }

  /** A decided ring, for those who may not know it. */
  record RingNews(Ring ring) implements RingProtocol.Command, WireMessage {}

  /** A question to a voter; without a base it is about a first ring. */
  record Question(Optional<Ring> base, Request<Ring> request, ActorRef<Reply> replyTo)
      implements RingVoter.Command, WireMessage {}

  /** What a voter sends back. */
  sealed interface Reply extends RingProposer.Command, WireMessage {}

  /** A vote on the question. */
  record Vote(NodeId voter, Answer<Ring> answer) implements Reply {}

  /** The question is settled; this ring is as new or newer. */
  record Settled(Ring ring) implements Reply {}
}
