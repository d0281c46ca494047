package io.kindred.simulation;

/** A mechanism broken on purpose, to see that an invariant notices. */
enum Sabotage {
  /** Everything works. */
  NONE,
  /** Disks say that they have synced, and have not. */
  DISKS_LIE,
  /** Some spans are acknowledged and thrown away. */
  FEED_LEAKS,
  /** Clear marks and removals are merged by nobody but who made them. */
  REMOVALS_STAY_AT_HOME,
  /** What a feed brings is stamped anew on arrival, so the last to arrive wins. */
  ARRIVALS_ARE_STAMPED_ANEW,
  /** A contribution that a feed brings is added to the receiver's own. */
  CONTRIBUTIONS_ARE_ADDED_AGAIN,
  /** A write that a full or failing disk could not take is answered as if it had. */
  FAILED_WRITES_ARE_ACKNOWLEDGED,
  /** Clients are shown what memory has and a failing log could not take. */
  NOTHING_IS_HELD_BACK,
  /** A log is cut as soon as all peers have it, whatever the snapshots have. */
  LOGS_ARE_CUT_TOO_FAR,
  /** What is dead for a while is purged, whoever has it. */
  PURGED_BY_AGE;

  /** Whether it takes full and failing disks to show. */
  boolean needsFailingDisks() {
    return this == FAILED_WRITES_ARE_ACKNOWLEDGED || this == NOTHING_IS_HELD_BACK;
  }

  /** Whether it takes machines that lose power, which then sync each commit, to show. */
  boolean needsPowerCuts() {
    return this == DISKS_LIE || needsFailingDisks();
  }
}
