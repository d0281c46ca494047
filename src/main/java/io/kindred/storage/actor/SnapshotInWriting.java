package io.kindred.storage.actor;

import io.kindred.entry.Element;
import io.kindred.storage.snapshot.SnapshotDirectory;
import io.kindred.storage.snapshot.SnapshotFoot;
import io.kindred.storage.snapshot.SnapshotHead;
import io.kindred.storage.snapshot.SnapshotWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

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

  /** The leaves to be read next; none at the end. */
  List<NodeProtocol.Leaf> leaves() {
    return walk.next();
  }

  /** Writes what those leaves held; returns how many bytes that is before compression. */
  long put(List<Element> elements) throws IOException {
    long before = writer.rawBytes();
    for (Element element : elements) {
      writer.put(element);
    }
    walk.found(elements.size());
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
