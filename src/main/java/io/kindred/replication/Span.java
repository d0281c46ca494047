package io.kindred.replication;

/**
 * A stretch of one lane's log as one peer is to have it: the own entries of the shards it is fed
 * for, encoded. Empty bytes say: nothing for you up to {@code to}. A span is applied as a whole.
 *
 * @param from position behind the span before
 * @param to position behind this one, above {@code from}
 * @param bytes the output of one {@code ElementWriter}; handed over
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Span(long from, long to, byte[] bytes) {

  public Span {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("a span moves forwards: " + from + " to " + to);
    }
  }

  /** How many messages it takes to carry it; at least one, so that an empty one moves cursors. */
  public int pieces(int pieceBytesMax) {
    return Math.max(1, (int) (((long) bytes.length + pieceBytesMax - 1) / pieceBytesMax));
  }
}
