package io.kindred.management;

import io.kindred.management.WarmUpsPage.WarmUpRow;
import io.kindred.membership.ClockStatus;
import io.kindred.membership.ClusterView;
import io.kindred.reconcile.RunReport;
import io.kindred.ring.NodeId;
import io.kindred.storage.actor.NodeProtocol.NodeStats;
import io.kindred.storage.actor.SnapshotStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;

/**
 * Where the pages get what they tell. Every stage ends within the deadline of its source; one that
 * fails is told as a {@link Problem}.
 */
public interface Sources {

  /** What this node knows of the cluster, at once. */
  ClusterView view();

  /** How far this node knows the others' clocks to be off, at once. */
  ClockStatus clocks();

  /** What the nodes tell of themselves; those that do not answer in time are missing. */
  CompletionStage<Map<NodeId, NodeStats>> stats();

  /** One row a node, sorted by node. */
  CompletionStage<List<WarmUpRow>> warmUps();

  /** The runs that the engine remembers, the newest first. */
  CompletionStage<List<RunReport>> reconciliations();

  /** One of them, empty where it is not remembered. */
  CompletionStage<Optional<RunReport>> reconciliation(String id);

  /** Starts a run, or answers with the one that is going on. */
  CompletionStage<RunReport> reconcile();

  /** What would be lost if a lost or former node were forgotten; by name, or as name#store. */
  CompletionStage<LossPage> forgetting(String node);

  /** Has the ring forget it. */
  CompletionStage<LossPage.Done> forget(String node);

  /** What would be lost if the voters in reach went on without the others. */
  CompletionStage<LossPage> recovering();

  /**
   * Has them go on.
   *
   * @param without whom the operator was told it would leave out: refused where it is others by now
   */
  CompletionStage<LossPage.Done> recover(SortedSet<String> without);

  /** How this node's snapshots stand. */
  CompletionStage<SnapshotStatus> snapshots();

  /** Has this node write the snapshots of all its shards, now. */
  CompletionStage<SnapshotStatus> startSnapshots();
}
