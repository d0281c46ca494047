package io.kindred.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The stretches of a lane's log that a crash lost before they were synced. Noted when they are
 * first found: later batches say that the log was synced past them, and from then on nobody could
 * tell such a hole from damage.
 *
 * <p>File: 24 bytes a hole, of its first position, the position behind it, and CRC32C of both. What
 * is not whole was being written, and is found and noted again.
 */
final class Holes {

  static final String NAME = "holes";

  private static final int ENTRY_BYTES = 24;

  private final Disk disk;
  private final NavigableMap<Long, Long> holes = new TreeMap<>();
  private long fileBytes;

  private Holes(Disk disk) {
    this.disk = disk;
  }

  static Holes in(Disk disk) throws IOException {
    Holes found = new Holes(disk);
    if (disk.list().contains(NAME)) {
      found.read();
      found.writeAgain();
    }
    return found;
  }

  private void read() throws IOException {
    try (Disk.File file = disk.openToRead(NAME)) {
      ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
      while (file.read(entry.clear(), fileBytes) == ENTRY_BYTES
          && entry.getLong(16) == crc(entry)) {
        holes.merge(entry.getLong(0), entry.getLong(8), Math::max);
        fileBytes += ENTRY_BYTES;
      }
    }
  }

  /** A start that could not sync what it noted may have left it in memory alone. */
  private void writeAgain() throws IOException {
    try (Disk.File file = disk.open(NAME)) {
      file.writeAgain(0, fileBytes);
      file.force();
    }
    disk.force();
  }

  private static long crc(ByteBuffer entry) {
    return Integer.toUnsignedLong(Crc.of(entry, 0, 16));
  }

  /** Whether a stretch is a part of one of them. */
  boolean cover(long position, long behind) {
    Map.Entry<Long, Long> hole = holes.floorEntry(position);
    return hole != null && behind <= hole.getValue();
  }

  /**
   * Forgets what reaches behind a position, where the log goes on: what comes there now is no hole.
   * It is on the disk when this returns.
   */
  void forgetFrom(long end) throws IOException {
    if (holes.values().stream().noneMatch(behind -> behind > end)) {
      return;
    }
    NavigableMap<Long, Long> kept = new TreeMap<>(holes.headMap(end, false));
    kept.replaceAll((position, behind) -> Math.min(behind, end));
    ByteBuffer entries = ByteBuffer.allocate(kept.size() * ENTRY_BYTES);
    kept.forEach((position, behind) -> entries.put(entry(position, behind)));
    try (Disk.File file = disk.open(NAME)) {
      file.write(entries.flip(), 0);
      file.truncate(entries.limit());
      file.force();
    }
    holes.clear();
    holes.putAll(kept);
    fileBytes = entries.limit();
  }

  private static ByteBuffer entry(long position, long behind) {
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
    entry.putLong(0, position).putLong(8, behind);
    return entry.putLong(16, crc(entry));
  }

  /** Notes one; it is on the disk when this returns. */
  void add(long position, long behind) throws IOException {
    try (Disk.File file = disk.open(NAME)) {
      file.write(entry(position, behind), fileBytes);
      file.force();
    }
    disk.force();
    fileBytes += ENTRY_BYTES;
    holes.merge(position, behind, Math::max);
  }
}
