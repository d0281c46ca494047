package io.kindred.node;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a recovery has read, and tells it. May be counted from any thread. */
final class RecoveryProgress {

  private static final Logger LOG = LoggerFactory.getLogger(RecoveryProgress.class);

  private final int shards;
  private final long startNanos = System.nanoTime();
  private final LongAdder records = new LongAdder();
  private final AtomicInteger shardsDone = new AtomicInteger();

  RecoveryProgress(int shards) {
    this.shards = shards;
  }

  /** One element was read, of a snapshot or of a log. */
  void count() {
    records.increment();
  }

  /** All of these shards are recovered. */
  void done(int some) {
    shardsDone.addAndGet(some);
  }

  /** To be told every few seconds. */
  void tell() {
    LOG.info(
        "recovering: {} of {} shards, {} records, {} records/s",
        shardsDone.get(),
        shards,
        records.sum(),
        rate());
  }

  void tellEnd() {
    LOG.info(
        "recovered {} records of {} shards in {} s ({} records/s)",
        records.sum(),
        shards,
        String.format(java.util.Locale.ROOT, "%.1f", nanos() / 1e9),
        rate());
  }

  private long nanos() {
    return System.nanoTime() - startNanos;
  }

  private long rate() {
    return records.sum() * TimeUnit.SECONDS.toNanos(1) / Math.max(1, nanos());
  }
}
