package io.kindred.warmup;

import io.kindred.reconcile.RunReport;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * When a node counts as complete. A write acknowledged by a majority of the racks must be found, so
 * a node compares itself with so many other owners that at least one of them was in every majority;
 * the owner in its own rack, whose copy it replaces, may have been the other. Counted are owners
 * that the ring names, not those that happen to be in reach.
 */
public final class Proof {

  private Proof() {}

  /**
   * With how many owners in other racks a copy must be equal.
   *
   * @param racks how many racks the ring has, at least 1
   */
  public static int othersNeeded(int racks) {
    if (racks < 1) {
      throw new IllegalArgumentException("a ring has at least one rack: " + racks);
    }
    int majority = racks / 2 + 1;
    return Math.min(racks - 1, racks - majority + 1);
  }

  /**
   * Everybody with whom a comparison of these shards is to be made: their owners elsewhere, but for
   * those that an operator has forgotten.
   */
  public static SortedSet<NodeId> others(Ring ring, String ownRack, Collection<Integer> shards) {
    SortedSet<NodeId> others = new TreeSet<>();
    for (String rack : ring.racks()) {
      if (!rack.equals(ownRack)) {
        shards.forEach(shard -> others.add(ring.seat(rack, shard).owner()));
      }
    }
    others.removeIf(ring::isForgotten);
    return others;
  }

  /**
   * Whom a proof lacks if only some owners take part: those others that do not, wherever one shard
   * has too few that do; none where the proof can be had. Those whose loss an operator accepted by
   * name are not needed.
   */
  public static SortedSet<NodeId> lacking(
      Ring ring, String ownRack, Collection<Integer> shards, Predicate<NodeId> takesPart) {
    int needed = othersNeeded(ring.racks().size());
    SortedSet<NodeId> lacking = new TreeSet<>();
    for (int shard : shards) {
      SortedSet<NodeId> others = others(ring, ownRack, List.of(shard));
      List<NodeId> absent = new ArrayList<>(others);
      absent.removeIf(takesPart);
      // Within one shard the owners are of different racks, so they count one by one.
      if (others.size() - absent.size() < Math.min(needed, others.size())) {
        lacking.addAll(absent);
      }
    }
    return lacking;
  }

  /**
   * What a finished comparison means for the node {@code self} that wanted to be compared. Both
   * what the run says of that node and what it says of each other owner must bear the proof.
   */
  public static WarmUpEvent judge(
      Ring ring, NodeId self, String ownRack, SortedSet<Integer> shards, RunReport report) {
    if (report.state() != RunReport.State.COMPLETED) {
      return new WarmUpEvent.ProofLacking("the comparison failed: " + report.reason());
    }
    if (!tookPart(report, self, shards.size())) {
      return new WarmUpEvent.ProofLacking("this node itself" + reason(report, self));
    }
    long repaired = repaired(report, self);
    if (repaired > 0) {
      return new WarmUpEvent.DifferenceRepaired(repaired);
    }
    SortedSet<NodeId> lacking =
        lacking(ring, ownRack, shards, node -> tookPart(ring, node, shards, report));
    if (!lacking.isEmpty()) {
      List<String> names = lacking.stream().map(node -> node + reason(report, node)).toList();
      return new WarmUpEvent.ProofLacking(String.join(", ", names));
    }
    if (!report.provesComplete(self)) {
      return new WarmUpEvent.ProofLacking("owners in every shard" + reason(report, self));
    }
    return new WarmUpEvent.ProofGiven(others(ring, ownRack, shards).size());
  }

  private static boolean tookPart(
      Ring ring, NodeId node, SortedSet<Integer> shards, RunReport report) {
    SortedSet<Integer> asked = new TreeSet<>(ring.ownedBy(node));
    asked.retainAll(shards);
    return tookPart(report, node, asked.size());
  }

  private static boolean tookPart(RunReport report, NodeId node, int shards) {
    return report.nodes().stream()
        .anyMatch(
            row ->
                row.node().equals(node)
                    && row.skipped().isEmpty()
                    && row.shardsCompared() >= shards);
  }

  private static long repaired(RunReport report, NodeId node) {
    return report.nodes().stream()
        .filter(row -> row.node().equals(node))
        .mapToLong(row -> row.missing() + row.stale())
        .sum();
  }

  private static String reason(RunReport report, NodeId node) {
    return report.nodes().stream()
        .filter(row -> row.node().equals(node))
        .map(row -> row.skipped().isEmpty() ? row.remark() : row.skipped())
        .filter(reason -> !reason.isEmpty())
        .map(reason -> " (" + reason + ")")
        .findFirst()
        .orElse("");
  }
}
