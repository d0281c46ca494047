package io.kindred.storage;

import io.kindred.entry.Element;
import java.util.function.Consumer;

/**
 * As much of a listing as is visited at once: a shard has clients to answer, and a thousand
 * elements take it about a tenth of a millisecond. Used up once it is full.
 */
public final class ElementSlice {

  /** Visited rows, those that hold no element of the kind that is looked for included. */
  static final int ROWS_MAX = 1024;

  // Values are copied. One that is larger makes a slice of its own.
  private static final long BYTES_MAX = 128 * 1024;

  private final Consumer<Element> visitor;
  private long rowsLeft;
  private long bytesLeft;

  ElementSlice(Consumer<Element> visitor, long rows, long bytes) {
    this.visitor = visitor;
    this.rowsLeft = rows;
    this.bytesLeft = bytes;
  }

  /** One that ends after a thousand elements, or after 128 KiB of them. */
  public static ElementSlice of(Consumer<Element> visitor) {
    return new ElementSlice(visitor, ROWS_MAX, BYTES_MAX);
  }

  /** One that ends after a thousand elements, or after half a megabyte of them. */
  static ElementSlice large(Consumer<Element> visitor) {
    return new ElementSlice(visitor, ROWS_MAX, 4 * BYTES_MAX);
  }

  /** One that never ends. */
  static ElementSlice whole(Consumer<Element> visitor) {
    return new ElementSlice(visitor, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Whether no more is to be visited. */
  public boolean isFull() {
    return rowsLeft <= 0 || bytesLeft <= 0;
  }

  void add(Element element) {
    visitor.accept(element);
    rowsLeft--;
    bytesLeft -= element.part().length + (element.value() == null ? 0L : element.value().length);
  }

  /** A row that was looked at in vain. */
  void pass() {
    rowsLeft--;
  }
}
