/**
 * Reconciliation: how owners of a shard that have drifted apart become equal again, without the
 * owners doing the comparing.
 *
 * <p>A <em>run</em> carries out a {@link io.kindred.reconcile.RunPlan}: which shards, whose copies
 * are compared, which of them are repaired. It compares live digests first, and {@linkplain
 * io.kindred.reconcile.Narrowing narrows} from slots to branches to leaves, so that what it costs
 * grows with what differs and not with what is stored. Only the elements of differing leaves are
 * listed; {@link io.kindred.reconcile.ElementMerge} walks the sorted listings of all participants
 * side by side and says of each place which element wins and who lacks it. What a node lacks goes
 * to it as a <em>recommendation</em> and ends in the merge that a client's write ends in. The moves
 * of a run stand in {@link io.kindred.reconcile.RunTable}; {@code reconcile.actor} carries them
 * out. {@link io.kindred.reconcile.RunTally} adds up what is told in the {@link
 * io.kindred.reconcile.RunReport}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A recommendation is merged, never set: at worst it is a wasted message. Two runs at once,
 *       or a run over data that has moved on, do no harm.
 *   <li>Absence is no evidence. A run never recommends removing anything; removals are elements
 *       (tombstones, clear marks) and are recommended as such.
 *   <li>In flight is not different. What two nodes hold differently because the feed between them
 *       is not done is no damage. So the differing leaves are listed first; then every participant
 *       says how far its own writes have come, and every target waits until it has applied all of
 *       that; only then is anything recommended. What existed anywhere when it was listed has by
 *       then arrived wherever the feeds carry it. What the merge still reports as added was missing
 *       and what it reports as replaced was stale. Where a feed does not arrive in time the run
 *       goes on, since a dead feed is what it is there to mend, and the report says of that node
 *       that writes in flight may be counted.
 *   <li>A report claims no more than was seen: who did not answer is named with the reason, and a
 *       shard for which fewer than two answered counts as not compared. {@link
 *       io.kindred.reconcile.RunReport#provesComplete} is false for a node as soon as a participant
 *       of one of its shards was left out, or has lost something of it that nobody else may have.
 *   <li>What one lacks is no other's fault. A target that does not take what it is sent (its disk
 *       is full, say) is compared on, since what it holds must be found at the others; it alone
 *       stays unproven, and is sent nothing more in that run.
 * </ul>
 *
 * <p>Only equal <em>steps</em> are compared: an owner that has purged and one that has not yet
 * differ, though nothing is wrong. They are asked again a few times, as it takes a moment only; who
 * is still behind is left out. What is recommended names the step it was read under, and a shard
 * that is further refuses it: the engine may have been stopped with what is purged everywhere by
 * now. The next run looks again.
 *
 * <p>Digests are compared as they are when each node answers, so they may differ in what is written
 * at that moment; the narrowing then ends at elements that turn out to be known. Likewise {@code
 * slotsStillDiffering} counts slots that are written to just then; under load it is rarely zero.
 *
 * <p>Decided: listings carry whole elements, values included, since the leaves that differ are few
 * and short. Rejected for now: identifiers first and values in a second step, which pays with large
 * values only and costs a round trip always. Rejected: each owner repairing from a peer, which does
 * the same comparison once for every pair, on threads that clients wait for.
 */
package io.kindred.reconcile;
