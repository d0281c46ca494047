package io.kindred.replication;

/**
 * What one message carries of a {@link Span}. Most spans are one piece; an element larger than a
 * message makes its span many.
 *
 * @param from where the span begins
 * @param to where it ends
 * @param index which piece of the span this is, from 0
 * @param total how many pieces the span has
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Piece(long from, long to, int index, int total, byte[] bytes) {

  /** More pieces than the largest element of Redis could need; refused before memory is taken. */
  private static final int TOTAL_MAX = 1 << 16;

  public Piece {
    if (from < 0 || to <= from || total < 1 || total > TOTAL_MAX || index < 0 || index >= total) {
      throw new IllegalArgumentException(
          "no piece of a span: " + from + " to " + to + ", " + index + " of " + total);
    }
  }

  boolean isLast() {
    return index == total - 1;
  }
}
