/**
 * The actors that hold a node's data: one {@link io.kindred.storage.actor.ShardActor} a shard, the
 * shard's single writer, on the event loop of its lane; and the {@link
 * io.kindred.storage.actor.Node} that owns them and answers other nodes.
 *
 * <p>Reconciliation and warm-up know these protocols; the shards know neither of them.
 *
 * <p>Decided: a shard's actor runs on the very thread that reads the sockets ({@link
 * io.kindred.storage.actor.LaneExecutor}). Pekko's dispatcher shuts its executor down when the last
 * actor leaves, so the wrapper ignores that. Decided: peers are reached by address and path ({@link
 * io.kindred.storage.actor.Peers}), not by the receptionist, whose entries spread by gossip among
 * cluster members that are Up; the ring, not the membership, says who is to be addressed.
 */
package io.kindred.storage.actor;
