package io.kindred.storage;

import io.kindred.entry.MalformedElementException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a lane's segments from the oldest on. What does not end with a whole batch, with no good
 * one behind it in the last segment, is a torn tail and is cut; anything else that cannot be read
 * is reported as damage and stepped over.
 */
final class LogRecovery {

  private final Disk disk;
  private final LogReader.Visitor replay;
  private final List<Recovery.Damage> damages = new ArrayList<>();
  private long bytes;
  private long entries;
  private long torn;
  private long end;

  LogRecovery(Disk disk, LogReader.Visitor replay) {
    this.disk = disk;
    this.replay = replay;
  }

  /** The segments that stay, oldest first. */
  List<Segment> run() throws IOException {
    List<Segment> segments = new ArrayList<>();
    for (String name : disk.list()) {
      if (Segment.isSegment(name)) {
        segments.add(Segment.open(disk, name));
      }
    }
    dropUnborn(segments);
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      boolean last = i == segments.size() - 1;
      // Also before the first: nothing but an accident removes a segment.
      if (segment.first() > end) {
        damaged(segment, end, segment.first() - end, "the batches before it are missing");
      }
      end = Math.max(end, segment.first());
      if (!segment.hasGoodHeader()) {
        // The name tells what the header would, and each batch its own position.
        damaged(segment, segment.first(), 0, "its header is damaged");
        segment.writeHeader();
      }
      readAll(segment, last);
    }
    return segments;
  }

  /** Removes a last segment that a crash left while it was being made. */
  private void dropUnborn(List<Segment> segments) throws IOException {
    if (segments.isEmpty()) {
      return;
    }
    Segment last = segments.get(segments.size() - 1);
    if (last.file().size() <= Segment.HEADER_BYTES && !last.hasGoodHeader()) {
      torn += last.file().size();
      last.file().close();
      disk.delete(last.name());
      segments.remove(last);
    }
  }

  private void damaged(Segment segment, long position, long length, String reason) {
    damages.add(new Recovery.Damage(segment.name(), position, length, reason));
  }

  private void readAll(Segment segment, boolean last) throws IOException {
    long size = segment.file().size();
    long position = segment.first();
    while (segment.offsetOf(position) < size) {
      byte[] frame = segment.frameAt(position, size);
      if (frame == null) {
        long next = segment.nextGood(position, size);
        if (next < 0 && last) {
          torn += size - segment.offsetOf(position);
          segment.file().truncate(segment.offsetOf(position));
          segment.file().force();
          break;
        }
        long resume = next < 0 ? segment.positionOf(size) : next;
        damaged(segment, position, resume - position, "a batch is damaged");
        position = resume;
        continue;
      }
      try {
        entries += FileLaneLog.visit(frame, replay);
      } catch (MalformedElementException e) {
        damaged(segment, position, frame.length, e.getMessage());
      }
      bytes += frame.length;
      position += frame.length;
    }
    end = Math.max(end, position);
  }

  /** Where the log goes on. */
  long end() {
    return end;
  }

  Recovery result() {
    return new Recovery(bytes, entries, torn, List.copyOf(damages));
  }
}
