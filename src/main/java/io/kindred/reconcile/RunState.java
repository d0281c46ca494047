package io.kindred.reconcile;

/** Where a run stands. The moves between them stand in {@link RunTable}. */
public enum RunState {
  /** Asks the participants of the next shards for their slots' digests. */
  COMPARING,
  /** Asks for branches and leaves of the slots that differ. */
  NARROWING,
  /** Reads the elements of some differing leaves from all who take part, and merges them. */
  LISTING,
  /** Waits until the feeds have brought what was in flight when the leaves were listed. */
  BARRIER,
  /** Sends each node what it lacked. */
  RECOMMENDING,
  /** Asks again for the digests of the slots that differed. */
  RECHECKING,
  /** At the plan's end. */
  COMPLETED,
  /** Ended before the plan's end; the report says why. */
  FAILED;

  /** Whether nothing follows. */
  public boolean isFinal() {
    return this == COMPLETED || this == FAILED;
  }
}
