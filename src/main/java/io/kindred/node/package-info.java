/**
 * One node as a process: {@link io.kindred.node.KindredNode} opens the data directory, starts the
 * event loops and the actor system; its guardian wires the rooms together and decides nothing.
 *
 * <p>Order of a start: identity and boot number are on disk before anything is stamped with them;
 * ring keeper and management port come up, and Cluster Bootstrap joins or forms the cluster; once a
 * ring is known the front door opens and its shards are recovered from snapshots and logs, a thread
 * a lane, while clients are served by other racks or hear {@code -LOADING}; then the Node actor and
 * the shards', the feeds, the snapshots, the node manager and the engine.
 *
 * <p>Before its writes are stamped, a node with other racks waits until the wall clock has passed
 * the bound that the last boot left ({@link io.kindred.node.NodeClock}): up to ten seconds after a
 * crash, nothing after a clean stop, which brings the bound down. Without that a node that starts
 * quickly stamped its writes with the future, and what other racks wrote a moment later lost
 * against them. The other racks serve meanwhile.
 *
 * <p>Order of a stop: the front door closes, the actor system leaves the cluster and ends, the
 * loops run what is left, the logs are synced and closed, and a clean stop is noted. Anything less
 * is an unclean stop, which changes the generation of the logs.
 */
package io.kindred.node;
