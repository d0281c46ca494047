package io.kindred.storage.snapshot;

import io.kindred.entry.Element;
import io.kindred.entry.ElementReader;
import io.kindred.entry.MalformedElementException;
import io.kindred.entry.StoredString;
import io.kindred.storage.Crc;
import io.kindred.storage.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one snapshot: all of it, or the elements of one leaf. Whatever the file holds, each block
 * is read as it was written or a {@link SnapshotDamagedException} says why not, and no claim in it
 * makes this ask for more memory than the file's length bounds. For one thread.
 */
public final class SnapshotReader implements Closeable {

  /** Takes what a snapshot holds, one by one. */
  @FunctionalInterface
  public interface Visitor {

    /** Takes an element. */
    void element(Element element);

    /**
     * Takes an expiry and the string of its version at once, good until this returns; else they
     * come one by one.
     */
    default void string(StoredString stored) {
      element(stored.expiry());
      element(stored.string());
    }
  }

  private final String path;
  private final Disk.File file;
  private final Blocks blocks = new Blocks();
  private SnapshotHead head;
  private SnapshotFoot foot;
  // Of foot or index; null where they are good.
  private SnapshotDamagedException damage;
  private long indexOffset;
  // For each block: where it begins, and the first of its leaves, slot * 256 + leaf.
  private long[] offsets = {};
  private int[] firstLeaves = {};

  private SnapshotReader(Disk disk, String name) throws IOException {
    this.path = disk + "/" + name;
    this.file = disk.openToRead(name);
  }

  /**
   * Opens a snapshot, and checks its head, foot and index. Where foot or index is damaged the
   * blocks are found one behind the other, and {@link #readAll} says so once it has visited them.
   */
  public static SnapshotReader open(Disk disk, SnapshotName name) throws IOException {
    SnapshotReader reader = new SnapshotReader(disk, name.file());
    try {
      long size = reader.readHead();
      if (reader.head.shard() != name.shard() || reader.head.start() != name.start()) {
        throw reader.damaged(0, "it is another snapshot than its name says");
      }
      try {
        reader.readFoot(size);
      } catch (SnapshotDamagedException e) {
        reader.damage = e;
        reader.findBlocks(size);
      }
    } catch (IOException e) {
      reader.close();
      throw e;
    }
    return reader;
  }

  private void findBlocks(long size) throws IOException {
    List<Long> found = new ArrayList<>();
    ByteBuffer blockHead = ByteBuffer.allocate(Blocks.BLOCK_HEAD_BYTES);
    long offset = Blocks.HEAD_BYTES;
    while (file.read(blockHead.clear(), offset) == Blocks.BLOCK_HEAD_BYTES
        && Blocks.wrong(blockHead, size - offset - Blocks.BLOCK_HEAD_BYTES) == null) {
      found.add(offset);
      offset += Blocks.BLOCK_HEAD_BYTES + blockHead.getInt(4);
    }
    indexOffset = offset;
    offsets = found.stream().mapToLong(Long::longValue).toArray();
  }

  private SnapshotDamagedException damaged(long offset, String what) {
    return new SnapshotDamagedException(path, offset, what);
  }

