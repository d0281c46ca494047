package io.kindred.simulation;

import io.kindred.entry.HybridClock;
import io.kindred.replication.FeedStatus;
import io.kindred.replication.WatermarkRow;
import io.kindred.replication.Watermarks;
import io.kindred.ring.NodeId;
import io.kindred.storage.ExpirySweep;
import io.kindred.storage.LogFailedException;
import io.kindred.storage.Shard;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.function.ToLongFunction;

/** One node's watermarks in one boot: {@link Watermarks} decides, this asks, tells and sweeps. */
final class SimulatedWatermark {

  /** Short, so that a run has many steps. */
  private static final long MARGIN_MILLIS = 150;

  private static final long STEP_MILLIS = 200;
  private static final long IN_FLIGHT_MILLIS = 100;

  private final Simulation simulation;
  private final SimulatedNode node;
  private final List<SimulatedLane> lanes;
  private final Watermarks marks;
  private final List<Watermarks.Move> pending = new ArrayList<>();

  SimulatedWatermark(
      Simulation simulation,
      SimulatedNode node,
      List<SimulatedLane> lanes,
      Watermarks.Stored stored) {
    this.simulation = simulation;
    this.node = node;
    this.lanes = lanes;
    this.marks =
        new Watermarks(
            node.id(), simulation.ring().shards().count(), lanes.size(), IN_FLIGHT_MILLIS, stored);
    marks.follow(simulation.ring(), simulation.millis());
    boolean uncleanStop = node.boot() > 1;
    if (uncleanStop) {
      marks.tailMayBeLost(simulation.millis());
    }
  }

  private Sabotage sabotage() {
    return simulation.plan().sabotage();
  }

  void hear(NodeId from, long epoch, Collection<WatermarkRow> rows) {
    marks.hear(from, epoch, rows);
  }

  void reconciled(SortedSet<NodeId> whole, long startedAtMillis) {
    marks.reconciled(whole, startedAtMillis);
  }

  /** Now and then: promises, adopts, tells, purges. */
  void tick(boolean diskTakes) {
    lanes.forEach(this::promise);
    marks.synced(positions(SimulatedLane::synced), status());
    List<Watermarks.Move> moves =
        marks.turn(
            shard -> node.isServing(),
            positions(SimulatedLane::end),
            positions(SimulatedLane::synced),
            HybridClock.ofMillis(STEP_MILLIS));
    pending.addAll(moves);
    if (diskTakes) {
      node.store(marks.toStore(node.generation()));
      pending.forEach(this::carryOut);
      pending.clear();
      List<WatermarkRow> rows = List.copyOf(marks.rows());
      for (SimulatedNode other : simulation.nodes()) {
        if (other != node) {
          node.send(
              other.id(), there -> there.watermark().hear(node.id(), SimulatedNode.EPOCH, rows));
        }
      }
    }
    sweep();
  }

  private void promise(SimulatedLane lane) {
    Map<Integer, Long> adopted = new HashMap<>();
    long floor;
    long clock;
    for (int shard = lane.number(); shard < marks.rows().size(); shard += lanes.size()) {
      adopted.put(shard, node.shard(shard).store().knownTo());
      marks.waits(
          shard,
          node.shard(shard).store().tombstoneCount() > 0
              || node.shard(shard).store().expiringCount() > 0);
    }
    try {
      floor = node.shard(lane.number()).floor(MARGIN_MILLIS);
      clock = node.shard(lane.number()).clockTime();
    } catch (UncheckedIOException diskFails) {
      return;
    }
    long promised = floor;
    long time = clock;
    lane.afterCommit(() -> marks.promise(lane.end(), promised, time, adopted), reason -> {});
  }

  private List<Long> positions(ToLongFunction<SimulatedLane> of) {
    return lanes.stream().map(of::applyAsLong).toList();
  }

  private FeedStatus status() {
    List<FeedStatus.Peer> peers = new ArrayList<>();
    for (SimulatedNode other : simulation.nodes()) {
      if (other != node && node.feed(other.id(), 0) != null) {
        List<FeedStatus.Lane> rows = new ArrayList<>();
        boolean diverged = false;
        for (SimulatedLane lane : lanes) {
          SimulatedFeed feed = node.feed(other.id(), lane.number());
          diverged |= feed.isDiverged();
          rows.add(new FeedStatus.Lane(lane.end(), feed.cursor()));
        }
        peers.add(
            new FeedStatus.Peer(
                other.id(), rows, diverged ? OptionalLong.of(1) : OptionalLong.empty(), 0, 0));
      }
    }
    return new FeedStatus(node.id(), SimulatedNode.EPOCH, peers);
  }

  private void carryOut(Watermarks.Move move) {
    Shard shard = node.shard(move.shard());
    if (move.forget()) {
      throw new IllegalStateException("an owner never forgets what it adopted: " + move);
    }
    shard.adopt(move.adopted());
    shard.purgeUpTo(move.step());
  }

  /** Takes out what can go, all of it, as nobody waits here. */
  boolean sweep() {
    boolean went = false;
    for (int number = 0; number < marks.rows().size(); number++) {
      Shard shard = node.shard(number);
      if (sabotage() == Sabotage.PURGED_BY_AGE) {
        shard.purgeUpTo(Math.max(1, HybridClock.ofMillis(node.millis() - STEP_MILLIS)));
      }
      boolean more = shard.failure() == null && shard.knownToAll() > 0;
      while (more) {
        ExpirySweep sweep = new ExpirySweep(shard);
        long before = shard.store().tombstoneCount();
        more = swept(sweep);
        if (!more && sweep.isDone()) {
          shard.purged(sweep.limit());
        }
        if (shard.store().tombstoneCount() < before) {
          simulation.happened(Happening.PURGED);
        }
        went |= more;
      }
    }
    return went;
  }

  /** Whether another sweep may find something. */
  private static boolean swept(ExpirySweep sweep) {
    try {
      while (!sweep.isDone()) {
        sweep.turn();
      }
    } catch (UncheckedIOException | LogFailedException diskFails) {
      sweep.leaveOff();
      return false;
    }
    return !sweep.foundNothing();
  }
}
