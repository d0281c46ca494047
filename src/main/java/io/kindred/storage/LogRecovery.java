package io.kindred.storage;

import io.kindred.entry.MalformedElementException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    List<String> names = disk.list().stream().filter(Segment::isSegment).toList();
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      boolean last = i == names.size() - 1;
      Optional<Segment> opened = Segment.open(disk, names.get(i));
      if (opened.isPresent()) {
        noteGapBefore(opened.get());
        readAll(opened.get(), last);
        segments.add(opened.get());
      } else if (last && sizeOf(names.get(i)) <= Segment.HEADER_BYTES) {
        torn += sizeOf(names.get(i));
        disk.delete(names.get(i));
      } else {
        damages.add(
            new Recovery.Damage(names.get(i), end, sizeOf(names.get(i)), "its header is damaged"));
        end = Long.parseLong(names.get(i).substring(0, 19)) + sizeOf(names.get(i));
      }
    }
    return segments;
  }

  private long sizeOf(String name) throws IOException {
    try (Disk.File file = disk.open(name)) {
      return file.size();
    }
  }

  private void noteGapBefore(Segment segment) {
    if (segment.first() > end && (bytes > 0 || !damages.isEmpty())) {
      damages.add(
          new Recovery.Damage(
              segment.name(), end, segment.first() - end, "the batches before it are missing"));
    }
    end = Math.max(end, segment.first());
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
        damages.add(
            new Recovery.Damage(segment.name(), position, resume - position, "a batch is damaged"));
        position = resume;
        continue;
      }
      try {
        entries += FileLaneLog.visit(frame, replay);
      } catch (MalformedElementException e) {
        damages.add(
            new Recovery.Damage(segment.name(), position, frame.length, "" + e.getMessage()));
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
