package io.kindred.replication;

/**
 * That a peer held something newer of a key than a feed brought it. An owner that answers a quorum
 * with this has not taken the write: a later read of it shows the other.
 *
 * @param position the end of the span that brought what lost
 * @param key the key's {@link io.kindred.entry.Key#hashCode}; two keys of one hash only cost a
 *     needless second round
 * @param time the newest hybrid time that the peer has seen on the key
 */
public record Superseded(long position, int key, long time) {}
