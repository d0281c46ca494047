package io.kindred.membership.actor;

import io.kindred.membership.ClusterView;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import java.util.SortedSet;
import org.apache.pekko.actor.typed.ActorRef;

/** What others on the same node may ask of its ring keeper. */
public final class RingProtocol {

  private RingProtocol() {}

  /** A message to the ring keeper. */
  public interface Command {}

  /** Asks for a change of the ring; answered once it is decided, refused or given up for now. */
  public record Propose(RingChange change, ActorRef<Outcome> replyTo) implements Command {}

  /** From now on {@code subscriber} gets every new view, the current one first. */
  public record Subscribe(ActorRef<ClusterView> subscriber) implements Command {}

  /** This node's phase, for the others to know. */
  public record AnnouncePhase(Phase phase) implements Command {}

  /**
   * An operator's word that the voters in reach are to go on without the others; answered at once.
   * Refused where they are a majority, and where others are out of reach than the operator was
   * told.
   */
  public record Recover(SortedSet<NodeId> without, ActorRef<Outcome> replyTo) implements Command {}

  /** What became of a proposal. */
  public sealed interface Outcome {}

  /** The change stands in this ring, or a later one. */
  public record Decided(Ring ring) implements Outcome {}

  /** The newest ring does not allow the change; asking again without a reason is useless. */
  public record Refused(String reason) implements Outcome {}

  /** No majority of the voters answered in time; ask again. */
  public record NoMajority(String reason) implements Outcome {}
}
