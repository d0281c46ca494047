package io.kindred.management;

import io.kindred.membership.ClusterView;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import java.util.List;

/**
 * {@code GET /kindred/v1/status}: how the answering node is, and how the cluster looks from it.
 * Told from memory alone, so it is quick and can be asked often.
 *
 * @param node the answering node
 * @param serves whether it answers clients
 * @param formed whether there is a ring
 * @param whole whether every shard is served in every rack
 * @param membersReachable of {@code membersAll} in the ring
 */
public record StatusPage(
    NodeId node,
    String rack,
    Phase phase,
    boolean serves,
    boolean formed,
    boolean whole,
    String datacenter,
    long epoch,
    int membersReachable,
    int membersAll,
    List<RackRow> racks) {

  /** How many of a rack's shards are served. */
  public record RackRow(String name, int shardsServed, int shardsAll) {}

  public static StatusPage of(ClusterView view) {
    RingPage ring = RingPage.of(view);
    List<RackRow> racks =
        ring.racks().stream()
            .map(rack -> new RackRow(rack.name(), rack.shardsServed(), ring.shards()))
            .toList();
    List<NodeId> members = view.ring().map(known -> known.voters()).orElse(List.of());
    return new StatusPage(
        view.self().id(),
        view.self().rack(),
        view.phase(view.self().id()),
        view.serves(view.self().id()),
        ring.formed(),
        ring.formed() && racks.stream().allMatch(rack -> rack.shardsServed() == rack.shardsAll()),
        ring.datacenter(),
        ring.epoch(),
        (int) members.stream().filter(view.reachable()::contains).count(),
        members.size(),
        racks);
  }
}
