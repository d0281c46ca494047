package io.kindred.storage.actor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/**
 * Runs actors on a Netty event loop, so that a command goes from socket to merge to answer without
 * changing threads. Pekko makes dispatchers by name from configuration; {@link #dispatchers} gives
 * that configuration for a set of loops.
 *
 * <p>Pekko shuts an executor down when its dispatcher falls idle or its system ends. The loops are
 * not its own, so the wrapper only notes the wish and lets the loop live.
 */
public final class LaneExecutor extends ExecutorServiceConfigurator {

  private static final Map<String, List<EventLoop>> LOOPS = new ConcurrentHashMap<>();
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final EventLoop loop;

  /** Called by Pekko, by reflection. */
  public LaneExecutor(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
    this.loop = LOOPS.get(config.getString("loops")).get(config.getInt("lane"));
  }

  /**
   * Configuration with one dispatcher a loop, to be put in front of a system's. Nothing forgets the
   * loops: a process runs few systems.
   */
  public static Config dispatchers(List<EventLoop> loops) {
    String name = "loops-" + NUMBERS.incrementAndGet();
    LOOPS.put(name, List.copyOf(loops));
    StringBuilder conf = new StringBuilder();
    for (int lane = 0; lane < loops.size(); lane++) {
      conf.append(
          """
          %s {
            type = Dispatcher
            executor = "%s"
            loops = "%s"
            lane = %d
            throughput = 100
          }
          """
              .formatted(dispatcher(lane), LaneExecutor.class.getName(), name, lane));
    }
    return ConfigFactory.parseString(conf.toString());
  }

  /** The name of a lane's dispatcher. */
  public static String dispatcher(int lane) {
    return "kindred-lane-" + lane;
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory factory) {
    return () -> new Borrowed(loop);
  }

  /** An event loop that its borrower cannot shut down. */
  private static final class Borrowed extends AbstractExecutorService {

    private final EventLoop loop;
    private volatile boolean shutdown;

    Borrowed(EventLoop loop) {
      this.loop = loop;
    }

    @Override
    public void execute(Runnable command) {
      loop.execute(command);
    }

    @Override
    public void shutdown() {
      shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      shutdown = true;
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return shutdown;
    }

    @Override
    public boolean isTerminated() {
      return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return shutdown;
    }
  }
}
