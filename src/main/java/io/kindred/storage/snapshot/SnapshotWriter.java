package io.kindred.storage.snapshot;

import io.kindred.entry.Element;
import io.kindred.entry.ElementWriter;
import io.kindred.storage.Crc;
import io.kindred.storage.Disk;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes one snapshot: elements in order, then {@link #finish}, then {@link #publish}. Until that
 * it has another name, and closing it deletes it. For one thread that may block.
 */
public final class SnapshotWriter implements Closeable {

  private final Disk disk;
  private final SnapshotHead head;
  private final SnapshotName name;
  private final Disk.File file;
  private final Blocks blocks = new Blocks();
  private final ElementWriter block = new ElementWriter();
  private final ByteArrayOutputStream index = new ByteArrayOutputStream();
  private long offset = Blocks.HEAD_BYTES;
  private int blockElements;
  private Element blockFirst;
  private Element last;
  private long elements;
  private long digest;
  private long rawBytes;
  private int blockCount;
  private boolean finished;
  private boolean published;

  private SnapshotWriter(Disk disk, SnapshotHead head) throws IOException {
    this.disk = disk;
    this.head = head;
    this.name = new SnapshotName(head.shard(), head.start());
    this.file = disk.open(name.unfinished());
  }

  /** Begins a snapshot in a directory. */
  public static SnapshotWriter create(Disk disk, SnapshotHead head) throws IOException {
    SnapshotWriter writer = new SnapshotWriter(disk, head);
    try {
      writer.file.truncate(0);
      writer.writeHead();
    } catch (IOException e) {
      writer.close();
      throw e;
    }
    return writer;
  }

  private void writeHead() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Blocks.HEAD_BYTES);
    bytes.putLong(Blocks.HEAD_MAGIC).putInt(Blocks.FORMAT);
    bytes.putInt(head.shard()).putInt(head.lane()).putLong(head.ringId());
    bytes.putLong(head.generation()).putLong(head.start());
    bytes.putLong(head.step()).putLong(head.startedMillis());
    bytes.putInt(Crc.of(bytes.array(), 0, Blocks.HEAD_BYTES - 4)).flip();
    file.write(bytes, 0);
  }

  /**
   * Puts one more element in.
   *
   * @throws IllegalArgumentException where its place is not behind that of the one before
   */
  public void put(Element element) throws IOException {
    if (last != null && last.comparePlace(element) >= 0) {
      throw new IllegalArgumentException(element + " does not come behind " + last);
    }
    last = element;
    if (blockElements == 0) {
      blockFirst = element;
    }
    block.put(element);
    blockElements++;
    elements++;
    digest += element.digest(head.ringId());
    if (block.size() >= Blocks.RAW_BYTES) {
      endBlock();
    }
  }

  private void endBlock() throws IOException {
    byte[] raw = block.toByteArray();
    block.reset();
    ByteBuffer packed = blocks.pack(raw, blockElements);
    ByteBuffer entry = ByteBuffer.allocate(Blocks.INDEX_ENTRY_BYTES).putLong(offset);
    entry.putInt(blockFirst.key().slot()).putInt(blockFirst.key().leaf());
    index.writeBytes(entry.array());
    long length = packed.remaining();
    file.write(packed, offset);
    offset += length;
    rawBytes += raw.length;
    blockElements = 0;
    blockCount++;
  }

  /** Bytes of elements put in so far, before compression. */
  public long rawBytes() {
    return rawBytes + block.size();
  }

  /**
   * Writes the rest, and syncs the file.
   *
   * @param logEnd see {@link SnapshotFoot#logEnd}
   */
  public SnapshotFoot finish(long logEnd) throws IOException {
    if (blockElements > 0) {
      endBlock();
    }
    byte[] entries = index.toByteArray();
    file.write(ByteBuffer.wrap(entries), offset);
    SnapshotFoot foot = new SnapshotFoot(logEnd, elements, digest, rawBytes);
    ByteBuffer bytes = ByteBuffer.allocate(Blocks.FOOT_BYTES);
    bytes.putLong(logEnd).putLong(elements).putLong(digest).putLong(rawBytes);
    bytes.putLong(offset).putInt(blockCount).putInt(Crc.of(entries, 0, entries.length));
    bytes.putInt(Crc.of(bytes.array(), 0, bytes.position())).putLong(Blocks.FOOT_MAGIC).flip();
    file.write(bytes, offset + entries.length);
    file.force();
    finished = true;
    return foot;
  }

  /**
   * Gives the finished snapshot its name; it is the shard's newest when this returns. The log must
   * be synced up to the foot's log end by now: else a power cut could leave elements here that the
   * log never had, and that no feed would ever send.
   */
  public void publish() throws IOException {
    if (!finished) {
      throw new IllegalStateException(name.unfinished() + " is not finished");
    }
    file.close();
    disk.rename(name.unfinished(), name.file());
    published = true;
    disk.force();
  }

  /** Its length on the disk once it is finished. */
  public long fileBytes() {
    return offset + (long) blockCount * Blocks.INDEX_ENTRY_BYTES + Blocks.FOOT_BYTES;
  }

  /** Deletes it, unless it was published. */
  @Override
  public void close() throws IOException {
    file.close();
    if (!published) {
      disk.delete(name.unfinished());
    }
  }
}
