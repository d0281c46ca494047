package io.kindred.warmup;

import io.kindred.ring.Phase;

/** What a step of a warm-up asks to be done. The actor carries them out in order. */
public sealed interface WarmUpAction {

  /** Tell the other nodes the new phase. */
  record Announce(Phase phase) implements WarmUpAction {}

  /** Stop streams, comparisons and questions that serve the phase that was left. */
  record StopWork() implements WarmUpAction {}

  /** Make sure that every owner in reach feeds this node, as the ring of the claim's epoch says. */
  record OpenFeeds(Claim claim) implements WarmUpAction {}

  /** Receive by feed what the other owners have at this moment. */
  record CatchUp(Claim claim) implements WarmUpAction {}

  /** Stream the shards from source nodes. */
  record Stream(Claim claim) implements WarmUpAction {}

  /** Compare with the other owners and merge what is lacking. */
  record Verify(Claim claim) implements WarmUpAction {}

  /** The same again, after a pause. */
  record VerifyAgain(Claim claim) implements WarmUpAction {}

  /** Serve clients from the claim's shards. */
  record Serve(Claim claim) implements WarmUpAction {}

  /** Serve clients from nothing. */
  record StopServing() implements WarmUpAction {}

  /** See to it that every owner has what only this node has, and have the ring say so. */
  record DrainLog() implements WarmUpAction {}

  /** Empty the data directory, and start again as another node. */
  record StartOver() implements WarmUpAction {}

  /** Stop for good, and say why: this directory belongs to no cluster any more. */
  record Leave() implements WarmUpAction {}
}
