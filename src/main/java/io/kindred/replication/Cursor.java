package io.kindred.replication;

/**
 * How far a peer has one lane's log: up to {@code applied} it is in the peer's memory and log, up
 * to {@code synced} it is past the peer's fsync. Own entries of shards that the peer is not fed for
 * count as had.
 *
 * <p>Invariant: {@code 0 <= synced <= applied}.
 *
 * @param generation of the log that the positions are in: drawn anew after an unclean stop
 */
public record Cursor(long generation, long applied, long synced) {

  public Cursor {
    if (synced < 0 || synced > applied) {
      throw new IllegalArgumentException(
          "a cursor has 0 <= synced <= applied: " + synced + ", " + applied);
    }
  }

  /** Both at one position. */
  public static Cursor at(long generation, long position) {
    return new Cursor(generation, position, position);
  }

  /** Moved forwards; what is behind the cursor already changes nothing. */
  public Cursor advanced(long appliedNow, long syncedNow) {
    long newApplied = Math.max(applied, appliedNow);
    return new Cursor(generation, newApplied, Math.min(newApplied, Math.max(synced, syncedNow)));
  }

  /** Where it stands once the peer may have lost what it had not synced. */
  public Cursor backToSynced() {
    return at(generation, synced);
  }

  /** Moved back, where it was further. */
  public Cursor notBeyond(long position) {
    return new Cursor(generation, Math.min(applied, position), Math.min(synced, position));
  }

  /**
   * The cursor in the log as it was found at start: at what the peer had synced, since it may have
   * restarted as well. After an unclean stop the log is a prefix of what it was before, so
   * positions in that prefix mean what they meant, and what the peer had beyond it is no longer
   * ours to count.
   *
   * @param found the generation of the log found
   * @param recoveredEnd where the log ended before anything of this boot was put into it
   */
  public Cursor inLog(long found, long recoveredEnd) {
    return at(found, Math.min(synced, recoveredEnd));
  }
}
