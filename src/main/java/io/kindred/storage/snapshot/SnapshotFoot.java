package io.kindred.storage.snapshot;

/**
 * What a snapshot turned out to hold.
 *
 * @param logEnd a position of the log below which all lies that the elements came from; the log was
 *     synced up to there before the snapshot got its name
 * @param elements in it
 * @param digest the sum of their digests, as the shard's own
 * @param rawBytes of their encoding, before compression
 */
public record SnapshotFoot(long logEnd, long elements, long digest, long rawBytes) {}
