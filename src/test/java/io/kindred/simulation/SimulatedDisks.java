package io.kindred.simulation;

import io.kindred.storage.FaultyDisk;
import java.util.ArrayList;
import java.util.List;

/**
 * What one machine stores on: a directory for each lane's log and one for the snapshots. They are
 * full, fail to sync and lose power together, as they lie on one device.
 */
final class SimulatedDisks {

  /** So little that a few batches fit, or a part of one. */
  private static final long ROOM_WHEN_FULL = 700;

  private final Scheduler scheduler;
  private final List<FaultyDisk> logs = new ArrayList<>();
  private FaultyDisk snapshots;
  private boolean full;
  private boolean failing;

  /**
   * Empty ones.
   *
   * @param lie whether they say that they have synced, and have not
   */
  SimulatedDisks(Scheduler scheduler, int lanes, boolean lie) {
    this.scheduler = scheduler;
    this.snapshots = new FaultyDisk(lie);
    for (int lane = 0; lane < lanes; lane++) {
      logs.add(new FaultyDisk(lie));
    }
  }

  FaultyDisk log(int lane) {
    return logs.get(lane);
  }

  FaultyDisk snapshots() {
    return snapshots;
  }

  boolean isFull() {
    return full;
  }

  /** Whether something is wrong with them. */
  boolean areFaulty() {
    return full || failing;
  }

  /** From now on there is hardly any room. */
  void fill() {
    full = true;
    forEach(disk -> disk.setRoom(scheduler.between(0, ROOM_WHEN_FULL)));
  }

  void makeRoom() {
    full = false;
    forEach(disk -> disk.setRoom(Long.MAX_VALUE));
  }

  /** From now on no sync succeeds. */
  void failSyncs() {
    failing = true;
    forEach(disk -> disk.setSyncFails(true));
  }

  void mend() {
    failing = false;
    forEach(disk -> disk.setSyncFails(false));
  }

  /** What is not forced may go; what was wrong with them still is. */
  void losePower() {
    logs.replaceAll(this::afterPowerCut);
    snapshots = afterPowerCut(snapshots);
    if (full) {
      fill();
    }
    if (failing) {
      failSyncs();
    }
  }

  private FaultyDisk afterPowerCut(FaultyDisk disk) {
    return disk.after(FaultyDisk.Crash.anyPowerCut(scheduler.random()), scheduler.random());
  }

  private void forEach(java.util.function.Consumer<FaultyDisk> action) {
    logs.forEach(action);
    action.accept(snapshots);
  }
}
