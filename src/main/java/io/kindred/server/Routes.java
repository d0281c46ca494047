package io.kindred.server;

import io.kindred.membership.ClusterView;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Shards;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Where each shard is served, worked out once for a view of the cluster: the owner in this node's
 * own rack first, then those of the other racks, each only while it serves.
 */
final class Routes {

  /** One node to try. */
  record Stop(Member member, boolean isSelf) {}

  private final ClusterView view;
  private final List<List<Stop>> stops;

  private Routes(ClusterView view, List<List<Stop>> stops) {
    this.view = view;
    this.stops = stops;
  }

  static Routes of(ClusterView view) {
    List<List<Stop>> stops = new ArrayList<>();
    if (view.ring().isPresent()) {
      Ring ring = view.ring().get();
      for (int shard = 0; shard < ring.shards().count(); shard++) {
        stops.add(stopsOf(view, ring, shard));
      }
    }
    return new Routes(view, stops);
  }

  private static List<Stop> stopsOf(ClusterView view, Ring ring, int shard) {
    List<Stop> own = new ArrayList<>();
    List<Stop> others = new ArrayList<>();
    for (Map.Entry<String, List<io.kindred.ring.Seat>> row : ring.seats().entrySet()) {
      NodeId owner = row.getValue().get(shard).owner();
      if (view.serves(owner)) {
        boolean isSelf = owner.equals(view.self().id());
        boolean isOwnRack = row.getKey().equals(view.self().rack());
        (isOwnRack ? own : others).add(new Stop(ring.member(owner).orElseThrow(), isSelf));
      }
    }
    // Otherwise one rack would carry all the shards that another one lost.
    if (!others.isEmpty()) {
      Collections.rotate(others, shard);
    }
    own.addAll(others);
    return List.copyOf(own);
  }

  /** The view that this was worked out for. */
  ClusterView view() {
    return view;
  }

  /** Whether each shard is served by somebody. */
  boolean isWhole() {
    return stops.stream().noneMatch(List::isEmpty);
  }

  /** How many shards there are; 0 until the cluster has formed. */
  int shardCount() {
    return stops.size();
  }

  Shards shards() {
    return view.ring().orElseThrow().shards();
  }

  /** The nodes to try for a shard, in that order; none where nobody serves it. */
  List<Stop> stops(int shard) {
    return stops.get(shard);
  }

  /**
   * The nodes that put a shard's commands in order, the first of them as long as it serves: the
   * same at whatever node one asks, where all see the same masters.
   */
  List<Stop> order(int shard) {
    Ring ring = view.ring().orElseThrow();
    List<NodeId> owners = new ArrayList<>(ring.owners(shard));
    Collections.rotate(owners, -shard);
    List<Stop> order = new ArrayList<>(stops(shard));
    order.sort(Comparator.comparingInt(stop -> owners.indexOf(stop.member().id())));
    return order;
  }

  /** Says that a shard is not served, why, and what to do. */
  String notServed(int shard) {
    Ring ring = view.ring().orElseThrow();
    StringBuilder text = new StringBuilder("shard ").append(shard);
    text.append(" (slots ").append(ring.shards().firstSlot(shard)).append('-');
    text.append(ring.shards().lastSlot(shard)).append(") is not served: ");
    ring.seats()
        .forEach(
            (rack, row) -> {
              NodeId owner = row.get(shard).owner();
              text.append(rack).append(": ").append(owner.name()).append(' ');
              text.append(stateOf(owner)).append("; ");
            });
    return text.append("try again, and see KINDRED NODES").toString();
  }

  private String stateOf(NodeId owner) {
    if (!view.reachable().contains(owner)) {
      return "is out of reach";
    }
    return view.serves(owner) ? "does not take it at the moment" : "is " + view.phase(owner);
  }
}
