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
 */
package io.kindred.membership;
