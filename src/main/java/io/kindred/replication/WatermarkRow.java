package io.kindred.replication;

/**
 * What one node tells of one shard. All of it are facts that stay true, so the newest message says
 * all that those before it said. Times are hybrid.
 *
 * @param known everything that this node ever wrote or will write at or below it is synced at all
 *     owners
 * @param adopted this owner holds everything at or below it, whoever wrote it
 * @param settled all owners have adopted everything that this node wrote before it had adopted this
 *     much
 * @param step what is dead at or below it may be purged
 * @param waiting whether this owner keeps something that a step would take out
 */
public record WatermarkRow(
    int shard, long known, long adopted, long settled, long step, boolean waiting) {}
