package io.kindred.management;

import io.kindred.membership.ClusterView;
import io.kindred.reconcile.RunReport;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import io.kindred.ring.Seat;
import io.kindred.ring.Shards;
import io.kindred.storage.actor.NodeProtocol.FeedLag;
import io.kindred.storage.actor.NodeProtocol.NodeStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A small cluster to tell of: two racks, two nodes each, which split four shards. */
public final class Sample {

  public static final NodeId NODE_1 = new NodeId("node-1", 0x11);
  public static final NodeId NODE_2 = new NodeId("node-2", 0x12);
  public static final NodeId NODE_3 = new NodeId("node-3", 0x13);
  public static final NodeId NODE_4 = new NodeId("node-4", 0x14);

  private Sample() {}

  public static Member member(NodeId id, String rack, int number) {
    return new Member(id, rack, "127.0.0.1", 17100 + number, 18100 + number, 19100 + number);
  }

  public static Ring ring() {
    SortedMap<String, List<Seat>> seats = new TreeMap<>();
    seats.put("rack-1", row(NODE_1, NODE_2));
    seats.put("rack-2", row(NODE_3, NODE_4));
    return new Ring(
        -1,
        7,
        "dc-1",
        new Shards(4),
        List.of(
            member(NODE_1, "rack-1", 1),
            member(NODE_2, "rack-1", 2),
            member(NODE_3, "rack-2", 3),
            member(NODE_4, "rack-2", 4)),
        List.of(),
        seats);
  }

  private static List<Seat> row(NodeId first, NodeId second) {
    return new ArrayList<>(
        List.of(Seat.of(first), Seat.of(first), Seat.of(second), Seat.of(second)));
  }

  /** As node-1 sees it; all are masters in reach but those named. */
  public static ClusterView view(Set<NodeId> outOfReach, Map<NodeId, Phase> otherPhases) {
    Map<NodeId, Phase> phases = new HashMap<>();
    List.of(NODE_1, NODE_2, NODE_3, NODE_4).forEach(id -> phases.put(id, Phase.MASTER));
    phases.putAll(otherPhases);
    Set<NodeId> reachable = new java.util.HashSet<>(phases.keySet());
    reachable.removeAll(outOfReach);
    return new ClusterView(member(NODE_1, "rack-1", 1), Optional.of(ring()), phases, reachable);
  }

  /** Before there is a ring. */
  public static ClusterView alone() {
    return new ClusterView(member(NODE_1, "rack-1", 1), Optional.empty(), Map.of(), Set.of(NODE_1));
  }

  public static NodeStats stats(NodeId id) {
    return new NodeStats(
        id,
        Phase.MASTER,
        2,
        12_345,
        67,
        8_000_000,
        100 << 20,
        512 << 20,
        3,
        1_000_000,
        10,
        25_000.5,
        60_000,
        3,
        5,
        0,
        List.of(new FeedLag(NODE_4, 4096, 0, 1, 70_000, 100_000)));
  }

  public static RunReport report(String id, RunReport.State state) {
    return new RunReport(
        id,
        state,
        1_790_000_000_000L,
        1234,
        state == RunReport.State.RUNNING ? 2 : 4,
        4,
        2,
        0,
        16384,
        5,
        0,
        List.of(
            new RunReport.NodeReport(NODE_1, "rack-1", "", 0, 0, 0, 2, 0, ""),
            new RunReport.NodeReport(NODE_3, "rack-2", "", 41, 2, 1, 2, 0, "")),
        5000,
        2500,
        state == RunReport.State.FAILED ? "no owner answered" : "");
  }
}
