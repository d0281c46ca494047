package io.kindred.simulation;

import io.kindred.storage.FileLaneLog;
import io.kindred.storage.LogBounds;
import io.kindred.storage.Merging;
import io.kindred.storage.SteppedSnapshots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The snapshots of one node in one boot: {@link SteppedSnapshots} reads and writes them, this waits
 * for commits and cuts the logs.
 */
final class SimulatedSnapshots {

  /** Small, so that a run has many. */
  private static final long LOG_BYTES = 3_000;

  private static final long REST_MICROS = 400_000;

  private final Simulation simulation;
  private final SimulatedNode node;
  private final List<SimulatedLane> lanes;
  private final SteppedSnapshots snapshots;
  private boolean awaitsCommit;
  private long restUntil;

  /** Loads what there is, into one store a shard. */
  SimulatedSnapshots(
      Simulation simulation,
      SimulatedNode node,
      List<SimulatedLane> lanes,
      SimulatedDisks disks,
      Merging merging)
      throws IOException {
    this.simulation = simulation;
    this.node = node;
    this.lanes = lanes;
    this.snapshots =
        SteppedSnapshots.load(
            disks.snapshots(),
            simulation.ring().id(),
            simulation.ring().shards(),
            lanes.size(),
            LOG_BYTES,
            merging,
            simulation.scheduler().random());
  }

  /** What is needed of a lane's log on top. */
  LogBounds bounds(int lane) {
    return snapshots.bounds(lane);
  }

  /** All logs are read. */
  void started() {
    lanes.forEach(lane -> snapshots.read(lane.number(), lane.recovery()));
    boolean cut = lanes.stream().anyMatch(lane -> lane.oldest() > 0);
    if (snapshots.loaded() > 0) {
      simulation.happened(Happening.SNAPSHOT_LOADED);
      if (cut) {
        simulation.happened(Happening.STARTED_FROM_SNAPSHOTS_AND_CUT_LOG);
      }
    }
  }

  /** What this start could not read of what it was to find. */
  List<String> damages() {
    List<String> damages = new ArrayList<>(snapshots.damages());
    lanes.forEach(
        lane -> lane.recovery().damages().forEach(damage -> damages.add(damage.toString())));
    snapshots.lost().forEach((shard, reason) -> damages.add("shard " + shard + ": " + reason));
    return damages;
  }

  /** Does a little of what there is to do. */
  void step() {
    if (awaitsCommit || simulation.scheduler().micros() < restUntil) {
      return;
    }
    try {
      if (snapshots.isWriting()) {
        if (snapshots.list(node.shard(snapshots.shard()).store())) {
          publishOnceCommitted();
        }
      } else {
        begin();
      }
    } catch (IOException failed) {
      rest();
    }
    cut();
  }

  private void begin() throws IOException {
    snapshots.beginWhatIsDue(lanes.stream().map(SimulatedLane::file).toList());
    Optional<Integer> shard = snapshots.next();
    if (shard.isPresent()) {
      SimulatedLane lane = laneOf(shard.get());
      snapshots.begin(
          shard.get(), lane.number(), node.generation(), lane.file(), simulation.millis());
    }
  }

  private SimulatedLane laneOf(int shard) {
    return lanes.get(shard % lanes.size());
  }

  private void publishOnceCommitted() {
    SimulatedLane lane = laneOf(snapshots.shard());
    awaitsCommit = true;
    lane.afterCommit(
        () -> {
          awaitsCommit = false;
          publish(lane.file());
        },
        reason -> {
          awaitsCommit = false;
          rest();
        });
  }

  private void publish(FileLaneLog log) {
    try {
      snapshots.publish(log, log.end());
      simulation.happened(Happening.SNAPSHOT_WRITTEN);
    } catch (IOException failed) {
      rest();
    }
  }

  /** After a failure, such as a disk that is full. */
  private void rest() {
    simulation.happened(Happening.SNAPSHOT_FAILED);
    restUntil = simulation.scheduler().micros() + REST_MICROS;
    try {
      snapshots.giveUp();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void cut() {
    for (SimulatedLane lane : lanes) {
      boolean tooFar = simulation.plan().sabotage() == Sabotage.LOGS_ARE_CUT_TOO_FAR;
      long needed = tooFar ? Long.MAX_VALUE : snapshots.neededFrom(lane.number());
      long oldest = lane.oldest();
      try {
        lane.file().cut(Math.min(needed, node.fedUpTo(lane.number())));
      } catch (IOException notSynced) {
        // What was deleted is gone all the same, and may be there again after a power cut.
        simulation.happened(Happening.SNAPSHOT_FAILED);
      }
      if (lane.oldest() > oldest) {
        simulation.happened(Happening.LOG_CUT);
      }
    }
  }
}
