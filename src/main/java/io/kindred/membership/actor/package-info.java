/**
 * The ring's actors: {@link io.kindred.membership.actor.RingKeeper}, one a node, with its {@code
 * RingVoter}, which holds the disk, and a {@code RingProposer} for each wish.
 *
 * <p>Who tells whom: keepers send each other pulses (about each second, and at once when something
 * changed) that carry phase, epoch, clock and whom they have missed for how long; who knows a newer
 * ring sends it. A proposer asks the voters of the newest ring and tells its keeper what was
 * chosen; the keeper tells everybody. Readers take the view from the board or subscribe.
 *
 * <p>Invariants: a vote leaves when it is synced; the ring on which a vote builds is synced before
 * the vote; a ring of another cluster is refused and logged as an error; nothing is downed in Pekko
 * but unreachable members that a decided ring has given up.
 *
 * <p>Decided: no split brain resolver, and Pekko's default of no downing. A resolver ends the
 * processes of the smaller side after a time; here that side goes on serving its own clients, and
 * whose seat is taken is decided by the ring alone. Two cluster singletons that run at once
 * meanwhile do no harm, since what they send is merged. Rejected: a {@code DowningProvider}; it
 * would need the ring before the guardian, which reads it, has started. The keeper tells {@code
 * Down} itself.
 *
 * <p>Decided: in reach is what one hears oneself, see {@link io.kindred.membership.Reach}.
 * Rejected: Pekko's unreachability as well. It is what any one member observes, and is asked only
 * whom to down.
 *
 * <p>Decided: actors of other nodes are reached by address and path, not by the receptionist, which
 * knows a node late and forgets it while it is merely unreachable.
 *
 * <p>Learnt of Pekko 1.7, and held by {@code RingKeeperTest}:
 *
 * <ul>
 *   <li>While some member is unreachable, a newcomer at a new address becomes WeaklyUp after {@code
 *       allow-weakly-up-members}. It sends and gets messages, and can join the ring and be given
 *       work. It becomes Up once the unreachable member was downed and removed, which here follows
 *       at once from the ring's decision that the dead one is replaced.
 *   <li>A newcomer at the address of a dead member makes Pekko itself down and remove that one; its
 *       first attempt to join is dropped and repeated after {@code retry-unsuccessful-join-after}
 *       (10 s by default), so set that lower.
 *   <li>That removal waits until nobody <em>else</em> is unreachable: seen in a trial, not held by
 *       a test. The newcomer at a dead member's address stays outside, not even WeaklyUp, until the
 *       other one is back or is downed because the ring gave it up. A newcomer at an address of its
 *       own does not have to wait.
 *   <li>Messages do not need cluster membership: a restarted keeper that has a ring on its disk
 *       pulses to the ring's members, and hears from them, before its system has joined.
 * </ul>
 */
package io.kindred.membership.actor;
