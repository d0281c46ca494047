/**
 * The front door: the Redis protocol on Netty, and the way of each command to where its shard is
 * served.
 *
 * <p>A {@link io.kindred.server.Connection} takes requests in batches, as they were read. Each gets
 * a {@link io.kindred.server.Slot}, its place in the order of replies. Commands that concern the
 * node run at once ({@link io.kindred.server.NodeCommands}); the others become {@link
 * io.kindred.server.Request}s, one a key, and {@link io.kindred.server.Routes} says where to: the
 * own rack's owner if it serves, else an owner in another rack. For shards of this node, each
 * shard's actor gets one message a batch; it runs on an event loop as the connection does, so in
 * the best case the command never changes threads. For other nodes, a {@link
 * io.kindred.server.Link} sends many requests in one message to their {@link
 * io.kindred.server.Gateway}, in fragments and with a window, and the replies come back the same
 * way.
 *
 * <p>Invariants: every request is answered exactly once, in order, on its connection's event loop;
 * a request is carried out at most once if it writes; what a client can make this node hold is
 * bounded (unanswered requests, their bytes, replies not taken); bad bytes end one connection and
 * nothing else.
 *
 * <p>Decided: no MOVED, ever. Any node takes any command, and CLUSTER SLOTS shows the rack's owners
 * so that cluster-aware clients need no forwarding. Rejected: forwarding through the cluster's ask
 * pattern, one message a command, which costs twenty times as much.
 *
 * <p><b>Levels.</b> What is asked at dc_one goes the way above. A write at dc_quorum does too, and
 * waits in the owner's lane until other racks have applied it ({@code LaneQuorum}). A read at
 * dc_quorum asks one owner for the reply and others for digests of the key ({@link
 * io.kindred.server.QuorumRead}). At dc_safe_quorum all nodes send a shard's commands to the same
 * owner, which puts each key's in one order ({@link io.kindred.server.SafeRegister}). All of it is
 * made of requests to shards, so links, windows and deadlines are the same for all.
 *
 * <p>Decided: a read at a quorum compares digests first, as Cassandra does, so that it costs a
 * round trip and no data while owners agree; but what it finds is merged by one owner and the
 * command run there, so that it works for every type. Decided: consensus by key, without a leader
 * that has to be elected: the common owner is a habit that makes proposers meet rarely, and when
 * views differ two of them cost time and nothing else. Rejected: locks in an owner's memory, which
 * do not outlive it.
 *
 * <p><b>Deadlines.</b> A client waits two seconds unless told otherwise, so every request is
 * answered within 1.8. What was sent to a node and got no answer within 0.7 s (while a large
 * transfer between the two goes on, as long as that moves) goes to another rack, if it may run
 * twice: reads, and writes whose effect and answer depend on nothing but their arguments and
 * version. These get their version from the node that forwards them, so that both owners write the
 * very same element; the first owner may send one back for a higher version, the second must take
 * it as it is, or a write that came in between would be undone. Of all other writes the client is
 * told that they may have been applied: sent again, an INCR would count twice. What was not sent at
 * all goes elsewhere in any case.
 */
package io.kindred.server;
