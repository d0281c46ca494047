package io.kindred.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Up to where a lane's log is known to have been synced, in a file beside it. The batches say it
 * too, but each only of what lay before it; the last ones of a burst have nothing behind them. By
 * this a start tells what rotted or is missing from what a crash took before it was synced.
 *
 * <p>File: two entries of 16 bytes, position and CRC32C of it, written in turns, so that one torn
 * by a power cut leaves the one before. For one thread at a time.
 */
final class SyncedNote implements Closeable {

  static final String NAME = "synced";

  private static final int ENTRY_BYTES = 16;
  private static final int ENTRIES = 2;

  private final Disk.File file;
  private int next;
  private long noted;

  private SyncedNote(Disk.File file) {
    this.file = file;
  }

  /** The note of a log, made where there is none; its name is on the disk when this returns. */
  static SyncedNote in(Disk disk) throws IOException {
    boolean isNew = !disk.list().contains(NAME);
    SyncedNote note = new SyncedNote(disk.open(NAME));
    try {
      if (isNew) {
        // Room for both, so that a full disk takes them later.
        note.file.write(ByteBuffer.allocate(ENTRIES * ENTRY_BYTES), 0);
        note.file.force();
        disk.force();
      } else {
        note.read();
      }
    } catch (IOException e) {
      note.close();
      throw e;
    }
    return note;
  }

  private void read() throws IOException {
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
    for (int i = 0; i < ENTRIES; i++) {
      boolean whole = file.read(entry.clear(), (long) i * ENTRY_BYTES) == ENTRY_BYTES;
      if (whole && entry.getLong(8) == crc(entry) && entry.getLong(0) > noted) {
        noted = entry.getLong(0);
        next = (i + 1) % ENTRIES;
      }
    }
  }

  private static long crc(ByteBuffer entry) {
    return Integer.toUnsignedLong(Crc.of(entry, 0, 8));
  }

  /** What was noted last; 0 where nothing is known. */
  long position() {
    return noted;
  }

  /** Notes that all below a position is synced; it is on the disk when this returns. */
  void raise(long position) throws IOException {
    if (position <= noted) {
      return;
    }
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
    entry.putLong(0, position);
    entry.putLong(8, crc(entry));
    file.write(entry, (long) next * ENTRY_BYTES);
    file.force();
    next = (next + 1) % ENTRIES;
    noted = position;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
