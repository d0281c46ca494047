package io.kindred.warmup;

import io.kindred.ring.NodeId;

/**
 * What happens to a warm-up. Numbers, deadlines and views are judged before an event is made, so
 * that the table of moves has no condition in it. Its text goes to the log as the cause.
 */
public sealed interface WarmUpEvent {

  /** The ring names this node an owner: the cluster formed, or the node is back. */
  record OwnSeatsFound(Claim claim) implements WarmUpEvent {}

  /** The ring made this node the successor of an owner. */
  record SuccessionGranted(Claim claim) implements WarmUpEvent {}

  /** The ring no longer gives this node what it was warming up for, or serving. */
  record SeatsChanged(String how) implements WarmUpEvent {}

  /** The owner whose seats this node was to take serves again. */
  record OwnerReturned(NodeId owner) implements WarmUpEvent {}

  /** Every owner in reach knows the ring that makes them feed this node. */
  record FeedsOpened() implements WarmUpEvent {}

  /** What the other owners had when asked has been received by feed, as far as feeds bring it. */
  record FeedsCaughtUp(String how) implements WarmUpEvent {}

  /** One shard was streamed to its end, counted and checked. */
  record ShardStreamed(int shard) implements WarmUpEvent {}

  /** A source died, stalled, or sent what does not check. */
  record SourceLost(NodeId source, String reason) implements WarmUpEvent {}

  /** Every shard of the claim was streamed. */
  record AllStreamed() implements WarmUpEvent {}

  /** A comparison with enough owners found nothing that this node lacks. */
  record ProofGiven(int others) implements WarmUpEvent {}

  /** A comparison found something, and it was merged. */
  record DifferenceRepaired(long elements) implements WarmUpEvent {}

  /** Not enough owners took part in a comparison. */
  record ProofLacking(String waitingFor) implements WarmUpEvent {}

  /** The proof is there, but the ring does not yet take the old owner for lost. */
  record SeatNotFree(NodeId owner) implements WarmUpEvent {}

  /**
   * No other owner has been in reach since the start, and an operator let it serve all the same.
   */
  record LeftAlone() implements WarmUpEvent {}

  /** Other owners are in reach of a node that served without them. */
  record OthersFound() implements WarmUpEvent {}

  /** The ring names this node the owner of all that it claimed. */
  record RingDecided(Claim claim) implements WarmUpEvent {}

  /** The promotion was refused, or no majority answered. */
  record RingUndecided(String reason) implements WarmUpEvent {}

  /** This node's own store does not take what is merged into it. */
  record StoreBroken(String reason) implements WarmUpEvent {}

  /** The ring lists this node as former, or as drained: another has its seats. */
  record FoundFormer(long epoch) implements WarmUpEvent {}

  /** The ring lists this node as drained: every owner has what it had. */
  record Released(long epoch) implements WarmUpEvent {}

  /** The ring lists this node as forgotten: an operator gave it up. */
  record FoundForgotten(long epoch) implements WarmUpEvent {}

  /** An operator called it off. */
  record Cancelled() implements WarmUpEvent {}

  /** An operator looked, and lets it begin again. */
  record BeginAgain() implements WarmUpEvent {}
}
