/**
 * Warm-up: how an empty or returning node becomes one of many masters, and never too early.
 *
 * <p>A node has a {@link io.kindred.warmup.Claim} to the shards that the ring gives it, as their
 * owner (the cluster formed, or the node is back with its data) or as the successor of an owner
 * that is lost. It goes STANDBY, STREAMING (fed by all owners, streaming from source nodes what is
 * older), VERIFYING (compared with the other owners), PROMOTING (the ring decides), MASTER. {@link
 * io.kindred.warmup.WarmUp} is that walk as a value: a step takes an event and returns the next
 * value, the reason and the actions; all moves are rows of {@code WarmUpTable}, and the picture of
 * it is {@code src/test/resources/warmup/transitions.txt}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>a directory is emptied only when the ring lists its node as drained;
 *   <li>only {@link io.kindred.warmup.Proof} leads out of VERIFYING to a promotion; no time-out, no
 *       number of retries and no disk does;
 *   <li>a start begins at STANDBY, whatever was stored: MASTER on disk says nothing of the data;
 *   <li>a claim is there exactly from STREAMING to MASTER; shards are served in MASTER, and in
 *       STALE by an operator's word.
 * </ul>
 *
 * <p>Decided: everything merges, so stream and live feeds need no order and no cut between them; a
 * broken stream goes on behind the last whole slot at any other source, and what is sent twice
 * changes nothing. Decided: an owner that returns takes the same road with nothing to stream; what
 * its disk lost is found by the comparison, which is needed anyway. Decided: an undecided promotion
 * goes back to VERIFYING instead of asking again at once, since whoever cannot reach a majority of
 * the ring may have missed writes since it was proven. Decided: an owner that serves again keeps
 * its seats and the successor steps down, as its copy is the newer one and moving costs.
 *
 * <p>A node that lost its seats to another is <em>former</em>, and goes STANDBY, DRAINING,
 * EMPTYING: it serves nothing, its feeds bring the owners what only it accepted, and when every
 * present owner has all of its log past its own fsync ({@link io.kindred.warmup.Drain}) the ring
 * lets it go. Only then does it empty its directory and start again, as another node and a spare.
 * Decided: an owner out of reach holds this up for as long as it is away, since nobody else sends
 * on what this node accepted; it is named to operators, who may {@code forget} it. Decided: an
 * owner for which a feed had to give something up (a log that was cut, a peer never fed before) is
 * compared with, and repaired, before it counts. Decided: the ring notes who was drained. A crash
 * between that decision and the emptying then finds the note again, and the old store can never
 * join; the emptying itself is noted in the directory first, so that one that was cut off goes on
 * before anything else is read.
 *
 * <p>STALE stands beside this road: an owner that is back with its data, finds no other owner of
 * its shards, and was allowed to by an operator ({@code ring.allow-stale-start}), serves what its
 * disk has until one is in reach; then it begins at STANDBY as ever. It asks the ring for nothing,
 * and whether it is stale changes nothing in how it votes or joins.
 *
 * <p>A node that an operator has forgotten stops for good. No proof needs a forgotten owner: that
 * is the operator accepts the loss by name.
 *
 * <p>Rejected: following one source's replication offset, as this system's forerunners did. It
 * proves equality with one node, which may itself have missed writes; it starts from zero when the
 * source dies; and it tempts one to promote when the time is out.
 */
package io.kindred.warmup;
