package io.kindred.simulation;

import io.kindred.replication.FeedSettings;
import java.time.Duration;

/**
 * What one run is like.
 *
 * @param fsyncAlways whether a commit is synced before it is answered
 * @param powerFails whether machines lose power, besides processes being killed
 * @param disksFail whether disks get full, and fail to sync
 * @param retentionBytes how far behind a peer may be before its feed gives something up
 * @param repairs whether runs compare the owners: those that clients' operators start, and those
 *     that prove a returning node complete; without, a returning node serves at once
 */
record SimulationPlan(
    int nodesPerRack,
    int clientCommands,
    boolean fsyncAlways,
    boolean powerFails,
    boolean disksFail,
    long retentionBytes,
    boolean repairs,
    Sabotage sabotage) {

  static final int RACKS = 3;
  static final int SHARDS = 8;

  /** Varies with the seed, so that every combination has its turn. */
  static SimulationPlan of(long seed) {
    int variant = Math.floorMod(seed, 12);
    return new SimulationPlan(
        variant % 4 == 3 ? 2 : 1,
        900,
        variant % 2 == 0,
        variant % 3 != 0,
        Math.floorMod(seed, 5) != 0,
        variant % 6 == 5 ? 2_000 : Long.MAX_VALUE,
        true,
        Sabotage.NONE);
  }

  /** With disks that fail where it takes that for the sabotage to show. */
  SimulationPlan with(Sabotage broken) {
    return new SimulationPlan(
        nodesPerRack,
        clientCommands,
        fsyncAlways,
        powerFails,
        broken.needsFailingDisks(),
        retentionBytes,
        repairs,
        broken);
  }

  /** Feeds alone must do; so nothing may be lost with a power cut, and nothing be given up. */
  SimulationPlan withoutRepairs() {
    return new SimulationPlan(
        nodesPerRack,
        clientCommands,
        fsyncAlways,
        false,
        disksFail,
        Long.MAX_VALUE,
        false,
        sabotage);
  }

  /** Power fails, and disks sync each commit, so that nothing may be lost by it. */
  SimulationPlan withPowerFailures() {
    return new SimulationPlan(
        nodesPerRack, clientCommands, true, true, disksFail, retentionBytes, repairs, sabotage);
  }

  /** Small measures, so that windows fill and spans fall into pieces. */
  FeedSettings feed() {
    return new FeedSettings(
        600, 6, 200, retentionBytes, Duration.ofMillis(60), Duration.ofMillis(400), Duration.ZERO);
  }
}
