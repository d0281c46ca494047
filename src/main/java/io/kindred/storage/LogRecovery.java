package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.MalformedElementException;
import io.kindred.entry.StoredString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Reads a lane's segments, from the oldest that is needed on. What cannot be read is one of two
 * things. Where nothing says that the log was synced past it, a crash took it: the log is cut
 * there, whatever lies behind, so that what is found is always what there was at some moment.
 * Everything else is damage: reported, and stepped over.
 */
final class LogRecovery {

  private final Salvage disk;
  private final LogBounds bounds;
  private final LogReader.Visitor replay;
  private final long reached;
  private final List<Recovery.Damage> damages = new ArrayList<>();
  private final List<String> headers = new ArrayList<>();
  private final NavigableMap<Long, Long> skips = new TreeMap<>();
  private final NavigableMap<Long, Long> saved = new TreeMap<>();
  private long sizeBytes;
  private long bytes;
  private long entries;
  private long torn;
  private long end;
  private long synced;
  private long readEnd = -1;
  private boolean endUnreadable;
  // Of the last good batch.
  private long lastLength;
  private long lastEnd;
  private long lastShards;

  /**
   * @param syncedTo up to where the log is known to have been synced
   */
  LogRecovery(Salvage disk, LogBounds bounds, long syncedTo, LogReader.Visitor replay) {
    this.disk = disk;
    this.bounds = bounds;
    this.replay = replay;
    this.reached = Math.max(bounds.writtenTo(), syncedTo);
    this.synced = reached;
  }

  /** The segments that stay, oldest first. */
  List<Segment> run() throws IOException {
    List<Segment> segments = new ArrayList<>();
    for (String name : disk.list()) {
      if (Segment.isSegment(name)) {
        segments.add(Segment.open(disk, name));
      } else if (name.equals(SpareSegment.NAME)) {
        disk.delete(name);
      }
    }
    dropUnborn(segments);
    int needed = firstNeeded(segments);
    end = bounds.neededFrom();
    if (needed < segments.size()) {
      end = Math.min(end, segments.get(needed).first());
    }
    for (Segment segment : segments.subList(needed, segments.size())) {
      sizeBytes += segment.file().size();
    }
    for (int i = needed; i < segments.size(); i++) {
      read(segments, i);
    }
    if (end < reached) {
      damaged(disk.toString(), end, reached, "the log has lost its end");
      end = reached;
    }
    for (int i = needed; i < segments.size(); i++) {
      boolean last = i == segments.size() - 1;
      writeAgain(segments.get(i), last ? readEnd : segments.get(i + 1).first());
    }
    return segments;
  }

  /** Writes again what is not known to have been synced: it may be in memory alone. */
  private void writeAgain(Segment segment, long behind) throws IOException {
    long from = segment.first() >= synced ? 0 : segment.offsetOf(synced);
    segment.file().writeAgain(from, segment.offsetOf(behind));
  }

  /** Removes last segments that a crash left with nothing in them that can be read. */
  private void dropUnborn(List<Segment> segments) throws IOException {
    while (!segments.isEmpty()) {
      Segment last = segments.get(segments.size() - 1);
      long size = last.file().size();
      if (last.hasGoodHeader()
          || last.nextGood(last.first(), size) >= 0
          || (size > Segment.HEADER_BYTES && disk.isUnreadable(last.name(), 0, size))) {
        return;
      }
      if (last.first() >= reached) {
        torn += last.offsetOf(last.lastWritten(last.positionOf(0), size));
      }
      last.file().close();
      disk.delete(last.name());
      segments.remove(last);
    }
  }

  /**
   * Which segment is the first to be read. Of those before it that end where the next begins all
   * are good for the feeds; where one is missing between them the older ones are deleted, as a
   * crash has brought back what had been cut.
   */
  private int firstNeeded(List<Segment> segments) throws IOException {
    int needed = 0;
    while (needed + 1 < segments.size()
        && segments.get(needed + 1).first() <= bounds.neededFrom()) {
      Segment here = segments.get(needed);
      Segment next = segments.get(needed + 1);
      needed++;
      if (here.positionOf(here.file().size()) < next.first()) {
        for (Segment cut : List.copyOf(segments.subList(0, needed))) {
          cut.file().close();
          disk.delete(cut.name());
          segments.remove(cut);
        }
        needed = 0;
      }
    }
    return needed;
  }

