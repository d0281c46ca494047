/**
 * Replication: how what one node accepted from its clients reaches the other owners.
 *
 * <p>Each node feeds each other owner from its own lanes' logs. The log is the feed's memory: a
 * peer that was away is simply further behind in it. Nothing is sent on by a third: a node sends
 * what it accepted itself, and only of shards that the ring names the peer for ({@link
 * io.kindred.replication.FeedFilter}). What is merged may come late, twice and in any order, so
 * this package has one duty only: that everything comes, and that a cursor never says more than is
 * true.
 *
 * <ul>
 *   <li>A <em>span</em> is a stretch of the log, filtered and encoded; a <em>piece</em> is what one
 *       message carries of it. A 64 MB value is a span of 512 pieces. An empty span says "nothing
 *       for you up to here", so cursors always reach the log's end.
 *   <li>A <em>session</em> is a run of spans from some position on, between one sender and one
 *       inbox. {@link io.kindred.replication.LaneFeed} is its sending end, {@link
 *       io.kindred.replication.InboxProgress} its receiving end.
 *   <li>A <em>cursor</em> is how far a peer has a lane's log, applied and synced. Quorums and feed
 *       barriers ask the first, the log's cutting and the watermark the second.
 *   <li>A peer further behind than {@link io.kindred.replication.Retention} allows is
 *       <em>diverged</em>: its feed goes on at the log's end, and this is reported.
 * </ul>
 *
 * <p><b>Quorums</b> are questions about applied cursors ({@link io.kindred.replication.AckTally}).
 * While a client waits for one, the lane's feeds are prompt: the log's growth is told at once
 * instead of once a millisecond, and spans are marked so that the receiver answers at once. It then
 * also says which keys it had something newer of ({@link io.kindred.replication.Superseded}), again
 * and again until the sender has heard it: who counts an owner that let a write lose to a fast
 * clock would acknowledge what nobody can read. Such a write is stamped above what was there and
 * sent again. Rejected: sending a quorum's writes to the other owners directly, beside the feed:
 * each write would travel twice.
 *
 * <p>Limit: a write that changes nothing, like DEL of what is not there, is answered by its owner
 * alone at dc_quorum: no log has it, so there is nothing to wait for. What another rack
 * acknowledged a moment before, and that has not arrived, it has not seen.
 *
 * <p>Limit: an increment counts against the base that its owner had. At dc_quorum a SET that
 * another rack acknowledged before, and that has not arrived, takes it along; dc_safe_quorum does
 * not.
 *
 * <p>Invariants: a sender's synced cursor never passes what the peer has on its disk; its applied
 * cursor never passes what the inbox that answers had applied; in a quiet cluster all cursors reach
 * the ends of the logs. The simulation in the tests checks them under loss, duplication, reordering
 * and restarts of either end.
 *
 * <p>Decided: Artery has no back-pressure and drops what its queue cannot hold, so the window is
 * ours. Time-outs send a question of a hundred bytes, never the window: a paused peer must not fill
 * the queues between. An idle feed says so every few seconds, which is how a receiver that
 * restarted is found when nobody writes. The number of a session begins with the boot number, so a
 * sender needs no memory of its sessions.
 *
 * <p>Decided: the receiver stores no progress. The sender's cursors are stored with the sender, and
 * a receiver that restarts is fed again from its synced position. After an unclean stop the
 * sender's log is a prefix of what it was, so cursors of the generation before still hold in that
 * prefix.
 *
 * <p><b>Watermark.</b> What is dead may be forgotten once nobody can bring back what it ended. Time
 * tells nothing of that, cursors do ({@link io.kindred.replication.Watermarks}). For each shard:
 *
 * <ol>
 *   <li>A lane promises a <em>floor</em> at a position of its log: all own entries behind it are
 *       above the floor. It trails the clock by a few seconds, for writes that were stamped
 *       elsewhere. Once all owners have <em>synced</em> the log that far, this origin's part is
 *       <em>known</em> up to the floor.
 *   <li>The least that all origins tell to be known an owner <em>adopts</em>, once its own disk has
 *       all it holds: nothing at or below it is missing here, or will come. From then on it drops
 *       what a feed brings again, and counts from that time on.
 *   <li>What it wrote before it adopted is below a time of its clock. Once all owners have adopted
 *       that too, the adoption is <em>settled</em>: none of it will be taken by anybody again.
 *   <li>What all owners have settled is the next <em>step</em>, and what is dead at or below a step
 *       is purged. Whoever makes a step tells it, and the others make the same: it is a fact.
 * </ol>
 *
 * <p>All of this only grows and stays true, so each node simply tells all it knows, each second,
 * and nobody decides for others: there is nothing that two could do at once. A step's number is its
 * time. The rows of all owners must be of one ring. So a successor that an owner has not heard of
 * cannot be left out: until all follow the ring that names it no step is made, and after that none
 * without it. It streams nothing before all feed it by that ring, hence nothing that was read
 * before the last step without it. A copy that is not proven adopts nothing, and so nothing is
 * purged meanwhile; if it never adopted what the others have purged, it forgets what it holds of
 * that time, which comes again with its stream.
 *
 * <p>Who is away holds the watermark, and so does a feed that gave something up, until it is
 * reconciled. A node that lost its seat holds it until it has drained or is forgotten: that the
 * owners are equal says nothing of what it accepted alone. Then it is, like one that lost a shard,
 * an origin that tells nothing any more; and one that stopped uncleanly may have lost what some
 * peer took. All these hold it until a reconciliation that began afterwards left all owners equal.
 * A watermark that stands still is reported ({@link io.kindred.replication.StandStill}), and where
 * only a reconciliation helps, one is asked for.
 *
 * <p>Decided: what is known is computed by the origin, from its own cursors; floors need not
 * travel, and what a batch carries for them stays 0. Rejected: calling an adoption settled once all
 * have synced what was written before it. A feed that goes back brings that again, an increment
 * beside a delete among it, and when the delete's mark is purged nobody could tell that it is dead.
 * Rejected: a coordinator that numbers the steps, which would have to be elected, or repaired by
 * the next. Rejected: adopting and purging at once; between the two lies what was counted in
 * ignorance of a delete (see {@code storage}). Limit: who loses one shard holds all shards.
 *
 * <p>Rejected: Pekko's reliable delivery, which acknowledges messages and knows no positions, so
 * the log could not be its memory. Rejected: starting a new peer at the log's end, since a write
 * that the source of its stream has not applied yet would be in neither; see {@link
 * io.kindred.replication.FeedStart}.
 */
package io.kindred.replication;
