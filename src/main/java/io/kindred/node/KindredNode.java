package io.kindred.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.membership.actor.RingDisk;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.settings.Settings;
import io.kindred.storage.DataDirectory;
import io.kindred.storage.actor.LaneExecutor;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * One node in this process: its data directory, its event loops, its actor system. Starting returns
 * at once; the node joins, forms or finds its ring, recovers, warms up and begins to serve by
 * itself.
 */
public final class KindredNode implements AutoCloseable {

  private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

  private final ActorSystem<Guardian.Command> system;
  private final Housekeeping housekeeping;
  private final AtomicBoolean mayStartAgain;

  private KindredNode(
      ActorSystem<Guardian.Command> system,
      Housekeeping housekeeping,
      AtomicBoolean mayStartAgain) {
    this.system = system;
    this.housekeeping = housekeeping;
    this.mayStartAgain = mayStartAgain;
  }

  /**
   * Starts a node.
   *
   * @param config the whole configuration, {@code application.conf} and what overrides it
   * @throws IOException where the data directory cannot be used
   * @throws SQLException where the control state in it cannot
   * @throws com.typesafe.config.ConfigException where a setting is missing or wrong
   */
  public static KindredNode start(Config config) throws IOException, SQLException {
    Settings settings = Settings.from(config);
    int lanesWanted =
        settings.node().lanes() > 0
            ? settings.node().lanes()
            : Math.max(1, Math.min(16, Runtime.getRuntime().availableProcessors() / 2));
    DataDirectory directory = DataDirectory.open(settings.dataDir(), lanesWanted);
    Lanes lanes = Lanes.start(directory.lanes());
    NodeClock clock = new NodeClock(directory, System::currentTimeMillis, settings.clock().shift());
    Housekeeping housekeeping = Housekeeping.start(directory, lanes, clock);
    AtomicBoolean mayStartAgain = new AtomicBoolean();
    try {
      Member self =
          new Member(
              new NodeId(settings.node().name(), directory.store()),
              settings.node().rack(),
              settings.node().host(),
              settings.client().port(),
              settings.managementPort(),
              settings.arteryPort());
      Config whole =
          LaneExecutor.dispatchers(lanes.loops())
              .withFallback(SystemConfig.bootstrap(settings, RingDisk.ringIn(directory.path())))
              .withFallback(ControlStore.prepare(config));
      ActorSystem<Guardian.Command> system =
          ActorSystem.create(
              Guardian.create(self, settings, directory, lanes, clock, housekeeping, mayStartAgain),
              "kindred",
              ConfigFactory.load(whole));
      return new KindredNode(system, housekeeping, mayStartAgain);
    } catch (RuntimeException | IOException | SQLException e) {
      housekeeping.close();
      throw e;
    }
  }

  /** Completes when the node has stopped, for whatever reason. */
  public CompletionStage<Done> whenStopped() {
    return system.getWhenTerminated();
  }

  /**
   * Of a node that has stopped by itself: whether starting it again is all that it needs, as when
   * the cluster gave it up while it was paused or cut off.
   */
  public boolean mayStartAgain() {
    return mayStartAgain.get() || wasDowned(system);
  }

  /** Whether a system ended because it learnt that the cluster had removed it. */
  static boolean wasDowned(ActorSystem<?> system) {
    return CoordinatedShutdown.get(system)
        .getShutdownReason()
        .filter(CoordinatedShutdown.clusterDowningReason()::equals)
        .isPresent();
  }

  /** Leaves in good order: clients first, then the feeds, the logs synced last. */
  @Override
  public void close() throws IOException {
    CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason());
    try {
      system
          .getWhenTerminated()
          .toCompletableFuture()
          .get(STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
      throw new IOException("the node's actor system did not stop within " + STOPS_WITHIN, e);
    } finally {
      housekeeping.close();
    }
  }
}
