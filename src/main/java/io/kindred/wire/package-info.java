/**
 * What crosses nodes, and how what is larger than a frame crosses in fragments.
 *
 * <p>Artery drops frames over 256 KiB and drops when 3,072 messages wait for one node; it tells
 * nobody. So large messages are cut ({@link io.kindred.wire.FragmentSender}), few pieces are on
 * their way at a time, the receiver ({@link io.kindred.wire.FragmentReceiver}) counts them and sees
 * at once when one is missing. There is no re-sending of single pieces: Artery keeps the order, so
 * a gap means that the link itself failed, and both ends begin a new session.
 */
package io.kindred.wire;
