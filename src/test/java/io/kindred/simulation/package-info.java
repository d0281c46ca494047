/**
 * Simulation: a whole cluster in one thread, from one seed.
 *
 * <p>The rules and the store run here as they run in a node: shards, their stores and logs, the
 * hybrid clock, the clients' commands, the feeds' windows and inboxes, the narrowing and the merge
 * of a reconciliation. What is faked is the world below them: time (with a skew a node), the
 * network (delay, loss, duplication, partition), the disk (what was not synced may go when the
 * power does, a write may be torn in its middle, there may be no room for a while, and a sync may
 * fail and leave what it should have synced to the next power cut). Thin drivers, the {@code
 * Simulated…} classes, stand where the actors stand; they decide nothing.
 *
 * <p>A {@link io.kindred.simulation.Simulation} lets clients write while nodes are killed, lose
 * power, come back and are cut off from each other, while disks are full or fail, nodes write
 * snapshots and cut their logs, and while reconciliations run; then it lets everything heal and
 * come to rest. After every event, after every start and at rest each {@link
 * io.kindred.simulation.Invariant} is asked. They judge by the {@link
 * io.kindred.simulation.Ledger}, which knows what was written, by whom, what was answered and what
 * was shown, and by what a client would read; they know nothing of how the store keeps it.
 *
 * <p>Memory may be ahead of a log that fails, by what was merged before it was known to: such a
 * write was not acknowledged, and whether it is there later is nobody's promise. What it beats may
 * be gone from memory, and comes back with a crash; so what is seen in memory may go back from one
 * boot to the next, and what a client was shown may not. What is shown is held back as a lane does
 * it.
 *
 * <p>A failure names its seed and the command that replays it. An invariant that cannot fail proves
 * nothing, so for each there is a {@link io.kindred.simulation.Sabotage} that breaks its mechanism,
 * and a test that the invariant notices. A fault that never comes proves nothing either: over the
 * fixed seeds each {@link io.kindred.simulation.Happening} must have happened.
 *
 * <p>Owners purge all the while, by the very rules; what they may have forgotten the invariants
 * find out from what was written ({@code Purged}), and still nothing must come back.
 *
 * <p>Not simulated yet: ring changes, streaming to an empty node.
 */
package io.kindred.simulation;
