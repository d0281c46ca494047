package io.kindred.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The next segment's file, filled with zeros and synced before it is needed. A sync of what is
 * written over zeros need not write the file's length and extents as well; see the package for what
 * that is worth.
 *
 * <p>Zeros are never written ahead of the lane into the file that it writes to: it could overtake
 * them. A spare is another file until it is whole; where none is ready the lane takes a new and
 * empty one, so nothing waits for this.
 */
final class SpareSegment {

  /** Its file; one that a crash left behind is deleted. */
  static final String NAME = "spare";

  /** What is written and synced at once: more would hold up the syncs that clients wait for. */
  private static final int STEP_BYTES = 1 << 20;

  private final Disk disk;
  private final long bytes;
  private final Executor blocking;
  private final ByteBuffer zeros;
  private final AtomicBoolean making = new AtomicBoolean();
  private final AtomicReference<Disk.File> ready = new AtomicReference<>();
  private volatile boolean closed;

  // Of the one step that runs.
  private Disk.File file;
  private long written;

  /**
   * @param bytes how long a segment is, its header included
   * @param blocking runs the steps
   */
  SpareSegment(Disk disk, long bytes, Executor blocking) {
    this.disk = disk;
    this.bytes = bytes;
    this.blocking = blocking;
    this.zeros = ByteBuffer.allocate((int) Math.min(STEP_BYTES, bytes)).asReadOnlyBuffer();
  }

  /** Begins to make one, where there is none and none is being made. */
  void prepare() {
    if (!closed && ready.get() == null && making.compareAndSet(false, true)) {
      blocking.execute(this::step);
    }
  }

  private void step() {
    try {
      if (file == null) {
        file = disk.open(NAME);
        file.truncate(0);
        written = 0;
      }
      ByteBuffer some = zeros.duplicate();
      some.limit((int) Math.min(some.capacity(), bytes - written));
      long length = some.remaining();
      file.write(some, written);
      file.force();
      written += length;
    } catch (IOException noRoom) {
      // Whoever writes the log says what is wrong with the disk; a spare is only for speed.
      drop(file);
      file = null;
      making.set(false);
      return;
    }
    if (written < bytes && !closed) {
      blocking.execute(this::step);
      return;
    }
    ready.set(file);
    file = null;
    making.set(false);
    if (closed) {
      giveBack();
    }
  }

  /** The spare as the segment of that position; null where none is ready. Never waits. */
  Segment take(long first) throws IOException {
    Disk.File taken = ready.getAndSet(null);
    if (taken == null) {
      return null;
    }
    Segment segment = new Segment(first, Segment.nameOf(first), taken);
    try {
      segment.writeHeader();
      disk.rename(NAME, segment.name());
    } catch (IOException e) {
      taken.close();
      throw e;
    }
    return segment;
  }

  /** Gives its room back, as when the log itself has none. */
  void giveBack() {
    drop(ready.getAndSet(null));
  }

  /** The same, and none is made any more. */
  void close() {
    closed = true;
    giveBack();
  }

  private void drop(Disk.File dropped) {
    try {
      if (dropped != null) {
        dropped.close();
        disk.delete(NAME);
      }
    } catch (IOException stays) {
      // Nothing depends on it: the next spare is written over it, the next start deletes it.
      written = 0;
    }
  }
}
