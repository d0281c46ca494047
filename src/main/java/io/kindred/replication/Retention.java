package io.kindred.replication;

/**
 * How long a log is a hint for a peer that is away. A peer further behind the log's end than this,
 * or behind what is still there of the log, is <em>diverged</em>: its feed goes on at the log's
 * end, and a reconciliation has to find what it missed.
 *
 * @param bytes how far behind the end a peer may be
 */
public record Retention(long bytes) {

  /** Whether a peer that has the log up to {@code position} cannot be fed what it lacks. */
  public boolean gaveUp(long position, long oldest, long end) {
    return position < oldest || end - position > bytes;
  }
}
