package io.kindred.node;

import io.kindred.entry.TimeSource;
import io.kindred.storage.DataDirectory;
import io.kindred.storage.FileLaneLog;
import io.netty.channel.EventLoop;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does beside its actors: the logs' syncs and the clock's bound about each second, on
 * threads that may block; and the order in which its resources are given back.
 */
final class Housekeeping implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  /** As long as it takes, so much more than a second a power cut may take. */
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final DataDirectory directory;
  private final Lanes lanes;
  private final TimeSource wall;
  private final ExecutorService blocking =
      Executors.newCachedThreadPool(task -> daemon(task, "kindred-disk"));
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "kindred-ticker"));
  private volatile List<FileLaneLog> logs = List.of();

  /** What the last tick failed with: told once, and not each second. */
  private List<String> said = List.of();

  /** Whether the last tick was. */
  private boolean slow;

  private Housekeeping(DataDirectory directory, Lanes lanes, TimeSource wall) {
    this.directory = directory;
    this.lanes = lanes;
    this.wall = wall;
  }

  static Housekeeping start(DataDirectory directory, Lanes lanes, TimeSource wall) {
    Housekeeping housekeeping = new Housekeeping(directory, lanes, wall);
    // tick() tells of its failures itself, so nobody needs the future.
    var unused =
        housekeeping.ticker.scheduleAtFixedRate(housekeeping::tick, 1, 1, TimeUnit.SECONDS);
    return housekeeping;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Where disk work runs that no actor may wait for. */
  Executor blocking() {
    return blocking;
  }

  /** Completes once the next start is sure to find the directory to be emptied. */
  CompletionStage<Void> noteToBeEmptied() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            directory.noteToBeEmptied();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        blocking);
  }

  /** From now on these logs are ticked, and closed at the end. */
  void keep(List<FileLaneLog> opened) {
    logs = List.copyOf(opened);
  }

  /** Each for itself: what one file cannot take must not keep another from being synced. */
  private void tick() {
    List<String> complaints = new ArrayList<>();
    long began = System.nanoTime();
    for (FileLaneLog log : logs) {
      duty(log::tick, complaints);
      if (log.noteFailure() != null) {
        complaints.add(log.noteFailure());
      }
    }
    tellIfSlow(System.nanoTime() - began);
    duty(() -> directory.renewClockBound(wall.millis()), complaints);
    if (!complaints.isEmpty() && !complaints.equals(said)) {
      LOG.error("the disk does not take what a node writes each second: {}", complaints);
    }
    said = complaints;
  }

  private void tellIfSlow(long nanos) {
    boolean was = slow;
    slow = nanos >= SLOW_NANOS;
    if (slow && !was) {
      LOG.warn(
          "it took {} ms until the logs were on the disk itself: with fsync everysec a power cut"
              + " takes what was written meanwhile; see what else keeps the disk busy",
          TimeUnit.NANOSECONDS.toMillis(nanos));
    }
  }

  private static void duty(Runnable duty, List<String> complaints) {
    try {
      duty.run();
    } catch (UncheckedIOException e) {
      complaints.add(e.getMessage() + ": " + e.getCause().getMessage());
    } catch (RuntimeException | OutOfMemoryError e) {
      // Memory outside the heap may be short for a moment; an executor that sees it ticks no more.
      LOG.error("a mistake in what a node does each second; it is tried again", e);
    }
  }

  /** To be called once the actor system has ended: nothing appends any more. */
  @Override
  public void close() throws IOException {
    endTicks();
    for (EventLoop loop : lanes.loops()) {
      // Lets commits that are still in the loop's queue run before the files are closed.
      loop.submit(() -> {}).syncUninterruptibly();
    }
    lanes.close();
    boolean clean = !logs.isEmpty();
    for (FileLaneLog log : logs) {
      try {
        log.close();
      } catch (IOException e) {
        clean = false;
        LOG.error("a log was not closed cleanly; the next start recovers it", e);
      }
    }
    if (clean) {
      directory.markCleanStop(logs.stream().map(FileLaneLog::end).toList());
    }
    blocking.shutdown();
    awaitDiskWork();
    directory.close();
  }

  /** The last one is not broken off: a thread interrupted in a write closes the file. */
  private void endTicks() throws IOException {
    ticker.shutdown();
    try {
      while (!ticker.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.info("the disk that {} is on has been busy for ten seconds", directory.path());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the logs were synced a last time");
    }
  }

  /**
   * A recovery may be under way still. It is not broken off: half read, it would look like damage.
   * Whoever has the directory next must not recover the same files beside it.
   */
  private void awaitDiskWork() throws IOException {
    try {
      while (!blocking.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.info("{} is given back once the disk work under way is done", directory.path());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(
          directory.path() + " stays locked: disk work in it goes on, and nobody waits for it");
    }
  }
}
