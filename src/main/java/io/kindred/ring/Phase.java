package io.kindred.ring;

/**
 * Where a node stands between empty and serving; in parentheses Dynomite's word. The moves between
 * them stand in one table, in {@code warmup}.
 */
public enum Phase {
  /** Joined, owns nothing or has not begun (standby). */
  STANDBY,
  /** Fed by all owners, streams what it lacks, serves nothing (slave). */
  STREAMING,
  /** Compares itself with the other owners (writes_only). */
  VERIFYING,
  /** Proven; asks for the ring change (resuming). */
  PROMOTING,
  /** Owns its shards and serves (normal). */
  MASTER,
  /**
   * Serves what was on its disk, unproven, by an operator's word: no other owner of its shards has
   * been in reach since it started.
   */
  STALE,
  /** Lost its seats to another; gives the owners what only it has, then becomes a spare. */
  DRAINING,
  /** Every owner has what it had; its directory is emptied, and it starts again as another node. */
  EMPTYING,
  /** An operator must look (down). */
  FAILED
}
