package io.kindred.storage.snapshot;

/**
 * What a snapshot is of.
 *
 * @param ringId the cluster's, which is the key of its digests
 * @param generation of the lane's log that {@code start} is a position of
 * @param start the position from which the log must be replayed on top
 * @param step the watermark's step that the elements were read under; 0 as there are none yet
 * @param startedMillis when its writing began, since 1970
 */
public record SnapshotHead(
    long ringId, int shard, int lane, long generation, long start, long step, long startedMillis) {}