  /** Reads the head; returns the file's length. */
  private long readHead() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Blocks.HEAD_BYTES);
    if (file.read(bytes, 0) < Blocks.HEAD_BYTES
        || bytes.getInt(60) != Crc.of(bytes.array(), 0, 60)
        || bytes.getLong(0) != Blocks.HEAD_MAGIC) {
      throw damaged(0, "its head is damaged");
    }
    if (bytes.getInt(8) != Blocks.FORMAT) {
      throw damaged(
          8, "it is of format " + bytes.getInt(8) + ", this version knows only " + Blocks.FORMAT);
    }
    head =
        new SnapshotHead(
            bytes.getLong(20),
            bytes.getInt(12),
            bytes.getInt(16),
            bytes.getLong(28),
            bytes.getLong(36),
            bytes.getLong(44),
            bytes.getLong(52));
    return file.size();
  }

  private void readFoot(long size) throws IOException {
    long at = size - Blocks.FOOT_BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(Blocks.FOOT_BYTES);
    if (at < Blocks.HEAD_BYTES
        || file.read(bytes, at) < Blocks.FOOT_BYTES
        || bytes.getInt(48) != Crc.of(bytes.array(), 0, 48)
        || bytes.getLong(52) != Blocks.FOOT_MAGIC) {
      throw damaged(Math.max(0, at), "its end is missing or damaged");
    }
    foot =
        new SnapshotFoot(bytes.getLong(0), bytes.getLong(8), bytes.getLong(16), bytes.getLong(24));
    indexOffset = bytes.getLong(32);
    int count = bytes.getInt(40);
    if (count < 0
        || indexOffset < Blocks.HEAD_BYTES
        || indexOffset + (long) count * Blocks.INDEX_ENTRY_BYTES != at) {
      throw damaged(at, "its index is not where its end says");
    }
    readIndex(count, bytes.getInt(44));
  }

  private void readIndex(int count, int crc) throws IOException {
    ByteBuffer entries = ByteBuffer.allocate(count * Blocks.INDEX_ENTRY_BYTES);
    if (file.read(entries, indexOffset) < entries.capacity()
        || crc != Crc.of(entries.array(), 0, entries.capacity())) {
      throw damaged(indexOffset, "its index is damaged");
    }
    offsets = new long[count];
    firstLeaves = new int[count];
    long least = Blocks.HEAD_BYTES;
    for (int i = 0; i < count; i++) {
      offsets[i] = entries.getLong(i * Blocks.INDEX_ENTRY_BYTES);
      firstLeaves[i] =
          leafNumber(
              entries.getInt(i * Blocks.INDEX_ENTRY_BYTES + 8),
              entries.getInt(i * Blocks.INDEX_ENTRY_BYTES + 12));
      boolean atStart = i > 0 || offsets[0] == Blocks.HEAD_BYTES;
      if (!atStart || offsets[i] < least || offsets[i] >= indexOffset) {
        throw damaged(indexOffset, "its index points nowhere");
      }
      least = offsets[i] + Blocks.BLOCK_HEAD_BYTES;
    }
  }

  private static int leafNumber(int slot, int leaf) {
    return slot * 256 + leaf;
  }

  public SnapshotHead head() {
    return head;
  }

  /** Null where it is damaged. */
  public SnapshotFoot foot() {
    return foot;
  }

  /** Its length on the disk. */
  public long fileBytes() throws IOException {
    return file.size();
  }

  /**
   * Visits all elements, in order. Blocks that are damaged are stepped over: what is visited is as
   * it was written.
   *
   * @throws SnapshotDamagedException at the end, with the first damage
   */
  public void readAll(Visitor visitor) throws IOException {
    long count = 0;
    SnapshotDamagedException first = damage;
    for (int i = 0; i < offsets.length; i++) {
      try {
        count += readBlock(i, visitor);
      } catch (SnapshotDamagedException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
    if (count != foot.elements()) {
      throw damaged(indexOffset, "it has " + count + " elements instead of " + foot.elements());
    }
  }

  /**
   * Visits the elements of one leaf, 0 to 255, of a slot, in order.
   *
   * @throws SnapshotDamagedException at once where the index is damaged
   */
  public void readLeaf(int slot, int leaf, Visitor visitor) throws IOException {
    if (damage != null) {
      throw damage;
    }
    int wanted = leafNumber(slot, leaf);
    int block = 0;
    // A leaf may begin in the block before the first that begins with it, and span many.
    while (block + 1 < firstLeaves.length && firstLeaves[block + 1] < wanted) {
      block++;
    }
    for (; block < firstLeaves.length && firstLeaves[block] <= wanted; block++) {
      readBlock(
          block,
          element -> {
            if (element.key().slot() == slot && element.key().leaf() == leaf) {
              visitor.element(element);
            }
          });
    }
  }

  private int readBlock(int number, Visitor visitor) throws IOException {
    long offset = offsets[number];
    long end = number + 1 < offsets.length ? offsets[number + 1] : indexOffset;
    ByteBuffer blockHead = ByteBuffer.allocate(Blocks.BLOCK_HEAD_BYTES);
    if (file.read(blockHead, offset) < Blocks.BLOCK_HEAD_BYTES) {
      throw damaged(offset, "a block is missing");
    }
    String wrong = Blocks.wrong(blockHead, end - offset - Blocks.BLOCK_HEAD_BYTES);
    if (wrong != null) {
      throw damaged(offset, wrong);
    }
    int packedLength = blockHead.getInt(4);
    byte[] packed = blocks.packedRoom(packedLength);
    ByteBuffer into = ByteBuffer.wrap(packed, 0, packedLength);
    int read = file.read(into, offset + Blocks.BLOCK_HEAD_BYTES);
    byte[] raw = read < packedLength ? null : blocks.unpack(blockHead, packed);
    if (raw == null) {
      throw damaged(offset, "a block is damaged");
    }
    ElementReader reader = new ElementReader(raw, 0, blockHead.getInt(0));
    return decode(offset, reader, blockHead.getInt(8), visitor);
  }

  private int decode(long offset, ElementReader reader, int expected, Visitor visitor)
      throws IOException {
    int count = 0;
    try {
      while (reader.hasNext()) {
        StoredString stored = reader.string(ElementReader.NOTHING);
        if (stored != null) {
          visitor.string(stored);
          count += 2;
        } else {
          visitor.element(reader.next());
          count++;
        }
      }
    } catch (MalformedElementException e) {
      throw damaged(offset, "a block holds what is no element: " + e.getMessage());
    }
    if (count != expected) {
      throw damaged(offset, "a block has " + count + " elements instead of " + expected);
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
