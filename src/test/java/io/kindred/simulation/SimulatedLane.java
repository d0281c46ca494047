package io.kindred.simulation;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.storage.FaultyDisk;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.Fsync;
import io.kindred.storage.HeldBack;
import io.kindred.storage.LaneLog;
import io.kindred.storage.LogBounds;
import io.kindred.storage.LogReader;
import io.kindred.storage.Recovery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One lane of a node: the production log on a fake disk, with a queue in place of the lane's thread
 * and another in place of the one that syncs. Notes what a client's command appends.
 */
final class SimulatedLane implements LaneLog {

  /** Small, so that a run has many. */
  private static final long SEGMENT_BYTES = 4_000;

  private static final long TICK_MICROS = 1_000_000;

  private final Simulation simulation;
  private final SimulatedNode node;
  private final int number;
  private final Fsync fsync;
  private FileLaneLog log;
  private Recovery recovery;
  private long recoveredEnd;
  private List<Element> recorder;

  SimulatedLane(Simulation simulation, SimulatedNode node, int number) {
    this.simulation = simulation;
    this.node = node;
    this.number = number;
    this.fsync = simulation.plan().fsyncAlways() ? Fsync.ALWAYS : Fsync.EVERYSEC;
  }

  int number() {
    return number;
  }

  /** Opens the log of this boot; {@code replay} gets what the disk has and snapshots have not. */
  void open(FaultyDisk disk, LogBounds bounds, LogReader.Visitor replay) throws IOException {
    int boot = node.boot();
    log =
        FileLaneLog.open(
            disk,
            fsync,
            SEGMENT_BYTES,
            queue(boot, 20, 1_500),
            queue(boot, 200, 8_000),
            bounds,
            replay,
            found -> recovery = found);
    recoveredEnd = log.end();
    log.onCommit(() -> node.committed(number));
    simulation.scheduler().after(TICK_MICROS, () -> tick(boot));
  }

  private void tick(int boot) {
    if (isOf(boot)) {
      log.tick();
      simulation.scheduler().after(TICK_MICROS, () -> tick(boot));
    }
  }

  private boolean isOf(int boot) {
    return node.isUp() && node.boot() == boot;
  }

  /** Runs what it is given one by one, each a little later; nothing once the boot is over. */
  private Executor queue(int boot, long leastMicros, long mostMicros) {
    long[] free = new long[1];
    Scheduler scheduler = simulation.scheduler();
    return task -> {
      long wanted = scheduler.micros() + scheduler.between(leastMicros, mostMicros);
      free[0] = Math.max(free[0], wanted);
      scheduler.after(
          free[0] - scheduler.micros(),
          () -> {
            if (isOf(boot)) {
              task.run();
            }
          });
    };
  }

  /** What a command appends of its own while it runs. */
  List<Element> recording(Runnable command) {
    recorder = new ArrayList<>();
    command.run();
    List<Element> made = recorder;
    recorder = null;
    return made;
  }

  /** What the start found. */
  Recovery recovery() {
    return recovery;
  }

  /** Where the log ended when this boot began. */
  long recoveredEnd() {
    return recoveredEnd;
  }

  /** Up to where the log is as durable as an answer promises. */
  long answeredEnd() {
    return fsync == Fsync.ALWAYS ? log.synced() : log.end();
  }

  /** The production log itself, for the snapshots that cut it. */
  FileLaneLog file() {
    return log;
  }

  @Override
  public void append(int shard, boolean own, Element element) {
    log.append(shard, own, element);
    if (own && recorder != null) {
      recorder.add(element);
    }
  }

  @Override
  public void appendString(int shard, Key key, Version version, byte[] value, long expiresAt) {
    log.appendString(shard, key, version, value, expiresAt);
    if (recorder != null) {
      recorder.add(Element.string(key, version, value));
      recorder.add(Element.expiry(key, version, expiresAt));
    }
  }

  @Override
  public void afterCommit(Runnable done, Consumer<String> failed) {
    log.afterCommit(done, failed);
  }

  @Override
  public String failure() {
    return log.failure();
  }

  @Override
  public HeldBack heldBack() {
    return log.heldBack();
  }

  @Override
  public void onCommit(Runnable listener) {
    log.onCommit(listener);
  }

  @Override
  public long end() {
    return log.end();
  }

  @Override
  public long synced() {
    return log.synced();
  }

  @Override
  public long oldest() {
    return log.oldest();
  }

  @Override
  public LogReader readFrom(long position) {
    return log.readFrom(position);
  }
}
