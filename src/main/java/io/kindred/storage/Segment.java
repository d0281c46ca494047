package io.kindred.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * One file of a lane's log: a header, then batches one behind the other, then perhaps zeros that
 * were written ahead ({@link SpareSegment}).
 *
 * <p>Header, 24 bytes: magic, format version, the position of the first batch, CRC32C of these.
 * Batch: 28 bytes of mark, payload length, position, the position up to which the log was synced
 * when the batch was written, and CRC32C of length, positions and payload; then the payload, which
 * is packed ({@link BatchPacker}) where the length's sign bit is set. The mark lets recovery find
 * the next batch behind a damaged one; the position tells a batch from what an older file left on
 * the disk; the synced position tells what a power cut took, which nobody was promised, from
 * damage.
 *
 * @param first the position of the first batch: positions count the bytes of batches alone
 */
record Segment(long first, String name, Disk.File file) {

  static final int HEADER_BYTES = 24;
  static final int FRAME_BYTES = 28;

  private static final long MAGIC = 0x4b494e4452454431L;
  private static final int FORMAT = 4;

  /** Without {@link BatchTrail}; 2 was without packing too. */
  private static final int OLDEST_FORMAT = 2;

  private static final int MARK = 0x4b6c6f67;
  private static final int PACKED = Integer.MIN_VALUE;
  // What the checksum of a batch covers of its frame: all but the mark and the checksum.
  private static final int CHECKED_FROM = 4;
  private static final int CRC_AT = 24;

  /**
   * A batch as it was read.
   *
   * @param bytes has the payload, unpacked, from {@code from} to {@code to}
   * @param length how far the batch moves the position: its bytes in the file
   * @param synced up to where the log was synced when it was written
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Batch(byte[] bytes, int from, int to, int length, long synced) {}

  static String nameOf(long first) {
    return String.format(Locale.ROOT, "%019d.log", first);
  }

  /** Whether a file name is a segment's. */
  static boolean isSegment(String name) {
    return name.matches("\\d{19}\\.log");
  }

  /** A new and empty file; its name is not yet on the disk itself. */
  static Segment create(Disk disk, long first) throws IOException {
    String name = nameOf(first);
    Disk.File file = disk.open(name);
    Segment segment = new Segment(first, name, file);
    try {
      file.truncate(0);
      segment.writeHeader();
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
    header.putInt(headerCrc(header.array())).flip();
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
        || header.getInt(20) != headerCrc(header.array())
        || header.getLong(0) != MAGIC) {
      return false;
    }
    int format = header.getInt(8);
    if (format < OLDEST_FORMAT || format > FORMAT) {
      throw new IOException(
          name
              + " is of format "
              + format
              + ", this version knows "
              + OLDEST_FORMAT
              + " to "
              + FORMAT);
    }
    return header.getLong(12) == first;
  }

  private static int headerCrc(byte[] header) {
    return Crc.of(header, 0, 20);
  }

  /**
   * Puts the frame of a batch into the first {@link #FRAME_BYTES} bytes of a buffer.
   *
   * @param synced up to where the log is synced now
   * @param payload as it goes into the file
   */
  static void putFrame(
      ByteBuffer frame,
      long position,
      long synced,
      ByteBuffer payload,
      boolean packed,
      CRC32C crc) {
    frame.putInt(0, MARK).putInt(4, payload.remaining() | (packed ? PACKED : 0));
    frame.putLong(8, position).putLong(16, synced);
    crc.reset();
    crc.update(frame.duplicate().limit(CRC_AT).position(CHECKED_FROM));
    crc.update(payload.duplicate());
    frame.putInt(CRC_AT, (int) crc.getValue());
  }

  long offsetOf(long position) {
    return HEADER_BYTES + position - first;
  }

  long positionOf(long offset) {
    return first + offset - HEADER_BYTES;
  }

  /**
   * The batch at a position, checked; null where no whole and good batch begins there within {@code
   * sizeBytes} of file.
   */
  Batch batchAt(long position, long sizeBytes) throws IOException {
    long offset = offsetOf(position);
    if (sizeBytes - offset < FRAME_BYTES) {
      return null;
    }
    ByteBuffer head = ByteBuffer.allocate(FRAME_BYTES);
    if (file.read(head, offset) < FRAME_BYTES) {
      return null;
    }
    int length = lengthIn(head, 0, position);
    if (length < 0 || length > sizeBytes - offset - FRAME_BYTES) {
      return null;
    }
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES + length);
    return file.read(frame, offset) < frame.capacity() ? null : batchIn(frame.array(), 0, length);
  }

  /** The payload's length in the file; -1 where there is no frame for this position. */
  static int lengthIn(ByteBuffer bytes, int at, long position) {
    int length = bytes.getInt(at + 4) & ~PACKED;
    boolean fits = bytes.getInt(at) == MARK && bytes.getLong(at + 8) == position && length > 0;
    return fits ? length : -1;
  }

  /** The batch whose frame begins at {@code at}; null where it is damaged. */
  static Batch batchIn(byte[] bytes, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, at + CHECKED_FROM, CRC_AT - CHECKED_FROM);
    crc.update(bytes, at + FRAME_BYTES, length);
    ByteBuffer frame = ByteBuffer.wrap(bytes);
    if (frame.getInt(at + CRC_AT) != (int) crc.getValue()) {
      return null;
    }
    int from = at + FRAME_BYTES;
    long synced = frame.getLong(at + 16);
    if ((frame.getInt(at + 4) & PACKED) == 0) {
      return new Batch(bytes, from, from + length, FRAME_BYTES + length, synced);
    }
    byte[] raw = BatchPacker.unpack(bytes, from, length);
    return raw == null ? null : new Batch(raw, 0, raw.length, FRAME_BYTES + length, synced);
  }

  /** The first good batch at or behind a position, searched by its mark; -1 where there is none. */
  long nextGood(long from, long sizeBytes) throws IOException {
    ByteBuffer window = ByteBuffer.allocate(1 << 16);
    long offset = offsetOf(from);
    while (offset < sizeBytes) {
      window.clear();
      int read = file.read(window, offset);
      for (int i = 0; i + 4 <= read; i++) {
        if (window.getInt(i) == MARK && batchAt(positionOf(offset + i), sizeBytes) != null) {
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

  /** Behind the last byte from a position on that is not zero; the position where all are. */
  long lastWritten(long from, long sizeBytes) throws IOException {
    ByteBuffer window = ByteBuffer.allocate(1 << 16);
    long offset = offsetOf(from);
    long last = offset;
    while (offset < sizeBytes) {
      window.clear();
      int read = file.read(window, offset);
      for (int i = 0; i < read; i++) {
        if (window.get(i) != 0) {
          last = offset + i + 1;
        }
      }
      if (read < window.capacity()) {
        break;
      }
      offset += read;
    }
    return positionOf(last);
  }
}
