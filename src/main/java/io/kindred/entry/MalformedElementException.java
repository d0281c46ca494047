package io.kindred.entry;

import java.io.IOException;

/** Bytes that are no encoding of elements. The message tells what was expected, and where. */
public final class MalformedElementException extends IOException {

  private static final long serialVersionUID = 1L;

  private final long position;

  /**
   * @param position of the byte that does not fit, from the first byte that the reader was given
   */
  public MalformedElementException(String what, long position) {
    super(what + " at byte " + position);
    this.position = position;
  }

  /** Where the element began that could not be read, in bytes since the reader began. */
  public long position() {
    return position;
  }
}
