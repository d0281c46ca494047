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
  CONTRIBUTIONS_ARE_ADDED_AGAIN
}
