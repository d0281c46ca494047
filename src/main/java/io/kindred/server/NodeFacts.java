package io.kindred.server;

/**
 * What INFO tells of the node and its data, gathered when somebody asks.
 *
 * @param version Kindred's own
 * @param startedMillis when the process began to serve, ms since 1970
 * @param dataDirectory where it keeps its data
 * @param fsync the policy in force: always, everysec or no
 * @param lanes how many event loops there are
 * @param logBytes bytes of all lanes' logs on disk
 * @param keys keys of the shards that live here, as far as known without a scan
 * @param tombstones what is kept of the removed, see {@code ShardStore.tombstoneCount}
 */
public record NodeFacts(
    String version,
    long startedMillis,
    String dataDirectory,
    String fsync,
    int lanes,
    long logBytes,
    long keys,
    long tombstones) {}
