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
 * <p>Order of a stop: the front door closes, the actor system leaves the cluster and ends, the
 * loops run what is left, the logs are synced and closed, and a clean stop is noted. Anything less
 * is an unclean stop, which changes the generation of the logs.
 */
package io.kindred.node;