  /** What cannot be read of a segment, and is no crash's doing. */
  private void damaged(Segment segment, long position, long behind, long size) {
    long from = segment.offsetOf(position);
    String reason =
        disk.isUnreadable(segment.name(), from, segment.offsetOf(behind))
            ? "the disk cannot read it"
            : from < size ? "a batch is damaged" : "the batches behind its last one are missing";
    damaged(segment.name(), position, behind, reason);
  }

  private void damaged(String segment, long position, long behind, String reason) {
    damages.add(
        new Recovery.Damage(segment, position, behind - position, reason, BatchTrail.ANY_SHARD));
    skip(position, behind);
  }

  private void skip(long position, long behind) {
    skips.merge(position, behind, Math::max);
  }

  /**
   * Whether nobody was ever promised what is missing from a position on: no batch says that the log
   * was synced past it. A sync covers all that is below it, so nothing of what lies behind was
   * promised either.
   *
   * @param resume where the next good batch is, in the segment of number {@code i} or later
   */
  private boolean isTorn(List<Segment> segments, int i, long position, long resume)
      throws IOException {
    if (position < synced) {
      return false;
    }
    for (int k = i; k < segments.size(); k++) {
      Segment segment = segments.get(k);
      long size = sizeOf(segments, k);
      SegmentWindow window = new SegmentWindow(segment, size);
      long at = Math.max(resume, segment.first());
      while (at >= 0 && segment.offsetOf(at) < size) {
        Segment.Batch batch = window.batchAt(at);
        if (batch == null) {
          at = segment.nextGood(at + 1, size);
        } else if (batch.synced() > position) {
          synced = batch.synced();
          return false;
        } else {
          at += batch.length();
        }
      }
      // What it says there cannot be known; nor, in the first of them, what is missing.
      if (disk.isUnreadable(segment.name(), segment.offsetOf(segment.first()), size)) {
        return false;
      }
    }
    return true;
  }

  /** How much of a segment's file counts: nothing behind where the next one begins. */
  private static long sizeOf(List<Segment> segments, int i) throws IOException {
    Segment segment = segments.get(i);
    long size = segment.file().size();
    boolean last = i == segments.size() - 1;
    return last ? size : Math.min(size, segment.offsetOf(segments.get(i + 1).first()));
  }

  /** Removes the segments from a number on. */
  private void drop(List<Segment> segments, int from) throws IOException {
    for (Segment gone : List.copyOf(segments.subList(from, segments.size()))) {
      torn += gone.lastWritten(gone.first(), gone.file().size()) - gone.first();
      gone.file().close();
      disk.delete(gone.name());
      segments.remove(gone);
    }
  }

  private void read(List<Segment> segments, int i) throws IOException {
    Segment segment = segments.get(i);
    if (segment.first() > end) {
      if (isTorn(segments, i, end, segment.first())) {
        drop(segments, i);
        return;
      }
      damaged(segment.name(), end, segment.first(), "the batches before it are missing");
    }
    end = Math.max(end, segment.first());
    if (!segment.hasGoodHeader() && !disk.isUnreadable(segment.name(), 0, Segment.HEADER_BYTES)) {
      // The name tells what the header would, and each batch its own position: nothing is lost.
      headers.add(segment.name());
      segment.writeHeader();
    }
    boolean last = i == segments.size() - 1;
    long nextFirst = last ? Long.MAX_VALUE : segments.get(i + 1).first();
    long size = sizeOf(segments, i);
    SegmentWindow window = new SegmentWindow(segment, size);
    long position = segment.first();
    while (last ? segment.offsetOf(position) < size : position < nextFirst) {
      Segment.Batch batch = window.batchAt(position);
      if (batch != null) {
        replay(segment, position, batch);
        position += batch.length();
        continue;
      }
      long next = segment.nextGood(position + 1, size);
      if (next < 0 && last) {
        position = endOf(segment, position, size);
        break;
      }
      long resume = next < 0 ? nextFirst : next;
      if (isTorn(segments, i, position, resume)) {
        drop(segments, i + 1);
        cut(segment, position, size);
        break;
      }
      damaged(segment, position, resume, size);
      position = resume;
      // What the disk could not read at first may be in it.
      window = new SegmentWindow(segment, size);
    }
    end = Math.max(end, position);
    readEnd = position;
  }

