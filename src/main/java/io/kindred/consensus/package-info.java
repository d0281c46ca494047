/**
 * Single-decree Paxos (Lamport, <em>Paxos Made Simple</em>, 2001) as values: how some nodes settle
 * on one value for one question, whatever is lost, repeated, late or restarted.
 *
 * <p>Words: a {@link io.kindred.consensus.Ballot} is one attempt, and all attempts are ordered. An
 * {@link io.kindred.consensus.Acceptor} is a voter's memory of one question; a {@link
 * io.kindred.consensus.Proposer} runs attempts. A value is <em>chosen</em> when a quorum accepted
 * it at one ballot. Which question is asked, of whom, and what a quorum is, belongs to the caller.
 *
 * <p>Invariant: of one question at most one value is ever chosen. It rests on three duties of the
 * caller:
 *
 * <ul>
 *   <li>an acceptor's next state is on disk <em>before</em> its answer leaves;
 *   <li>no two proposers ever share a name, not even one before and one after a restart: a ballot
 *       that stands for two values is worthless;
 *   <li>any two quorums that are used for one question share a voter.
 * </ul>
 *
 * <p>The other user of consensus is a key whose commands have one order. It is a register that
 * changes again and again: {@link io.kindred.consensus.RegisterRound}, after CASPaxos (Rystsov,
 * 2018), is one proposer's attempt; the owners' half is {@code storage.Promises}. A value that only
 * some have accepted may reach others by other ways, since everything merges: by a reconciliation,
 * say. So what a majority has alike is taken for chosen only where none of it had promised somebody
 * else to replace it; else the long way is gone, which proposes what was found anew. And of two
 * ballots with one time only the first is promised, whatever their origins: a merge lets a delete
 * win over a string of its own time, which ballots would not.
 *
 * <p>Decided: one question at a time rather than a replicated log. What is decided here changes a
 * few times a day at most, and each decision names who decides the next; a log would bring leaders,
 * terms and truncation for nothing. Rejected: a stable leader that skips the first phase. It saves
 * a round trip that nobody waits for.
 */
package io.kindred.consensus;
