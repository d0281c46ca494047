package io.kindred.storage.actor;

import io.kindred.entry.Element;
import io.kindred.storage.snapshot.SnapshotDirectory;
import io.kindred.storage.snapshot.SnapshotFoot;
import io.kindred.storage.snapshot.SnapshotHead;
import io.kindred.storage.snapshot.SnapshotWriter;
import java.io.Closeable;
import java.io.IOException;

/** One shard's snapshot while it is written. Closing it deletes what was not published. */
final class SnapshotInWriting implements Closeable {

  private final SnapshotDirectory directory;
  private final SnapshotHead head;
  private final SnapshotWriter writer;
  private final LeafWalk walk;

  SnapshotInWriting(SnapshotDirectory directory, SnapshotHead head, LeafWalk walk)
      throws IOException {
    this.directory = directory;
    this.head = head;
    this.writer = directory.begin(head);
    this.walk = walk;
  }

  /** Where in the shard it has got to. */
  LeafWalk walk() {
    return walk;
  }

  /** Writes what was read there; returns how many bytes that is before compression. */
  long put(ShardProtocol.Elements read) throws IOException {
    long before = writer.rawBytes();
    for (Element element : read.elements()) {
      writer.put(element);
    }
    walk.readUpTo(read.next());
    return writer.rawBytes() - before;
  }

  /** Makes it the shard's newest, once the log is synced up to {@code logEnd}. */
  SnapshotDirectory.Stored publish(long logEnd) throws IOException {
    SnapshotFoot foot = writer.finish(logEnd);
    writer.publish();
    directory.deleteOthers(head.shard(), head.start());
    return new SnapshotDirectory.Stored(head, foot, writer.fileBytes());
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
