package io.kindred.storage;

import io.kindred.command.Commands;
import io.kindred.command.Reply;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Origin;
import io.kindred.ring.Shards;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;

/**
 * One lane's shards with their log and snapshots on faulty disks, in one thread and on a clock that
 * the test moves: the production classes, with the order of things in which the actors use them. It
 * can lose its power at any step, and starts again from what the disks kept.
 */
public final class CrashingStore {

  static final long RING_ID = 42;
  static final Shards SHARDS = new Shards(4);

  private static final long TICK_MILLIS = 1_000;

  /** The shards are written again and again. */
  private static final long LOG_BYTES = 1;

  /** So small that it rolls all the time, or with room for many packed batches and a plain one. */
  private static final List<Long> SEGMENT_BYTES = List.of(600L, 20L << 10);

  /**
   * What a log held after a crash.
   *
   * @param packed batches
   * @param largePlain batches that are large enough to be packed, and are not
   * @param packedOverZeros packed batches in a file with zeros behind them
   * @param mixed files with batches of both kinds
   */
  public record Batches(int packed, int largePlain, int packedOverZeros, int mixed) {

    Batches plus(Batches more) {
      return new Batches(
          packed + more.packed,
          largePlain + more.largePlain,
          packedOverZeros + more.packedOverZeros,
          mixed + more.mixed);
    }
  }

  private final Random random;
  private final Fsync fsync;
  private final long segmentBytes;
  private final Queue<Runnable> lane = new ArrayDeque<>();
  private final Queue<Runnable> syncer = new ArrayDeque<>();
  private final List<Shard> shards = new ArrayList<>();
  private final boolean sole;
  // By shard; one that is under way, or null.
  private final ExpirySweep[] sweeps = new ExpirySweep[SHARDS.count()];
  private int swept;
  private FaultyDisk logDisk = new FaultyDisk();
  private FaultyDisk snapshotDisk = new FaultyDisk();
  private Batches found = new Batches(0, 0, 0, 0);
  private SteppedSnapshots snapshots;
  private FileLaneLog log;
  private Recovery recovery;
  private long clockBound;
  private int boot;
  private long millis = 1_700_000_000_000L;
  private long nextTick = millis + TICK_MILLIS;

  /** One of which nobody knows whether it has its data to itself, and how long its segments are. */
  public CrashingStore(Random random, Fsync fsync) throws IOException {
    this(
        random,
        fsync,
        SEGMENT_BYTES.get(random.nextInt(SEGMENT_BYTES.size())),
        random.nextBoolean());
  }

  /** One whose segments are of that length. */
  CrashingStore(Random random, Fsync fsync, long segmentBytes) throws IOException {
    this(random, fsync, segmentBytes, false);
  }

  private CrashingStore(Random random, Fsync fsync, long segmentBytes, boolean sole)
      throws IOException {
    this.random = random;
    this.fsync = fsync;
    this.segmentBytes = segmentBytes;
    this.sole = sole;
    open();
  }

  private CrashingStore(CrashingStore before, FaultyDisk logDisk, FaultyDisk snapshotDisk)
      throws IOException {
    this.random = before.random;
    this.fsync = before.fsync;
    this.segmentBytes = before.segmentBytes;
    this.sole = before.sole;
    this.clockBound = before.clockBound;
    this.boot = before.boot;
    this.millis = before.millis;
    this.nextTick = before.nextTick;
    this.logDisk = logDisk;
    this.snapshotDisk = snapshotDisk;
    open();
  }

  /** Another one that starts now from these disks, as this one would at its next start. */
  CrashingStore startedFrom(FaultyDisk log, FaultyDisk snapshots) throws IOException {
    return new CrashingStore(this, log, snapshots);
  }

  /** A copy of the disk with the log on it. */
  FaultyDisk logDisk() {
    return logDisk.after(FaultyDisk.Crash.KEEPS_ALL, random);
  }

  /** A copy of the disk with the snapshots on it. */
  FaultyDisk snapshotDisk() {
    return snapshotDisk.after(FaultyDisk.Crash.KEEPS_ALL, random);
  }

  private void open() throws IOException {
    boot++;
    lane.clear();
    syncer.clear();
    shards.clear();
    List<ShardStore> stores = new ArrayList<>();
    for (int shard = 0; shard < SHARDS.count(); shard++) {
      stores.add(new ShardStore(SHARDS.firstSlot(shard), SHARDS.lastSlot(shard), RING_ID));
    }
    Merging merging = new Merging(stores);
    snapshots = SteppedSnapshots.load(snapshotDisk, RING_ID, SHARDS, 1, LOG_BYTES, merging, random);
    log =
        FileLaneLog.open(
            logDisk,
            fsync,
            segmentBytes,
            lane::add,
            syncer::add,
            snapshots.bounds(0),
            merging,
            found -> recovery = found);
    snapshots.read(0, recovery);
    HybridClock clock = new HybridClock(() -> millis, this::raiseBoundAbove, clockBound);
    long origin = new Origin(7, boot).bits();
    for (int shard = 0; shard < SHARDS.count(); shard++) {
      shards.add(new Shard(shard, stores.get(shard), log, clock, () -> millis, origin));
    }
    Arrays.fill(sweeps, null);
    if (sole) {
      stores.forEach(SweptMarks::forget);
      shards.forEach(Shard::ownAlone);
    }
  }

  private long raiseBoundAbove(long time) {
    clockBound = Math.max(clockBound, time + HybridClock.ofMillis(10_000));
    return clockBound;
  }