  private void replay(Segment segment, long position, Segment.Batch batch) {
    synced = Math.max(synced, batch.synced());
    bytes += batch.length();
    replay.progress(bytes, sizeBytes);
    long packing = (long) Segment.FRAME_BYTES + batch.to() - batch.from() - batch.length();
    if (packing > 0) {
      saved.merge(segment.first(), packing, Long::sum);
    }
    lastLength = batch.length();
    lastEnd = position + batch.length();
    lastShards = 0;
    try {
      FileLaneLog.visit(batch, new Entries(position));
    } catch (MalformedElementException e) {
      lastShards = BatchTrail.ANY_SHARD;
      damaged(segment.name(), position, position + batch.length(), e.getMessage());
    }
  }

  /** Passes a batch's entries on to those who need them. */
  private final class Entries implements LogReader.Visitor {

    private final long position;

    Entries(long position) {
      this.position = position;
    }

    @Override
    public void entry(int shard, boolean own, Element element) {
      if (isNeeded(shard)) {
        entries++;
        replay.entry(shard, own, element);
      }
    }

    @Override
    public void string(int shard, boolean own, StoredString stored) {
      if (isNeeded(shard)) {
        entries += 2;
        replay.string(shard, own, stored);
      }
    }

    /** Notes that the batch has an entry of a shard; whether it is newer than what was loaded. */
    private boolean isNeeded(int shard) {
      lastShards |= BatchTrail.bit(shard);
      return position >= bounds.startOf().applyAsLong(shard);
    }

    /** Where just the batch before this one cannot be read, it is known now whose it was. */
    @Override
    public void trail(long length, long shards) {
      int newest = damages.size() - 1;
      if (newest >= 0
          && damages.get(newest).end() == position
          && damages.get(newest).bytes() == length) {
        damages.set(newest, damages.get(newest).of(shards));
      }
    }
  }

  /**
   * Where a log ends that has no good batch from a position on. Zeros behind the last one were
   * written ahead; anything else was being written, and is cut; but what the disk cannot read may
   * have been whole, and nothing is written beside it.
   */
  private long endOf(Segment segment, long position, long size) throws IOException {
    long written = segment.lastWritten(position, size);
    if (disk.isUnreadable(segment.name(), segment.offsetOf(position), size)) {
      damaged(segment, position, written, size);
      endUnreadable = true;
      return written;
    }
    cut(segment, position, size);
    return position;
  }

  private void cut(Segment segment, long position, long size) throws IOException {
    long written = segment.lastWritten(position, size);
    if (written > position) {
      torn += Math.max(0, written - Math.max(position, reached));
      segment.file().truncate(segment.offsetOf(position));
      segment.file().force();
    }
  }

  /** Where the log goes on. */
  long end() {
    return end;
  }

  /** Whether it goes on in the last segment. */
  boolean continuesLast() {
    return end == readEnd && !endUnreadable;
  }

  /** How long the last good batch was; 0 where something lies between it and the end. */
  long lastLength() {
    return lastEnd == end ? lastLength : 0;
  }

  /** The shards that it had entries of. */
  long lastShards() {
    return lastShards;
  }

  /** What readers must step over: position to the one behind it. */
  NavigableMap<Long, Long> skips() {
    return skips;
  }

  /** What packing saved: first position of a segment to bytes. */
  NavigableMap<Long, Long> saved() {
    return saved;
  }

  Recovery result() {
    return new Recovery(
        bytes, entries, torn, List.copyOf(damages), List.copyOf(headers), disk.found());
  }
}
