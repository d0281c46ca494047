package io.kindred.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads a segment from its beginning on, many small batches at a time. */
final class SegmentWindow {

  private static final int BYTES = 1 << 18;

  private final Segment segment;
  private final long sizeBytes;
  // Anew each time: whoever is given strings out of it keeps it.
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long windowOffset;
  private int filled;

  /**
   * @param sizeBytes how much of the file counts
   */
  SegmentWindow(Segment segment, long sizeBytes) {
    this.segment = segment;
    this.sizeBytes = sizeBytes;
  }

  /**
   * The batch at a position, checked; null where no whole and good one begins there. Its bytes stay
   * as they are.
   */
  Segment.Batch batchAt(long position) throws IOException {
    long offset = segment.offsetOf(position);
    if (sizeBytes - offset < Segment.FRAME_BYTES || !shows(offset, Segment.FRAME_BYTES)) {
      return null;
    }
    int length = Segment.lengthIn(window, (int) (offset - windowOffset), position);
    if (length < 0 || length > sizeBytes - offset - Segment.FRAME_BYTES) {
      return null;
    }
    if (length > BYTES - Segment.FRAME_BYTES) {
      return segment.batchAt(position, sizeBytes);
    }
    return shows(offset, Segment.FRAME_BYTES + length)
        ? Segment.batchIn(window.array(), (int) (offset - windowOffset), length)
        : null;
  }

  private boolean shows(long offset, int bytes) throws IOException {
    if (offset < windowOffset || offset + bytes > windowOffset + filled) {
      window = ByteBuffer.allocate((int) Math.min(BYTES, sizeBytes - offset));
      filled = segment.file().read(window, offset);
      window.clear();
      windowOffset = offset;
    }
    return bytes <= filled;
  }
}