  /** Runs a command on its first argument's key; {@code done} runs when it may be answered. */
  public Reply run(Runnable done, String... words) {
    byte[][] args =
        Arrays.stream(words)
            .map(word -> word.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    Shard shard = shards.get(SHARDS.shardOf(Key.of(args[1]).slot()));
    Reply reply = Commands.inShard(args[0]).orElseThrow().run(shard, args);
    log.commitIfMuch();
    log.afterCommit(done, reason -> {});
    return reply;
  }

  /** Time passes; each second, to the millisecond, the log is ticked. */
  public void pass(long some) {
    long until = millis + some;
    while (nextTick <= until) {
      millis = nextTick;
      log.tick();
      nextTick += TICK_MILLIS;
    }
    millis = until;
  }

  public long millis() {
    return millis;
  }

  /** One turn of the lane. */
  public void turn() {
    runSome(lane);
  }

  /** What a lane does for one of its shards beside serving it. */
  public void tend() {
    int number = random.nextInt(shards.size());
    Shard shard = shards.get(number);
    shard.store().compact();
    long bytes = shard.store().estimatedBytes();
    if (sole) {
      ExpirySweep sweep = sweeps[number] == null ? new ExpirySweep(shard) : sweeps[number];
      sweeps[number] = sweep;
      if (sweep.isDone()) {
        sweep.leaveOff();
        sweeps[number] = null;
      } else {
        sweep.turn();
      }
    }
    swept += shard.store().estimatedBytes() < bytes ? 1 : 0;
    DigestAudit audit = new DigestAudit(shard.store());
    while (!audit.isDone()) {
      List<Integer> wrong = audit.turn();
      if (!wrong.isEmpty()) {
        throw new AssertionError("digests of slot " + audit.slot() + " in leaves " + wrong);
      }
    }
  }

  /** How often {@link #tend} has taken keys out. */
  public int swept() {
    return swept;
  }

  /** What the syncer has to do. */
  public void sync() {
    runSome(syncer);
  }

  /** Everything that was run is answered and on the disk. */
  public void settle() throws IOException {
    do {
      turn();
      sync();
    } while (!lane.isEmpty());
    log.syncNow();
  }

  private static void runSome(Queue<Runnable> queue) {
    for (int left = queue.size(); left > 0; left--) {
      queue.poll().run();
    }
  }

  /** A step of what the snapshots' actor does: begin, list a slot or two, publish, cut. */
  public void snapshotStep() throws IOException {
    if (!snapshots.isWriting()) {
      snapshots.beginAll();
      snapshots.begin(snapshots.next().orElseThrow(), 0, 1, log, millis);
    } else if (snapshots.list(shards.get(snapshots.shard()).store())) {
      publish();
    }
  }

  private void publish() throws IOException {
    // All that was listed is committed, and the log synced, before the file gets its name.
    turn();
    log.syncNow();
    if (random.nextInt(4) > 0) {
      snapshots.publish(log, log.end());
      log.cut(snapshots.neededFrom(0));
    } else {
      snapshots.drop();
    }
  }

  /** The machine or the process ends, and starts again. */
  public void crash(FaultyDisk.Crash kind) throws IOException {
    logDisk = logDisk.after(kind, random);
    snapshotDisk = snapshotDisk.after(kind, random);
    found = batches();
    open();
  }

  private Batches batches() throws IOException {
    Batches all = new Batches(0, 0, 0, 0);
    for (String name : logDisk.list()) {
      if (Segment.isSegment(name)) {
        try (Disk.File file = logDisk.open(name)) {
          all = all.plus(batches(new Segment(Long.parseLong(name.substring(0, 19)), name, file)));
        }
      }
    }
    return all;
  }

  private static Batches batches(Segment segment) throws IOException {
    int packed = 0;
    int plain = 0;
    int largePlain = 0;
    long size = segment.file().size();
    long position = segment.first();
    Segment.Batch batch = segment.batchAt(position, size);
    while (batch != null) {
      if (batch.to() - batch.from() > batch.length()) {
        packed++;
      } else {
        plain++;
        largePlain += batch.length() > BatchPacker.RAW_BYTES_MIN ? 1 : 0;
      }
      position += batch.length();
      batch = segment.batchAt(position, size);
    }
    boolean zeros =
        segment.offsetOf(position) < size && segment.lastWritten(position, size) == position;
    return new Batches(packed, largePlain, zeros ? packed : 0, packed > 0 && plain > 0 ? 1 : 0);
  }

  /** What the last start found in its log, before it read it. */
  public Batches found() {
    return found;
  }

  /** Behind the last batch that was written. */
  public long end() {
    return log.end();
  }

  /** Up to where the log is on the disk itself. */
  public long synced() {
    return log.synced();
  }

  /** What the last start could not read of its log. */
  public List<Recovery.Damage> damages() {
    return recovery.damages();
  }

  /** The shards that the last start has lost something of. */
  Set<Integer> lost() {
    return snapshots.lost().keySet();
  }

  /** The oldest position that the log still has. */
  long oldest() {
    return log.oldest();
  }

  /** How many shards the last start has loaded from a snapshot. */
  long loaded() {
    return snapshots.loaded();
  }

  /** The shards' stores, in order. */
  List<ShardStore> stores() {
    return shards.stream().map(Shard::store).toList();
  }

  /** What the last start could not read of its snapshots. */
  public List<String> snapshotDamages() {
    return snapshots.damages();
  }
}
