package io.kindred.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes batches into segments. Frame and payload go out together from one buffer outside the heap
 * that is kept, so a batch is copied once, or packed out of that copy, and nothing is allocated for
 * it; the JDK would make the same copy of bytes on the heap. One writer's.
 */
final class BatchWriter {

  private static final int FIRST_CAPACITY = 1 << 16;

  /**
   * A larger payload is written from where it lies. A turn of a busy lane is some hundred KiB; what
   * is larger is a large value, and seldom.
   */
  private static final int CAPACITY_MAX = BatchPacker.RAW_BYTES_MAX;

  private final CRC32C crc = new CRC32C();
  private final BatchPacker packer = new BatchPacker();
  private ByteBuffer kept = ByteBuffer.allocateDirect(FIRST_CAPACITY);

  /**
   * Writes a batch.
   *
   * @param synced up to where the log is synced now
   * @return how far it moves the position
   */
  long write(Segment segment, long position, long synced, ByteBuffer payload) throws IOException {
    int length = Segment.FRAME_BYTES + payload.remaining();
    long offset = segment.offsetOf(position);
    ByteBuffer plain = room(length).clear();
    if (length > plain.capacity()) {
      Segment.putFrame(plain, position, synced, payload, false, crc);
      segment.file().write(plain.limit(Segment.FRAME_BYTES), offset);
      segment.file().write(payload, offset + Segment.FRAME_BYTES);
      return length;
    }
    plain.position(Segment.FRAME_BYTES).put(payload).flip();
    ByteBuffer packed = packer.pack(plain, Segment.FRAME_BYTES);
    ByteBuffer frame = packed == null ? plain : packed;
    // The checksum is taken from the copy: it has just been written, and is near.
    ByteBuffer framed = frame.slice().position(Segment.FRAME_BYTES);
    Segment.putFrame(frame, position, synced, framed, packed != null, crc);
    int written = frame.remaining();
    segment.file().write(frame, offset);
    return written;
  }

  private ByteBuffer room(int length) {
    if (length > kept.capacity() && length <= CAPACITY_MAX) {
      kept = ByteBuffer.allocateDirect(Math.min(CAPACITY_MAX, Integer.highestOneBit(length) * 2));
    }
    return kept;
  }
}
