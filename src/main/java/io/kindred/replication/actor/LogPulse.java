package io.kindred.replication.actor;

import io.kindred.storage.actor.LaneQuorum;
import io.kindred.storage.actor.LocalShards;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Tells the feeders that the logs have grown: once a pulse, and not at all while nobody writes; at
 * once while a client waits for other racks.
 *
 * <p>A timer of its own, since Pekko's ticks each 10 ms, and a tick each millisecond would cost an
 * idle node a thousand wake-ups a second. This one is armed by a commit and fires once.
 */
final class LogPulse implements AutoCloseable {

  // Artery costs by the message: one a commit cost a third of the throughput of single SETs, one a
  // millisecond a quarter. Longer would gain little more, and peers would see writes later.
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private final ScheduledExecutorService timer;
  private final LocalShards shards;
  private final AtomicBoolean armed = new AtomicBoolean();
  private volatile List<ActorRef<Feeder.Command>> feeders = List.of();
  private volatile boolean closed;
  private volatile Future<?> next;

  LogPulse(LocalShards shards) {
    this.shards = shards;
    ScheduledThreadPoolExecutor one =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "feed-pulse");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    one.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.timer = one;
    shards.logs().forEach(log -> log.onCommit(this::onCommit));
  }

  void tell(List<ActorRef<Feeder.Command>> those) {
    feeders = List.copyOf(those);
  }

  private void onCommit() {
    if (!closed && shards.quorums().stream().anyMatch(LaneQuorum::isWaiting)) {
      feeders.forEach(feeder -> feeder.tell(Feeder.Grown.LOOK));
    } else if (!closed && !feeders.isEmpty() && armed.compareAndSet(false, true)) {
      next = timer.schedule(this::beat, INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void beat() {
    // Disarmed first: what is committed from here on arms it again.
    armed.set(false);
    feeders.forEach(feeder -> feeder.tell(Feeder.Grown.LOOK));
  }

  @Override
  public void close() {
    closed = true;
    Future<?> armedOne = next;
    if (armedOne != null) {
      armedOne.cancel(false);
    }
    timer.shutdown();
  }
}
