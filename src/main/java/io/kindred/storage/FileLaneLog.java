package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.ElementReader;
import io.kindred.entry.ElementWriter;
import io.kindred.entry.Key;
import io.kindred.entry.MalformedElementException;
import io.kindred.entry.StoredString;
import io.kindred.entry.Version;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A lane's log in segment files.
 *
 * <p>Group commit: the first append of a turn asks the lane to commit, and the commit stands in the
 * lane's queue behind all that is already there, so everything of one turn shares one write, or a
 * few where it is much. With {@link Fsync#ALWAYS} the sync runs beside the lane, and answers wait
 * for it.
 *
 * <p>Invariant: a batch is visible to readers ({@link #end}) only once it is written whole.
 *
 * <p>When a write fails, the batch is kept and tried again by {@link #tick}; until it succeeds the
 * log takes no more. When a sync fails nobody can tell what is on the disk, so the log takes
 * nothing more until the node is started again.
 */
public final class FileLaneLog implements LaneLog, Closeable {

  /** From here on a batch is written between two commands, and not at the end of the turn. */
  private static final int BATCH_BYTES = 128 << 10;

  /** In ticks: half a minute. */
  private static final int SYNC_ANYWAY_EVERY = 30;

  private record Waiting(Runnable done, Consumer<String> failed) {}

  private record Syncing(long position, List<Waiting> waiting) {}

  private final Disk disk;
  private final Fsync fsync;
  private final long segmentBytes;
  private final Executor lane;
  private final Executor syncer;
  // Only always waits for syncs; the other policies would write everything twice for nothing.
  private final Optional<SpareSegment> spare;
  private final ConcurrentNavigableMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
  // What recovery could not read, position to the one behind it; readers step over it.
  private final NavigableMap<Long, Long> skips = new TreeMap<>();
  // The files of which a page could not be read: a cut moves them aside.
  private Set<String> unreadable = Set.of();
  // By packing, first position of a segment to bytes; none for a segment that was not read.
  private final ConcurrentNavigableMap<Long, Long> saved = new ConcurrentSkipListMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  // The lane's alone.
  private final ElementWriter batch = new ElementWriter();
  private final BatchTrail trail = new BatchTrail();
  private final BatchWriter writer = new BatchWriter();
  private List<Waiting> waiting = new ArrayList<>();
  private final ArrayDeque<Syncing> syncing = new ArrayDeque<>();
  private boolean commitAsked;
  private Segment current;
  private HeldBack heldBack;
  private String heldBackSince;
  // Merged and refused by the log: a sync failed between the two.
  private final Set<Key> merged = new HashSet<>();

  // The ticking thread's, and who closes the log once that has ended.
  private long ticks;
  private SyncedNote note;
  private volatile String noteFailure;

  // There is a new file whose name may not be on the disk itself.
  private volatile boolean named;
  private volatile long end;
  private volatile long synced;
  // Two, because a write that succeeds after all must not take back that a sync failed.
  private volatile String writeFailure;
  private volatile String syncFailure;

  private FileLaneLog(Disk disk, Fsync fsync, long segmentBytes, Executor lane, Executor syncer) {
    this.spare =
        fsync == Fsync.ALWAYS
            ? Optional.of(new SpareSegment(disk, Segment.HEADER_BYTES + segmentBytes, syncer))
            : Optional.empty();
    this.disk = disk;
    this.fsync = fsync;
    this.segmentBytes = segmentBytes;
    this.lane = lane;
    this.syncer = syncer;
  }

  /**
   * Opens a log, replays what it holds and cuts a torn tail. To be called before the lane runs, or
   * by it. A torn tail or damage means that positions were lost that peers may have seen, so the
   * log's generation must change even where the last stop seemed clean.
   *
   * @param lane runs commits and what waits for them; the thread that appends
   * @param syncer runs syncs, which block
   * @param replay takes every good entry, the oldest first
   * @param found takes what was found, once the replay is over
   */
  public static FileLaneLog open(
      Disk disk,
      Fsync fsync,
      long segmentBytes,
      Executor lane,
      Executor syncer,
      LogReader.Visitor replay,
      Consumer<Recovery> found)
      throws IOException {
    return open(disk, fsync, segmentBytes, lane, syncer, LogBounds.NONE, replay, found);
  }

  /** Opens a log of which something is known already, such as what the shards' snapshots hold. */
  public static FileLaneLog open(
      Disk disk,
      Fsync fsync,
      long segmentBytes,
      Executor lane,
      Executor syncer,
      LogBounds bounds,
      LogReader.Visitor replay,
      Consumer<Recovery> found)
      throws IOException {
    FileLaneLog log = new FileLaneLog(disk, fsync, segmentBytes, lane, syncer);
    found.accept(log.recover(bounds, replay));
    return log;
  }

  private Recovery recover(LogBounds bounds, LogReader.Visitor replay) throws IOException {
    Salvage salvage = new Salvage(disk);
    salvage.moveAside(SyncedNote.NAME);
    note = SyncedNote.in(salvage);
    LogRecovery recovery = new LogRecovery(salvage, bounds, note.position(), replay);
    for (Segment segment : recovery.run()) {
      segments.put(segment.first(), segment);
    }
    end = recovery.end();
    trail.follow(recovery.lastLength(), recovery.lastShards());
    skips.putAll(recovery.skips());
    unreadable = salvage.files();
    saved.putAll(recovery.saved());
    current = recovery.continuesLast() ? segments.lastEntry().getValue() : roll();
    // The boot before may have been killed before it synced, and not in its last segment alone.
    for (Segment segment : segments.values()) {
      segment.file().force();
      if (segment.first() != current.first()) {
        segment.file().close();
      }
    }
    disk.force();
    named = false;
    synced = end;
    noteSynced();
    spare.ifPresent(SpareSegment::prepare);
    return recovery.result();
  }

  private Segment roll() throws IOException {
    Segment ready = spare.isPresent() ? spare.get().take(end) : null;
    Segment segment = ready == null ? Segment.create(disk, end) : ready;
    named = true;
    segments.put(segment.first(), segment);
    return segment;
  }

  @Override
  public void append(int shard, boolean own, Element element) {
    requireRoom(element.key());
    trail.touch(shard);
    batch.putVarint(((long) shard << 1) | (own ? 1 : 0));
    batch.put(element);
    askForCommit();
  }

  @Override
  public void appendString(int shard, Key key, Version version, byte[] value, long expiresAt) {
    requireRoom(key);
    trail.touch(shard);
    long entry = ((long) shard << 1) | 1;
    batch.putVarint(entry);
    batch.putString(key, version, value);
    batch.putVarint(entry);
    batch.putExpiry(key, version, expiresAt);
    askForCommit();
  }

  private void requireRoom(Key key) {
    String failure = failure();
    if (failure != null) {
      merged.add(key);
      heldBack = null;
      throw new LogFailedException(failure);
    }
  }

  private void askForCommit() {
    if (!commitAsked) {
      commitAsked = true;
      lane.execute(this::commit);
    }
  }

  @Override
  public void commitIfMuch() {
    if (batch.size() >= BATCH_BYTES && failure() == null) {
      writeAndServe();
    }
  }

  @Override
  public void afterCommit(Runnable done, Consumer<String> failed) {
    String failure = failure();
    if (batch.isEmpty() && !syncing.isEmpty()) {
      syncing.peekLast().waiting().add(new Waiting(done, failed));
    } else if (failure != null) {
      failed.accept(failure);
    } else if (!batch.isEmpty()) {
      waiting.add(new Waiting(done, failed));
    } else {
      done.run();
    }
  }

  private void commit() {
    commitAsked = false;
    if (!batch.isEmpty()) {
      writeAndServe();
    }
  }

  private void writeAndServe() {
    List<Waiting> served = waiting;
    waiting = new ArrayList<>();
    if (syncFailure != null) {
      fail(served, syncFailure);
      return;
    }
    try {
      write();
      writeFailure = null;
      heldBack = null;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // Memory outside the heap may be short. Whatever it is, whoever waits has to hear of it.
      writeFailure = where() + ": " + reason(e) + "; make room or mend the disk, it is tried again";
      spare.ifPresent(SpareSegment::giveBack);
      fail(served, writeFailure);
      return;
    }
    if (fsync == Fsync.ALWAYS) {
      syncing.add(new Syncing(end, served));
      if (syncing.size() == 1) {
        syncer.execute(this::syncForAnswers);
      }
    } else {
      runAll(served.stream().map(Waiting::done).toList());
    }
    runAll(listeners);
  }

  private void write() throws IOException {
    if (end - current.first() >= segmentBytes) {
      current = roll();
      spare.ifPresent(SpareSegment::prepare);
    }
    trail.seal(batch);
    int unpacked = Segment.FRAME_BYTES + batch.size();
    long position = end;
    long written = writer.write(current, position, synced, batch.view());
    batch.reset();
    trail.written(written);
    if (written < unpacked) {
      saved.merge(current.first(), unpacked - written, Long::sum);
    }
    end = position + written;
  }

  private String where() {
    return disk + "/" + (current == null ? "" : current.name());
  }

  private void fail(List<Waiting> waiting, String reason) {
    runAll(waiting.stream().<Runnable>map(each -> () -> each.failed().accept(reason)).toList());
  }

  /**
   * Runs all of them even where one throws: one shard's mistake must not hang another's client, nor
   * what runs on the lane just now. It is thrown again in a turn of its own.
   */
  private void runAll(List<Runnable> actions) {
    RuntimeException first = null;
    for (Runnable action : actions) {
      try {
        action.run();
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      RuntimeException mistake = first;
      lane.execute(
          () -> {
            throw mistake;
          });
    }
  }

  private static String reason(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** On the syncer: one sync serves all batches written before it began. */
  private void syncForAnswers() {
    sync();
    lane.execute(this::answerSynced);
  }

  private void answerSynced() {
    String failure = syncFailure;
    while (!syncing.isEmpty() && (failure != null || syncing.peek().position() <= synced)) {
      List<Waiting> served = syncing.poll().waiting();
      if (failure != null) {
        fail(served, failure);
      } else {
        runAll(served.stream().map(Waiting::done).toList());
      }
    }
    if (!syncing.isEmpty()) {
      syncer.execute(this::syncForAnswers);
    }
  }

  private synchronized void sync() {
    long upTo = end;
    if (syncFailure != null || upTo == synced) {
      return;
    }
    try {
      Map.Entry<Long, Segment> oldest = segments.floorEntry(synced);
      long from = oldest == null ? synced : oldest.getKey();
      for (Segment segment : segments.tailMap(from, true).values()) {
        segment.file().force();
      }
      if (named) {
        // Taken back first: a name that is given meanwhile is for the next sync.
        named = false;
        disk.force();
      }
      synced = upTo;
      // Nobody writes or syncs these any more; readers open files for themselves.
      for (Segment segment : segments.headMap(segments.floorKey(upTo)).tailMap(from).values()) {
        segment.file().close();
      }
    } catch (IOException e) {
      syncFailure = where() + ": sync failed: " + reason(e) + "; start the node again";
    }
  }

  /**
   * Does what time brings: the sync of {@link Fsync#EVERYSEC}, and another try of a write that
   * failed. To be called about once a second from a thread that may block.
   *
   * <p>With {@link Fsync#NO} there is a sync now and then all the same: peers count as synced what
   * is, and one that never is would be fed the whole log again after each restart.
   */
  public void tick() {
    ticks++;
    if (fsync == Fsync.EVERYSEC || ticks % SYNC_ANYWAY_EVERY == 0) {
      sync();
    }
    if (writeFailure != null) {
      lane.execute(this::commit);
    }
    noteSynced();
  }

  private void noteSynced() {
    try {
      note.raise(synced);
      noteFailure = null;
    } catch (IOException e) {
      noteFailure = disk + "/" + SyncedNote.NAME + ": " + reason(e);
    }
  }

  /**
   * Why the last {@link #tick} could not note how far the log is synced; null where it could.
   * Nothing is lost by it, but a start could take for a crash's doing what rotted.
   */
  public String noteFailure() {
    return noteFailure;
  }

  @Override
  public String failure() {
    String lasting = syncFailure;
    return lasting != null ? lasting : writeFailure;
  }

  @Override
  public HeldBack heldBack() {
    String failure = failure();
    if (failure == null) {
      return HeldBack.NOTHING;
    }
    if (heldBack == null || !failure.equals(heldBackSince)) {
      heldBackSince = failure;
      heldBack = findHeldBack();
    }
    return heldBack;
  }

  /** The keys of the batch that waits, and of all that was to be synced and is not. */
  private HeldBack findHeldBack() {
    Set<Key> keys = new HashSet<>(merged);
    LogReader.Visitor visitor = (shard, own, element) -> keys.add(element.key());
    byte[] waits = batch.toByteArray();
    try (LogReader unsynced = readFrom(fsync == Fsync.ALWAYS ? synced : end)) {
      visit(new Segment.Batch(waits, 0, waits.length, waits.length, synced), visitor);
      while (unsynced.read(Long.MAX_VALUE, visitor) > 0) {
        // It reads at most to where the log ended when it was asked.
      }
    } catch (IOException | RuntimeException | OutOfMemoryError unreadable) {
      // Whoever asks has to be answered all the same.
      return HeldBack.EVERYTHING;
    }
    return HeldBack.of(keys);
  }

  /**
   * Makes sure that all that was committed is on the disk, whatever the policy. Blocks.
   *
   * @throws IOException where it cannot
   */
  public void syncNow() throws IOException {
    sync();
    if (syncFailure != null) {
      throw new IOException(syncFailure);
    }
  }

  /**
   * Deletes the segments that end at or below a position, which nobody needs any more; never one
   * that is not synced, and one with a bad sector only gets another name. Blocks; may be called
   * from any thread.
   */
  public synchronized void cut(long below) throws IOException {
    long limit = Math.min(below, synced);
    boolean cut = false;
    Map.Entry<Long, Segment> oldest = segments.firstEntry();
    Long next = segments.higherKey(oldest.getKey());
    while (next != null && next <= limit) {
      segments.remove(oldest.getKey());
      saved.remove(oldest.getKey());
      oldest.getValue().file().close();
      Salvage.delete(disk, oldest.getValue().name(), unreadable);
      cut = true;
      oldest = segments.firstEntry();
      next = segments.higherKey(oldest.getKey());
    }
    if (cut) {
      disk.force();
    }
  }

  @Override
  public void onCommit(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public long end() {
    return end;
  }

  @Override
  public long synced() {
    return synced;
  }

  @Override
  public long oldest() {
    return segments.firstKey();
  }

  @Override
  public long unpackedFrom(long position) {
    Long first = segments.floorKey(position);
    long savedBytes = 0;
    for (long bytes : saved.tailMap(first == null ? position : first).values()) {
      savedBytes += bytes;
    }
    return end - position + savedBytes;
  }

  @Override
  public LogReader readFrom(long position) {
    if (position < oldest() || position > end) {
      throw new IllegalArgumentException(
          disk + " has no position " + position + ", only " + oldest() + " to " + end);
    }
    return new SegmentReader(disk, segments, skips, () -> end, position);
  }

  /**
   * Writes what was appended, syncs it, answers whoever waits and closes the files. To be called on
   * the lane's thread, or once that has ended.
   *
   * @throws IOException where not everything that was appended is on the disk: the stop was no
   *     clean one
   */
  @Override
  public void close() throws IOException {
    commit();
    sync();
    answerSynced();
    spare.ifPresent(SpareSegment::close);
    try (SyncedNote last = note) {
      last.raise(synced);
    } finally {
      for (Segment segment : segments.values()) {
        segment.file().close();
      }
    }
    String failure = failure();
    if (failure != null) {
      throw new IOException(failure);
    }
  }

  /** Visits the entries of a batch; for readers and for recovery. */
  static void visit(Segment.Batch batch, LogReader.Visitor visitor)
      throws MalformedElementException {
    ElementReader reader = new ElementReader(batch.bytes(), batch.from(), batch.to());
    while (reader.hasNext()) {
      long tag = reader.varint();
      if (tag >>> 1 == BatchTrail.NO_SHARD) {
        visitor.trail(reader.varint(), reader.varint());
        continue;
      }
      int shard = (int) (tag >>> 1);
      boolean own = (tag & 1) != 0;
      StoredString stored = reader.string(tag);
      if (stored != null) {
        visitor.string(shard, own, stored);
      } else {
        visitor.entry(shard, own, reader.next());
      }
    }
  }
}
