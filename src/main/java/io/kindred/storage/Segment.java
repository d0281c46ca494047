package io.kindred.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * One file of a lane's log: a header, then batches one behind the other.
 *
 * <p>Header, 24 bytes: magic, format version, the position of the first batch, CRC32C of these.
 * Batch: 20 bytes of mark, payload length, position, and CRC32C of length, position and payload;
 * then the payload. The mark lets recovery find the next batch behind a damaged one; the position
 * tells a batch from what an older file left on the disk.
 *
 * @param first the position of the first batch: positions count the bytes of batches alone
 */
record Segment(long first, String name, Disk.File file) {

  static final int HEADER_BYTES = 24;
  static final int FRAME_BYTES = 20;

  private static final long MAGIC = 0x4b494e4452454431L;
  private static final int FORMAT = 1;
  private static final int MARK = 0x4b6c6f67;

  static String nameOf(long first) {
    return String.format(Locale.ROOT, "%019d.log", first);
  }

  /** Whether a file name is a segment's. */
  static boolean isSegment(String name) {
    return name.matches("\\d{19}\\.log");
  }

  static Segment create(Disk disk, long first) throws IOException {
    String name = nameOf(first);
    Disk.File file = disk.open(name);
    Segment segment = new Segment(first, name, file);
    try {
      file.truncate(0);
      segment.writeHeader();
      disk.force();
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return segment;
  }

  /** Opens what {@link #create} made; its header may be damaged. */
  static Segment open(Disk disk, String name) throws IOException {
    return new Segment(Long.parseLong(name.substring(0, 19)), name, disk.open(name));
  }

  void writeHeader() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putLong(MAGIC).putInt(FORMAT).putLong(first);
    header.putInt(crc(header.array(), 0, 20)).flip();
    file.write(header, 0);
  }

  /**
   * Whether the header is whole and says what the name says.
   *
   * @throws IOException where it is whole and of a format that this version does not know
   */
  boolean hasGoodHeader() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    if (file.read(header, 0) < HEADER_BYTES
        || header.getInt(20) != crc(header.array(), 0, 20)
        || header.getLong(0) != MAGIC) {
      return false;
    }
    if (header.getInt(8) != FORMAT) {
      throw new IOException(
          name + " is of format " + header.getInt(8) + ", this version knows only " + FORMAT);
    }
    return header.getLong(12) == first;
  }

  /** A batch ready to be written at {@code position}. */
  static ByteBuffer frame(long position, ByteBuffer payload) {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES + payload.remaining());
    frame.putInt(MARK).putInt(payload.remaining()).putLong(position).putInt(0).put(payload);
    frame.putInt(16, frameCrc(frame.array(), frame.position()));
    return frame.flip();
  }

  private static int frameCrc(byte[] frame, int bytes) {
    CRC32C crc = new CRC32C();
    crc.update(frame, 4, 12);
    crc.update(frame, FRAME_BYTES, bytes - FRAME_BYTES);
    return (int) crc.getValue();
  }

  private static int crc(byte[] bytes, int from, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, count);
    return (int) crc.getValue();
  }

  long offsetOf(long position) {
    return HEADER_BYTES + position - first;
  }

  long positionOf(long offset) {
    return first + offset - HEADER_BYTES;
  }

  /**
   * The whole frame of the batch at a position, checked; null where no whole and good batch begins
   * there within {@code sizeBytes} of file.
   */
  byte[] frameAt(long position, long sizeBytes) throws IOException {
    long offset = offsetOf(position);
    if (sizeBytes - offset < FRAME_BYTES) {
      return null;
    }
    ByteBuffer head = ByteBuffer.allocate(FRAME_BYTES);
    if (file.read(head, offset) < FRAME_BYTES) {
      return null;
    }
    int length = head.getInt(4);
    if (head.getInt(0) != MARK
        || head.getLong(8) != position
        || length <= 0
        || length > sizeBytes - offset - FRAME_BYTES) {
      return null;
    }
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES + length);
    if (file.read(frame, offset) < frame.capacity()
        || head.getInt(16) != frameCrc(frame.array(), frame.capacity())) {
      return null;
    }
    return frame.array();
  }

  /** The first good batch after a position, searched by its mark; -1 where there is none. */
  long nextGood(long after, long sizeBytes) throws IOException {
    ByteBuffer window = ByteBuffer.allocate(1 << 16);
    long offset = offsetOf(after) + 1;
    while (offset < sizeBytes) {
      window.clear();
      int read = file.read(window, offset);
      for (int i = 0; i + 4 <= read; i++) {
        if (window.getInt(i) == MARK && frameAt(positionOf(offset + i), sizeBytes) != null) {
          return positionOf(offset + i);
        }
      }
      if (read < window.capacity()) {
        return -1;
      }
      offset += read - 3;
    }
    return -1;
  }
}
