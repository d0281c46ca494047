package io.kindred.management;

import io.kindred.membership.ClockOffset;
import io.kindred.membership.ClockStatus;
import io.kindred.membership.ClusterView;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import io.kindred.storage.actor.NodeProtocol.NodeStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /kindred/v1/nodes}: every member of the ring, former nodes that are not drained yet,
 * and this node where it is none of them.
 *
 * @param askedOf the node that answers; {@code reachable} is its opinion
 */
public record NodesPage(NodeId askedOf, List<NodeRow> nodes) {

  /**
   * One node.
   *
   * @param standing what it is in the ring
   * @param reachable whether the answering node hears it
   * @param serves whether it answers clients
   * @param shardsOwned seats of the ring that are its own
   * @param shardsSucceeding seats that it is to take over
   * @param clock how far its clock is from the answering node's; empty where that is not known
   * @param fenced whether it refuses its clients' writes because of its clock
   * @param stats what it told of itself; empty where it did not answer in time
   */
  public record NodeRow(
      NodeId node,
      String datacenter,
      String rack,
      String host,
      int clientPort,
      int managementPort,
      int arteryPort,
      Phase phase,
      Standing standing,
      boolean reachable,
      boolean serves,
      int shardsOwned,
      int shardsSucceeding,
      Optional<ClockOffset> clock,
      boolean fenced,
      Optional<NodeStats> stats) {}

  /** What a node is in the ring. */
  public enum Standing {
    /** It owns shards. */
    OWNER,
    /** It owns none, and waits or is warming up. */
    SPARE,
    /** It is not expected back, and nobody has taken its seats yet. */
    LOST,
    /** The same, and an operator gave it up for good. */
    FORGOTTEN,
    /** It lost its seats, and may hold what nobody else has. */
    FORMER,
    /** It has not joined. */
    NONE;

    static Standing of(ClusterView view, NodeId id) {
      if (view.ring().isEmpty()) {
        return NONE;
      }
      Ring ring = view.ring().get();
      if (ring.isForgotten(id)) {
        return FORGOTTEN;
      }
      if (ring.isLost(id)) {
        return LOST;
      }
      if (ring.isFormer(id)) {
        return FORMER;
      }
      if (ring.member(id).isEmpty()) {
        return NONE;
      }
      return ring.ownedBy(id).isEmpty() ? SPARE : OWNER;
    }
  }

  /** Sorted by node. */
  static NodesPage of(ClusterView view, ClockStatus clocks, Map<NodeId, NodeStats> stats) {
    List<NodeRow> rows = new ArrayList<>();
    for (Member member : members(view)) {
      rows.add(row(view, clocks, member, Optional.ofNullable(stats.get(member.id()))));
    }
    return new NodesPage(view.self().id(), rows);
  }

  /** The ring's members and former nodes, and the answering node itself. */
  static List<Member> members(ClusterView view) {
    List<Member> members = new ArrayList<>(view.ring().map(Ring::members).orElse(List.of()));
    view.ring().ifPresent(ring -> members.addAll(ring.former()));
    if (members.stream().noneMatch(member -> member.id().equals(view.self().id()))) {
      members.add(view.self());
    }
    return members;
  }

  private static NodeRow row(
      ClusterView view, ClockStatus clocks, Member member, Optional<NodeStats> stats) {
    NodeId id = member.id();
    NodeId self = view.self().id();
    return new NodeRow(
        id,
        view.ring().map(Ring::datacenter).orElse(""),
        member.rack(),
        member.host(),
        member.clientPort(),
        member.managementPort(),
        member.arteryPort(),
        view.phase(id),
        Standing.of(view, id),
        view.reachable().contains(id),
        view.serves(id),
        view.ring().map(ring -> ring.ownedBy(id).size()).orElse(0),
        view.ring().map(ring -> ring.succeededBy(id).size()).orElse(0),
        clocks.offset(id, self),
        clocks.isFenced(id, self),
        stats);
  }
}
