package io.kindred.reconcile;

/** What can happen to a run. Numbers are judged before an event is made of them. */
public enum RunEvent {
  /** No shards are left to compare. */
  PLAN_DONE,
  /** The shards' digests are equal, or too few answered to compare any. */
  SHARDS_ALIKE,
  /** Some slots' digests differ. */
  SLOTS_DIFFER,
  /** Some leaves of them differ. */
  LEAVES_DIFFER,
  /** None differs any more: what did was in flight. */
  LEAVES_ALIKE,
  /** All differing leaves have been listed. */
  LEAVES_DONE,
  /** Somebody lacks elements of the leaves just listed. */
  ELEMENTS_LACKING,
  /** Nobody who is to be repaired lacks any. */
  ELEMENTS_ALIKE,
  /** A participant's listing broke off; it takes no further part. */
  LISTING_BROKE,
  /** What was in flight has arrived everywhere. */
  FEEDS_ARRIVED,
  /** What was in flight has not arrived everywhere in time. */
  FEEDS_LATE,
  /** What was recommended is merged, or its receiver takes no further part. */
  MERGED,
  /** The slots that differed have been compared again. */
  COMPARED_AGAIN,
  /** Somebody asked the run to stop. */
  STOPPED,
  /** The engine itself could not go on. */
  BROKE
}
