package io.kindred.reconcile;

import io.kindred.ring.NodeId;
import io.kindred.ring.Shards;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who still takes part in the comparison of some shards. Invariant: of each shard there are at
 * least two; a shard with fewer has nothing to be compared with and is not on the roster.
 *
 * @param shards how slots fall into shards
 * @param byShard the nodes compared, shard by shard
 */
public record Roster(Shards shards, SortedMap<Integer, List<NodeId>> byShard) {

  public Roster {
    SortedMap<Integer, List<NodeId>> kept = new TreeMap<>();
    byShard.forEach(
        (shard, nodes) -> {
          if (nodes.size() >= 2) {
            kept.put(shard, List.copyOf(nodes));
          }
        });
    byShard = Collections.unmodifiableSortedMap(kept);
  }

  /** What remains once some nodes take no further part. */
  public Roster without(Set<NodeId> gone) {
    SortedMap<Integer, List<NodeId>> left = new TreeMap<>();
    byShard.forEach(
        (shard, nodes) ->
            left.put(shard, nodes.stream().filter(node -> !gone.contains(node)).toList()));
    return new Roster(shards, left);
  }

  /** What remains if only the shards of these slots count. */
  public Roster ofSlots(Collection<Integer> slots) {
    SortedMap<Integer, List<NodeId>> left = new TreeMap<>(byShard);
    left.keySet().retainAll(slots.stream().map(shards::shardOf).collect(Collectors.toSet()));
    return new Roster(shards, left);
  }

  /** Everybody who takes part in any shard, ascending. */
  public List<NodeId> nodes() {
    return byShard.values().stream().flatMap(List::stream).distinct().sorted().toList();
  }

  /** Who takes part in the comparison of a slot; empty where it is not compared. */
  public List<NodeId> ofSlot(int slot) {
    return byShard.getOrDefault(shards.shardOf(slot), List.of());
  }

  /** The shards in which a node takes part. */
  public List<Integer> shardsOf(NodeId node) {
    return byShard.entrySet().stream()
        .filter(row -> row.getValue().contains(node))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether two nodes are compared with each other anywhere. */
  public boolean areCompared(NodeId one, NodeId other) {
    return byShard.values().stream()
        .anyMatch(nodes -> nodes.contains(one) && nodes.contains(other));
  }
}
