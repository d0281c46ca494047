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
 */
package io.kindred.membership;
