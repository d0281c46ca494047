package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.ring.Shards;
import io.kindred.storage.snapshot.LaneFindings;
import io.kindred.storage.snapshot.SnapshotBook;
import io.kindred.storage.snapshot.SnapshotDirectory;
import io.kindred.storage.snapshot.SnapshotFoot;
import io.kindred.storage.snapshot.SnapshotHead;
import io.kindred.storage.snapshot.SnapshotWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * The snapshots of a node's shards with the production classes, in the steps in which the recovery
 * reads and the snapshots' actor writes them, so that a crash can come between any two. What waits
 * for a commit is the caller's.
 */
public final class SteppedSnapshots {

  private final SnapshotDirectory directory;
  private final long ringId;
  private final Shards ring;
  private final Random random;
  private final List<LaneFindings> findings = new ArrayList<>();
  private final List<String> damages = new ArrayList<>();
  private final SnapshotBook book;

  // The one that is being written.
  private Optional<SnapshotWriter> writer = Optional.empty();
  private SnapshotHead head;
  private int slot;

  private SteppedSnapshots(
      SnapshotDirectory directory,
      long ringId,
      Shards ring,
      List<LaneFindings> findings,
      SnapshotBook book,
      Random random) {
    this.directory = directory;
    this.ringId = ringId;
    this.ring = ring;
    this.random = random;
    this.findings.addAll(findings);
    this.book = book;
  }

  /**
   * Loads what there is of each shard.
   *
   * @param logBytes see {@link SnapshotBook}
   * @param merging into the stores of all shards
   */
  public static SteppedSnapshots load(
      Disk disk, long ringId, Shards ring, int lanes, long logBytes, Merging merging, Random random)
      throws IOException {
    SnapshotDirectory directory = SnapshotDirectory.open(disk);
    List<LaneFindings> findings = new ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      findings.add(new LaneFindings());
    }
    List<Optional<SnapshotDirectory.Stored>> stored = new ArrayList<>();
    List<String> damages = new ArrayList<>();
    for (int shard = 0; shard < ring.count(); shard++) {
      SnapshotDirectory.Loaded loaded = directory.load(shard, ringId, merging.snapshot(shard));
      findings.get(shard % lanes).loaded(shard, loaded);
      stored.add(loaded.snapshot());
      damages.addAll(loaded.damages());
    }
    SnapshotBook book =
        new SnapshotBook(
            lanes,
            logBytes,
            stored,
            shard -> findings.get(shard % lanes).lost().containsKey(shard));
    SteppedSnapshots snapshots =
        new SteppedSnapshots(directory, ringId, ring, findings, book, random);
    snapshots.damages.addAll(damages);
    return snapshots;
  }

  /** What is needed of a lane's log on top. */
  public LogBounds bounds(int lane) {
    return findings.get(lane).bounds(0);
  }

  /** A lane's log was read. */
  public void read(int lane, Recovery log) {
    findings.get(lane).read(log);
  }

  /** The shards that the disk has lost something of, with the reason. */
  public Map<Integer, String> lost() {
    Map<Integer, String> lost = new TreeMap<>();
    findings.forEach(lane -> lost.putAll(lane.lost()));
    return lost;
  }

  /** What could not be read of the snapshots. */
  public List<String> damages() {
    return damages;
  }

  /** How many shards were loaded from one. */
  public long loaded() {
    return findings.stream()
        .flatMap(lane -> lane.stored().values().stream())
        .filter(Optional::isPresent)
        .count();
  }

  public boolean isWriting() {
    return writer.isPresent();
  }

  /** Has all shards written of the lanes whose logs have grown enough. */
  public void beginWhatIsDue(List<FileLaneLog> logs) {
    for (int lane = 0; lane < logs.size(); lane++) {
      if (book.isDue(lane, logs.get(lane)::unpackedFrom)) {
        book.begin(lane);
      }
    }
  }

  /** Has all shards written, unless some are waiting for that already. */
  public void beginAll() {
    if (book.waiting() == 0) {
      book.beginAll();
    }
  }

  /** The shard whose turn it is. */
  public Optional<Integer> next() {
    return book.next();
  }

  /** Begins one; it will hold what the shard has now, and of what comes later a part. */
  public void begin(int shard, int lane, long generation, LaneLog log, long millis)
      throws IOException {
    head = new SnapshotHead(ringId, shard, lane, generation, log.end(), 0, millis);
    writer = Optional.of(directory.begin(head));
    slot = ring.firstSlot(shard);
  }

  /** The shard that is being written. */
  public int shard() {
    return head.shard();
  }

  /** Lists some slots more; whether that was all. */
  public boolean list(ShardStore store) throws IOException {
    int last = ring.lastSlot(head.shard());
    for (int some = 1 + random.nextInt(3_000); some > 0 && slot <= last; some--, slot++) {
      if (store.digests().slot(slot) != 0) {
        List<Element> elements = new ArrayList<>();
        store.forEachElement(slot, elements::add);
        for (Element element : elements) {
          writer.get().put(element);
        }
      }
    }
    return slot > last;
  }

  /**
   * Makes it the shard's newest. All that was listed must be committed.
   *
   * @param logEnd behind the commit of what was listed last
   */
  public void publish(FileLaneLog log, long logEnd) throws IOException {
    log.syncNow();
    SnapshotFoot foot = writer.get().finish(logEnd);
    writer.get().publish();
    directory.deleteOthers(head.shard(), head.start());
    book.written(head.shard(), new SnapshotDirectory.Stored(head, foot, writer.get().fileBytes()));
    writer = Optional.empty();
  }

  /** Gives it up. */
  public void drop() throws IOException {
    if (writer.isPresent()) {
      writer.get().close();
      writer = Optional.empty();
    }
  }

  /** Gives up what was to be written too, as the snapshots' actor does after a failure. */
  public void giveUp() throws IOException {
    book.giveUp();
    drop();
  }

  /** Up to where a lane's log is no longer needed. */
  public long neededFrom(int lane) {
    return book.neededFrom(lane);
  }
}
