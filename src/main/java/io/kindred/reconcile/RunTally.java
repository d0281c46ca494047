package io.kindred.reconcile;

import io.kindred.reconcile.RunReport.NodeReport;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Adds up what a run has seen and done, and who no longer takes part in it. One run's, for one
 * thread.
 *
 * <p>A participant that was left out once stays out for the rest of the run: it would cost each
 * further step a deadline.
 */
public final class RunTally {

  private static final class Row {
    private String skipped = "";
    private String remark = "";
    private long missing;
    private long stale;
    private long superseded;
    private int shardsCompared;
    private int shardsUnproven;
    private final Set<Integer> damaged = new HashSet<>();
  }

  private final RunPlan plan;
  private final long startedAtMillis;
  private final SortedMap<NodeId, Row> rows = new TreeMap<>();
  private final Set<Integer> repaired = new HashSet<>();
  private final Map<NodeId, String> unrepaired = new HashMap<>();
  private int shardsDone;
  private int shardsInSync;
  private int shardsNotCompared;
  private int slotsCompared;
  private int slotsDiffering;
  private int slotsStillDiffering;
  private long bytesListed;
  private long bytesRecommended;

  /** Nothing seen yet; participants that the plan's ring does not know are left out at once. */
  public RunTally(RunPlan plan, long startedAtMillis) {
    this.plan = plan;
    this.startedAtMillis = startedAtMillis;
    for (NodeId node : plan.participants()) {
      Row row = new Row();
      if (plan.ring().known(node).isEmpty()) {
        row.skipped = "not a member of ring epoch " + plan.ring().epoch();
      }
      rows.put(node, row);
    }
  }

  /** Who still takes part in the comparison of these shards. */
  public Roster roster(Collection<Integer> shards) {
    SortedMap<Integer, List<NodeId>> byShard = new TreeMap<>();
    for (int shard : shards) {
      byShard.put(shard, remaining(shard));
    }
    return new Roster(plan.ring().shards(), byShard);
  }

  private List<NodeId> remaining(int shard) {
    return plan.participantsOf(shard).stream()
        .filter(node -> rows.get(node).skipped.isEmpty())
        .toList();
  }

  /** A participant takes no further part; the first reason counts. */
  public void skip(NodeId node, String reason) {
    Row row = rows.get(node);
    if (row.skipped.isEmpty()) {
      row.skipped = reason;
    }
  }

  /** Something to be known of a participant that does not end its part; the first one counts. */
  public void remark(NodeId node, String remark) {
    Row row = rows.get(node);
    if (row.remark.isEmpty()) {
      row.remark = remark;
    }
  }

  /**
   * A participant's disk lost something of these shards. It takes part: what it still has is given
   * to the others, and it is repaired. But what it lost may be nowhere else among those compared,
   * so for anyone but itself it counts as absent, unless all owners that the ring names are there
   * to the end, and so few of them damaged that every majority has one that is not: then whatever a
   * majority had taken is there.
   */
  public void damaged(NodeId node, Collection<Integer> shards) {
    rows.get(node).damaged.addAll(shards);
  }

  /**
   * A target did not take what it lacks; the first reason counts. It takes part all the same, since
   * what it holds is compared with what the others hold, but is sent nothing more: each delivery
   * would cost a deadline.
   */
  public void notRepaired(NodeId node, String reason) {
    unrepaired.putIfAbsent(node, "did not take what it lacks: " + reason);
  }

  /** Who is still to be repaired. */
  public List<NodeId> targets() {
    return plan.targets().stream().filter(node -> !unrepaired.containsKey(node)).toList();
  }

  /** So many slots had their digests compared, and of them so many differed. */
  public void compared(int slots, int differing) {
    slotsCompared += slots;
    slotsDiffering += differing;
  }

  /** So many of the slots that differed do so again. */
  public void stillDiffering(int slots) {
    slotsStillDiffering += slots;
  }

  public void listed(long bytes) {
    bytesListed += bytes;
  }

  public void recommended(long bytes) {
    bytesRecommended += bytes;
  }

  /** What became of elements of one shard that were recommended to a node. */
  public void merged(NodeId node, int shard, long added, long replaced, long superseded) {
    Row row = rows.get(node);
    row.missing += added;
    row.stale += replaced;
    row.superseded += superseded;
    if (added + replaced > 0) {
      repaired.add(shard);
    }
  }

  /** The run is done with these shards, with whoever takes part to this moment. */
  public void done(Collection<Integer> shards) {
    for (int shard : shards) {
      List<NodeId> stayed = remaining(shard);
      List<NodeId> lacking = stayed.stream().filter(unrepaired::containsKey).toList();
      boolean compared = stayed.size() >= 2;
      List<NodeId> named = plan.participantsOf(shard);
      shardsDone++;
      if (!compared) {
        shardsNotCompared++;
      } else if (!repaired.contains(shard) && lacking.isEmpty()) {
        shardsInSync++;
      }
      if (compared) {
        stayed.forEach(node -> rows.get(node).shardsCompared++);
      }
      if (!compared || stayed.size() < named.size()) {
        named.forEach(node -> rows.get(node).shardsUnproven++);
      } else {
        SortedSet<NodeId> unproven = new TreeSet<>(lacking);
        unproven.addAll(withoutEvidence(shard, stayed));
        unproven.forEach(node -> rows.get(node).shardsUnproven++);
      }
    }
  }

  private List<NodeId> withoutEvidence(int shard, List<NodeId> stayed) {
    List<NodeId> owners = plan.ring().owners(shard);
    List<NodeId> damaged =
        stayed.stream().filter(node -> rows.get(node).damaged.contains(shard)).toList();
    int majority = owners.size() / 2 + 1;
    if (stayed.containsAll(owners) && damaged.size() < majority) {
      return List.of();
    }
    List<NodeId> without =
        stayed.stream()
            .filter(node -> damaged.stream().anyMatch(other -> !other.equals(node)))
            .toList();
    without.forEach(
        node ->
            remark(
                node,
                damaged + " lost something of shard " + shard + ", and others may have had it"));
    return without;
  }

  /** Whether nothing at all could be compared, although there was something to. */
  public boolean comparedNothing() {
    return shardsDone > 0 && shardsNotCompared == shardsDone;
  }

  /** What stands so far. */
  public RunReport report(RunReport.State state, long nowMillis, String reason) {
    List<NodeReport> nodes = new ArrayList<>();
    rows.forEach((node, row) -> nodes.add(nodeReport(node, row)));
    return new RunReport(
        plan.id(),
        state,
        startedAtMillis,
        Math.max(0, nowMillis - startedAtMillis),
        shardsDone,
        plan.shards().size(),
        shardsInSync,
        shardsNotCompared,
        slotsCompared,
        slotsDiffering,
        slotsStillDiffering,
        nodes,
        bytesListed,
        bytesRecommended,
        reason);
  }

  private NodeReport nodeReport(NodeId node, Row row) {
    return new NodeReport(
        node,
        plan.ring().known(node).map(Member::rack).orElse(""),
        row.skipped,
        row.missing,
        row.stale,
        row.superseded,
        row.shardsCompared,
        row.shardsUnproven,
        unrepaired.getOrDefault(node, row.remark));
  }
}
