package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.Version;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A log on a {@link FaultyDisk} whose lane and syncer the test runs by hand, and which remembers
 * what was appended, what was answered, and where each batch ended.
 */
final class LogBench {

  final List<String> appended = new ArrayList<>();
  final List<String> answered = new ArrayList<>();
  final List<String> failed = new ArrayList<>();
  final List<String> replayed = new ArrayList<>();
  final List<Long> ends = new ArrayList<>();
  FaultyDisk disk;
  FileLaneLog log;
  Recovery recovery;

  /** How many equal bytes each value has behind its own, so that batches are packed. */
  int filler;

  private final Fsync fsync;
  private final long segmentBytes;
  private final Queue<Runnable> lane = new ArrayDeque<>();
  private final Queue<Runnable> syncer = new ArrayDeque<>();

  LogBench(Fsync fsync, long segmentBytes) throws IOException {
    this.fsync = fsync;
    this.segmentBytes = segmentBytes;
    open(new FaultyDisk());
  }

  /** Opens a log on another disk; what the old one had still to do never happens. */
  void open(FaultyDisk found) throws IOException {
    open(found, LogBounds.NONE);
  }

  /** The same, where something is known of the log. */
  void open(FaultyDisk found, LogBounds bounds) throws IOException {
    disk = found;
    lane.clear();
    syncer.clear();
    replayed.clear();
    log =
        FileLaneLog.open(
            disk,
            fsync,
            segmentBytes,
            lane::add,
            syncer::add,
            bounds,
            (shard, own, element) -> replayed.add(element.key().toString()),
            result -> recovery = result);
  }

  /** Appends one element and waits for its commit. */
  void append(String key) {
    append(3, key);
  }

  /** The same of any shard. */
  void append(int shard, String key) {
    byte[] value = Elements.text("v" + key + "x".repeat(filler));
    log.append(shard, true, Element.string(Elements.key(key), new Version(5, 9), value));
    appended.add(key);
    log.afterCommit(() -> answered.add(key), reason -> failed.add(key));
  }

  /** Appends each of them in a batch of its own. */
  void appendEach(String... keys) {
    for (String key : keys) {
      append(key);
      turn();
    }
  }

  /** One turn of the lane. */
  void turn() {
    runSome(lane);
    if (ends.isEmpty() || ends.get(ends.size() - 1) != log.end()) {
      ends.add(log.end());
    }
  }

  void sync() {
    runSome(syncer);
    turn();
  }

  private static void runSome(Queue<Runnable> queue) {
    for (int left = queue.size(); left > 0; left--) {
      queue.poll().run();
    }
  }
}
