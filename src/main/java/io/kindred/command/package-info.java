/**
 * Commands: what a client can ask, as data, and what each does to one shard.
 *
 * <p>{@link io.kindred.command.Commands} is the one table: a {@link io.kindred.command.CommandSpec}
 * a command, one file a group of Redis's. A {@link io.kindred.command.ShardCommand} sees one {@link
 * io.kindred.storage.Shard}, in the shard's own thread, and never waits; it knows no connection and
 * no node. Commands that concern the node a client is connected to are here as data only; {@code
 * server} carries them out.
 *
 * <p>What a command writes are elements ({@code entry}): SET writes the string and its expiry, DEL
 * a clear mark, INCR this origin's contribution to a counter, HSET one field each, ZADD a member's
 * score, RPUSH an item at a position of its own. HINCRBY and ZINCRBY count as INCR does; ZADD,
 * which sets, does not. All other read-modify-write commands write their result, never the
 * operation: INCRBYFLOAT and HINCRBYFLOAT made in two racks at once leave one of the two. A command
 * that removes writes a removal for each thing it saw, so what another rack adds at once stays; two
 * racks that pop at once may deliver one item or member twice. Invariants, all held in {@link
 * io.kindred.command.Writes}:
 *
 * <ul>
 *   <li>all that one command writes to one key carries one version, above all this node has seen of
 *       the key;
 *   <li>an expiry that has passed becomes a real clear mark before anything else is written, so
 *       that replacing the expiry brings nothing back;
 *   <li>a write that leaves the key's expiry in place never gets a version above that expiry's
 *       moment, or it would outlive it: the expiry is then written again with the same version.
 * </ul>
 *
 * <p>What empties a hash, set, sorted set or list also ends its expiry, which must not fall on the
 * next key of that name; where another rack set it at that moment, the first write to the next key
 * ends it.
 *
 * <p>A command that changes nothing (SETNX of a key that is there, DEL of one that is not) writes
 * nothing. Errors have Redis 7's texts, so that clients which look at them work unchanged.
 *
 * <p>Answers differ from Redis's in two things on purpose: there is one zero among scores, not two
 * of different sign, and SRANDMEMBER repeats members a million times at most. ZINCRBY answers the
 * sum as all racks will add it up, which for fractions may differ in the last digit from adding one
 * by one.
 *
 * <p>Decided: a multi-key command runs once for each key, and its answers are joined. Keys may lie
 * in many shards and on many nodes, and nothing here waits. Rejected: atomic MSET across shards,
 * which the merge could not give to the other racks anyway.
 */
package io.kindred.command;
