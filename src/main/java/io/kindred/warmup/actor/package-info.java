/**
 * The warm-up carried out. {@link io.kindred.warmup.actor.NodeManager}, one a node, holds the
 * durable state and makes every move; {@code Work} starts the children that a phase needs:
 *
 * <pre>
 *   STREAMING, successor   FeedsOpening  every owner in reach knows the ring, so it feeds us
 *                          Streaming     then what is older, shard by shard, from several sources
 *   STREAMING, owner       CatchingUp    the feeds bring what the others wrote meanwhile
 *   DRAINING               Draining      the owners get what only this node has; the ring lets it go
 *   VERIFYING              reconcile's run, between this node and the other owners, repairing all of them
 * </pre>
 *
 * <p>Invariant: a step is stored, then told, then acted upon; what a child says counts only while
 * the work it was started for goes on. Children restart by themselves, with a pause; all of what
 * they do may be done twice.
 *
 * <p>Decided: whoever does not answer is asked again and named in {@code waitingFor}; there is no
 * number of attempts after which anything is taken for granted. Decided: the shards noted as
 * streamed are a hint that survives a restart, so that a node killed at nine tenths of its stream
 * does not begin again; where the hint is wrong the comparison finds the shard empty and fills it.
 *
 * <p>Persistence: the state goes to the durable state store of {@code persistence.conf}, as JSON by
 * the binding there, so that an operator can read it. Pekko restarts the same behaviour object when
 * a state cannot be stored, hence BEGIN sets every field again.
 */
package io.kindred.warmup.actor;
