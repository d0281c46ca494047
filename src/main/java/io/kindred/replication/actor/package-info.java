/**
 * Replication at work. {@code Feeds} follows the ring and keeps one {@code Feeder} a peer, which
 * reads the lanes' logs and sends; {@code FeedInbox} takes what others send, hands it to the shards
 * to be merged, and answers. What to send and what to answer is decided in {@link
 * io.kindred.replication}; here are files, messages and timers.
 *
 * <p>{@code WatermarkKeeper} asks the lanes for floors and the feeds for cursors, tells the other
 * nodes what follows from them, and tells the shards what they may purge. What was decided is on
 * disk before anybody hears of it ({@code WatermarkFile}).
 *
 * <p>Logs wake the feeds ({@link io.kindred.storage.LaneLog#onCommit}); a pulse of a millisecond
 * gathers what is written meanwhile, since Artery costs by the message. While nobody writes,
 * nothing runs but one Hello a lane and peer every few seconds.
 */
package io.kindred.replication.actor;
