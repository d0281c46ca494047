package io.kindred.server;

import io.kindred.storage.StoreMemory;
import java.util.List;
import java.util.Optional;

/**
 * What INFO tells of the node and its data, gathered when somebody asks.
 *
 * @param loading how far it is, while it reads its disk; what the data is like is not known then
 * @param version Kindred's own
 * @param startedMillis when the process was started, ms since 1970
 * @param dataDirectory where it keeps its data
 * @param fsync the policy in force: always, everysec or no
 * @param lanes how many event loops there are
 * @param logBytes bytes of all lanes' logs on disk
 * @param keys keys of the shards that live here, as far as known without a scan
 * @param expiring keys of them that have an expiry
 * @param tombstones what is kept of the removed, see {@code ShardStore.tombstoneCount}
 * @param memory what the data takes in memory
 * @param maxMemoryBytes what it may take, 0 for no limit
 * @param driftedSlots slots of which the audit found the digests to be wrong, since the start
 * @param farFutureElements that others sent with versions more than a minute ahead of this node's
 *     clock, since the start
 * @param persistence how the data gets to the disk
 * @param purging what waits to be purged
 */
public record NodeFacts(
    Optional<Loading> loading,
    String version,
    long startedMillis,
    String dataDirectory,
    String fsync,
    int lanes,
    long logBytes,
    long keys,
    long expiring,
    long tombstones,
    StoreMemory memory,
    long maxMemoryBytes,
    int driftedSlots,
    long farFutureElements,
    Persistence persistence,
    Purging purging) {

  /**
   * What waits to be purged.
   *
   * @param waitsMillis how long the shard that waits longest has; 0 where none does
   * @param heldBy the nodes it waits for, where it does
   */
  public record Purging(long waitsMillis, List<String> heldBy) {

    public static final Purging NOTHING = new Purging(0, List.of());
  }

  /**
   * How far a node is with reading its disk.
   *
   * @param startedMillis when it began, ms since 1970
   * @param snapshotsRead of how many {@code shards} the snapshot was read
   * @param logsPercent how much of the logs that are to be read on top
   * @param records read so far
   */
  public record Loading(
      long startedMillis, int snapshotsRead, int shards, int logsPercent, long records) {}

  /**
   * How the data gets to the disk.
   *
   * @param logFailure why a log takes no writes; empty while all do
   * @param snapshotUnderWay whether a shard's snapshot is being written
   * @param lastSnapshotMillis when the newest was begun, ms since 1970; 0 where there is none
   * @param snapshotsGood whether the last attempt at one succeeded
   * @param snapshotBytes of all of them on disk
   * @param quarantinedShards shards that lost something on this disk and are not served for it
   */
  public record Persistence(
      Optional<String> logFailure,
      boolean snapshotUnderWay,
      long lastSnapshotMillis,
      boolean snapshotsGood,
      long snapshotBytes,
      int quarantinedShards) {

    /** Of a node that keeps nothing. */
    public static final Persistence NONE = new Persistence(Optional.empty(), false, 0, true, 0, 0);
  }

  /** Of a node of which no more is known. */
  public NodeFacts(
      Optional<Loading> loading,
      String version,
      long startedMillis,
      String dataDirectory,
      String fsync,
      int lanes,
      long maxMemoryBytes) {
    this(
        loading,
        version,
        startedMillis,
        dataDirectory,
        fsync,
        lanes,
        0,
        0,
        0,
        0,
        StoreMemory.NONE,
        maxMemoryBytes,
        0,
        0,
        Persistence.NONE,
        Purging.NOTHING);
  }
}
