/**
 * Simulation: a whole cluster in one thread, from one seed.
 *
 * <p>The rules and the store run here as they run in a node: shards, their stores and logs, the
 * hybrid clock, the clients' commands, the feeds' windows and inboxes, the narrowing and the merge
 * of a reconciliation. What is faked is the world below them: time (with a skew a node), the
 * network (delay, loss, duplication, partition), the disk (what was not synced may go when the
 * power does, and a write may be torn in its middle). Thin drivers, the {@code Simulated…} classes,
 * stand where the actors stand; they decide nothing.
 *
 * <p>A {@link io.kindred.simulation.Simulation} lets clients write while nodes are killed, lose
 * power, come back and are cut off from each other, and while reconciliations run; then it lets
 * everything heal and come to rest. After every event and at rest each {@link
 * io.kindred.simulation.Invariant} is asked. They judge by the {@link
 * io.kindred.simulation.Ledger}, which knows what was written, by whom, and what was answered, and
 * by what a client would read; they know nothing of how the store keeps it.
 *
 * <p>A failure names its seed and the command that replays it. An invariant that cannot fail proves
 * nothing, so for each there is a {@link io.kindred.simulation.Sabotage} that breaks its mechanism,
 * and a test that the invariant notices.
 *
 * <p>Not simulated yet: ring changes, streaming to an empty node, purging.
 */
package io.kindred.simulation;
