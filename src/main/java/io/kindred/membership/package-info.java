/**
 * Membership: what each node knows of its cluster, who is lost, who takes which seat, and how a
 * node votes on the next ring. Pure rules; {@code membership.actor} carries them out.
 *
 * <p>Two things are kept apart. <em>Membership informs</em>: who is in reach is each node's own
 * view, may differ from node to node, and routes requests ({@link
 * io.kindred.membership.ClusterView}). <em>The ring decides</em>: who owns what changes by
 * consensus alone. Nothing follows from silence but a proposal to the ring.
 *
 * <p>How rings are decided: epoch e+1 is one question of {@code consensus}, put to the voters that
 * epoch e names, and settled by a majority of them ({@link io.kindred.membership.Voter}). The first
 * ring has no ring before it; its voters are all the nodes that it names, and it takes <em>all</em>
 * of them. Two nodes may propose different founders; if the two sets share a node, both cannot win,
 * provided that a proposer which must adopt another's first ring prepares again among <em>that</em>
 * ring's nodes before it puts it forward ({@link io.kindred.membership.Election}). Price: a founder
 * that is lost with its disk in the very moment of founding holds the founding up; its name is
 * logged, and the directories, which hold nothing yet, are emptied by hand.
 *
 * <p><b>Clocks</b> are compared by the pulses ({@link io.kindred.membership.PeerClocks}), each an
 * offset with its error; a node whose clock is off from a majority of the voters refuses its
 * clients' writes ({@link io.kindred.membership.ClockFence}). Compared is not the wall clock but
 * the clock that <em>stamps</em>: where a wall clock was ahead and has been set back, the hybrid
 * clock stays where it was, and such a node's writes still beat everybody's. It stays fenced until
 * the others have come up; started anew it goes on above what it had issued, so that alone is no
 * cure, but an empty replacement is one.
 *
 * <p>Decided: round trips are told by steady clocks, one node's alone. By NTP's own formula a round
 * trip takes two readings of the wall clock a second apart, and a clock set between them gives a
 * sample that looks good and is wrong. Limits: a way that always takes longer in one direction can
 * hide an offset of up to half of the round trip, which the error tells; of a clock that is off by
 * less than the limit nothing is done, and by so much a later write may lose (at a quorum level it
 * does not).
 *
 * <p>After the loss of a majority of the voters nothing can be decided. Then an operator may give
 * one surviving node the word ({@link io.kindred.membership.RecoveryOrder}): that node forms a ring
 * in which the voters out of its reach are lost, keeps it, and spreads it as any decided one. It is
 * no decision of consensus, and cannot be one, so it is marked: a {@link io.kindred.ring.Recovery}
 * names the epoch that it was formed on, and its own epoch is the next multiple of a billion, above
 * whatever the others could decide. {@link io.kindred.ring.Lineage} says what follows on what: a
 * node that knows nothing beyond the recovered epoch follows the recovered ring; one that does has
 * gone on by itself, and the two rings are a <em>split</em>. A split is refused by both sides, in
 * pulses, in votes and as news, is logged as an error with what to do, and is never mended by
 * itself. Nothing that a lost node feeds is taken before it has joined again, which it can only by
 * the same ring.
 *
 * <p>Limits of a recovery: whether the others are dead or only out of reach nobody here can know;
 * the operator is told so, and answers for it. An order names who is left out, and is void where
 * that has changed. Two orders at two survivors within the same moment make a split of their own; a
 * second one later is refused, as the survivors are a majority by then. What a majority among the
 * lost acknowledged at a quorum level is lost with them.
 *
 * <p>Rejected: to put a recovery to the vote of the survivors. Their votes on the next epoch may
 * already belong to a ring that the others have chosen, so that they would prove nothing. Rejected:
 * a new ring id. It keys the digests, and every node would have to read its disk anew.
 */
package io.kindred.membership;
