package io.kindred.node;

import io.kindred.server.NodeFacts;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a recovery has read, and tells it. May be counted and asked from any thread. */
final class RecoveryProgress {

  private static final Logger LOG = LoggerFactory.getLogger(RecoveryProgress.class);

  private final int shards;
  private final long startedMillis = System.currentTimeMillis();
  private final long startNanos = System.nanoTime();
  private final LongAdder records = new LongAdder();
  private final AtomicInteger snapshots = new AtomicInteger();
  private final AtomicLongArray logRead;
  private final AtomicLongArray logSize;

  RecoveryProgress(int shards, int lanes) {
    this.shards = shards;
    this.logRead = new AtomicLongArray(lanes);
    this.logSize = new AtomicLongArray(lanes);
  }

  /** An element, or a string with its expiry, was read of a snapshot or of a log. */
  void count() {
    records.increment();
  }

  /** A shard's snapshot was read, or there is none. */
  void snapshotRead() {
    snapshots.incrementAndGet();
  }

  /** So many bytes of so many of a lane's log were read. */
  void logRead(int lane, long bytes, long ofBytes) {
    logRead.set(lane, bytes);
    logSize.set(lane, ofBytes);
  }

  /** To be told every few seconds. */
  void tell() {
    LOG.info("recovering: {}", soFar());
  }

  /** What INFO tells meanwhile. */
  NodeFacts.Loading facts() {
    return new NodeFacts.Loading(
        startedMillis, snapshots.get(), shards, logsPercent(), records.sum());
  }

  /** As {@code snapshots of 3 of 64 shards, 41 % of the logs, 5 records, 17 records/s}. */
  String soFar() {
    return String.format(
        Locale.ROOT,
        "snapshots of %d of %d shards, %d %% of the logs, %d records, %d records/s",
        snapshots.get(),
        shards,
        logsPercent(),
        records.sum(),
        rate());
  }

  private int logsPercent() {
    return (int) (100 * sum(logRead) / Math.max(1, sum(logSize)));
  }

  private static long sum(AtomicLongArray numbers) {
    long sum = 0;
    for (int i = 0; i < numbers.length(); i++) {
      sum += numbers.get(i);
    }
    return sum;
  }

  void tellEnd() {
    LOG.info(
        "recovered {} records of {} shards in {} s ({} records/s)",
        records.sum(),
        shards,
        String.format(Locale.ROOT, "%.1f", nanos() / 1e9),
        rate());
  }

  private long nanos() {
    return System.nanoTime() - startNanos;
  }

  private long rate() {
    return records.sum() * TimeUnit.SECONDS.toNanos(1) / Math.max(1, nanos());
  }
}
