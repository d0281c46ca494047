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
 * <p>Rejected: Pekko's reliable delivery, which acknowledges messages and knows no positions, so
 * the log could not be its memory. Rejected: starting a new peer at the log's end, since a write
 * that the source of its stream has not applied yet would be in neither; see {@link
 * io.kindred.replication.FeedStart}.
 */
package io.kindred.replication;
