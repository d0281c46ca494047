package io.kindred.storage;

import io.kindred.entry.MalformedElementException;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.function.LongSupplier;

/**
 * Reads a lane's segments beside their writer. It opens the files for itself: a thread that is
 * interrupted while it reads closes the channel it reads from, and that must not be the writer's.
 */
final class SegmentReader implements LogReader {

  private final Disk disk;
  private final ConcurrentNavigableMap<Long, Segment> segments;
  private final NavigableMap<Long, Long> skips;
  private final LongSupplier end;
  private long position;
  private Segment open;

  /**
   * @param segments of the log, by first position; may change meanwhile
   * @param skips stretches that recovery could not read, which are stepped over; does not change
   * @param end how far the log is written
   */
  SegmentReader(
      Disk disk,
      ConcurrentNavigableMap<Long, Segment> segments,
      NavigableMap<Long, Long> skips,
      LongSupplier end,
      long position) {
    this.disk = disk;
    this.segments = segments;
    this.skips = skips;
    this.end = end;
    this.position = position;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public long read(long bytesMax, Visitor visitor) throws IOException {
    long from = position;
    long until = end.getAsLong();
    long passed = 0;
    while (position < until && passed < bytesMax) {
      Map.Entry<Long, Long> skip = skips.floorEntry(position);
      if (skip != null && position < skip.getValue()) {
        long behind = Math.min(skip.getValue(), until);
        passed += behind - position;
        position = behind;
        continue;
      }
      Segment.Batch batch = readBatch(until, visitor);
      position += batch.length();
      passed += batch.to() - batch.from();
    }
    return position - from;
  }

  private Segment.Batch readBatch(long until, Visitor visitor) throws IOException {
    Map.Entry<Long, Segment> entry = segments.floorEntry(position);
    if (entry == null) {
      throw new IOException(disk + " no longer has position " + position);
    }
    Segment segment = openedFor(entry.getValue());
    Long next = segments.higherKey(segment.first());
    long size = segment.offsetOf(next == null ? until : Math.min(until, next));
    Segment.Batch batch = segment.batchAt(position, size);
    if (batch == null) {
      throw new IOException(where(segment) + ": no good batch");
    }
    try {
      FileLaneLog.visit(batch, visitor);
    } catch (MalformedElementException e) {
      throw new IOException(where(segment) + ": " + e.getMessage(), e);
    }
    return batch;
  }

  private String where(Segment segment) {
    return disk + "/" + segment.name() + ", position " + position;
  }

  private Segment openedFor(Segment wanted) throws IOException {
    if (open == null || open.first() != wanted.first()) {
      close();
      try {
        open = new Segment(wanted.first(), wanted.name(), disk.openToRead(wanted.name()));
      } catch (IOException e) {
        throw new IOException(where(wanted) + ": the segment cannot be opened any more", e);
      }
    }
    return open;
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      Segment closing = open;
      open = null;
      closing.file().close();
    }
  }
}
