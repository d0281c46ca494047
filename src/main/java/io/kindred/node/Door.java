package io.kindred.node;

import io.kindred.membership.ViewBoard;
import io.kindred.server.FrontDoor;
import io.kindred.server.Levels;
import io.kindred.server.NodeFacts;
import io.kindred.server.ServerLimits;
import io.kindred.server.ServerStats;
import io.kindred.settings.Settings;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;

/** A node's front door as its settings want it, closed first when the node stops. */
final class Door {

  private Door() {}

  /**
   * Makes it; it does not listen yet.
   *
   * @param loading what INFO tells until the node serves
   */
  static FrontDoor open(
      ActorSystem<?> system,
      Settings settings,
      Lanes lanes,
      ViewBoard board,
      ServerStats stats,
      Supplier<NodeFacts> loading) {
    FrontDoor made =
        new FrontDoor(
            lanes.group(),
            settings.node().bindHost(),
            settings.client().port(),
            ServerLimits.DEFAULT.withProtectedMode(settings.client().protectedMode()),
            Levels.named(settings.consistency().read(), settings.consistency().write()),
            board,
            system,
            stats,
            loading);
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseServiceUnbind(),
            "close the front door",
            () -> made.close().thenApply(closed -> Done.getInstance()));
    return made;
  }
}
