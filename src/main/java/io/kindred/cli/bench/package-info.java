/**
 * Measuring: Kindred beside another store, on one machine, in one run.
 *
 * <p>A {@link io.kindred.cli.bench.Section} starts the servers that it compares, drives them in
 * turn, and tells {@link io.kindred.cli.bench.Row}s. What sections share: the {@link
 * io.kindred.cli.bench.Workbench}, which starts and ends every process and owns the folder; {@link
 * io.kindred.cli.bench.RedisBenchmark}, Redis's own client, for what goes as fast as it can; {@link
 * io.kindred.cli.bench.OpenLoop}, for latency at a rate; {@link io.kindred.cli.bench.Loader}, which
 * puts a known amount of data into a store.
 *
 * <p>What makes it fair, and holds for every row that names two stores:
 *
 * <ul>
 *   <li>the same client program, the same commands, keys and values, the same durability;
 *   <li>both are warm before anything counts, and rounds are interleaved, the first of a round in
 *       turn, so that a machine that grows slower grows slower for both;
 *   <li>never both under load at once, and between two sections no server runs;
 *   <li>a figure is the median of its rounds and stands beside the least and the greatest.
 * </ul>
 *
 * <p>Where stores have replicas ({@link io.kindred.cli.bench.RacksBench}), a turn ends once all of
 * them have what was written, so that nobody catches up on the other's time; processor time is
 * counted until then, for each process. Limits: Kindred tells of its feeds once a second, so that
 * waiting takes two, and what its idle processes do in them is counted too; and all replicas share
 * one machine, where more processes do more than on machines of their own.
 *
 * <p>A busy machine cannot be made quiet, but it can be told: {@link
 * io.kindred.cli.bench.Strangers} says for each section how much of the processors somebody else
 * used. Ratios of a section where that is more than a few hundredths mean little.
 *
 * <p>Decided: Redis rewrites its append-only file only when told ({@code
 * auto-aof-rewrite-percentage 0}), so that no child of it takes a processor from a round by chance;
 * and a node beside it writes no snapshots, which are the same to it. What they cost has a section
 * of its own. Latency counts from the moment a request was due, not from when it could be sent: a
 * store that stalls for a second owes a second to every request of it. Rejected: one figure for
 * all; a store can win on throughput and lose on its tail.
 *
 * <p>Exit status: a missed target is a result, not a failure. What could not be measured is one.
 */
package io.kindred.cli.bench;
