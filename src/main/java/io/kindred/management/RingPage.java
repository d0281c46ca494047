package io.kindred.management;

import io.kindred.membership.ClusterView;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Seat;
import io.kindred.ring.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * {@code GET /kindred/v1/ring}: who owns what.
 *
 * @param formed whether there is a ring yet; all else is empty or 0 where there is none
 * @param id of the ring, in hexadecimal
 * @param epoch how many decisions it has seen
 * @param slotsPerShard of 16,384 in all
 * @param spares members without a seat
 * @param former nodes that lost their seats and are not forgotten
 */
public record RingPage(
    boolean formed,
    String id,
    long epoch,
    String datacenter,
    int shards,
    int slotsPerShard,
    List<RackRow> racks,
    List<NodeId> spares,
    List<NodeId> former) {

  /** One rack's full copy: how many of its shards are served now, and by whom it is held. */
  public record RackRow(String name, int shardsServed, List<OwnerRow> owners) {}

  /**
   * One owner.
   *
   * @param serves whether it answers clients now
   * @param successor who is to take over, while a replacement warms up
   */
  public record OwnerRow(
      NodeId node,
      boolean serves,
      int shardsOwned,
      List<ShardRange> ranges,
      Optional<NodeId> successor) {}

  /**
   * Shards {@code first} to {@code last}, which are the slots {@code firstSlot} to {@code
   * lastSlot}.
   */
  public record ShardRange(int first, int last, int firstSlot, int lastSlot) {}

  public static RingPage of(ClusterView view) {
    return view.ring()
        .map(ring -> of(view, ring))
        .orElseGet(() -> new RingPage(false, "", 0, "", 0, 0, List.of(), List.of(), List.of()));
  }

  private static RingPage of(ClusterView view, Ring ring) {
    return new RingPage(
        true,
        Long.toHexString(ring.id()),
        ring.epoch(),
        ring.datacenter(),
        ring.shards().count(),
        ring.shards().slotsPerShard(),
        ring.racks().stream().map(rack -> rack(view, ring, rack)).toList(),
        ring.members().stream().map(Member::id).filter(id -> ring.ownedBy(id).isEmpty()).toList(),
        ring.former().stream().map(Member::id).toList());
  }

  private static RackRow rack(ClusterView view, Ring ring, String rack) {
    List<OwnerRow> owners =
        ring.seats().get(rack).stream()
            .map(Seat::owner)
            .distinct()
            .map(owner -> owner(view, ring, rack, owner))
            .toList();
    int served = owners.stream().filter(OwnerRow::serves).mapToInt(OwnerRow::shardsOwned).sum();
    return new RackRow(rack, served, owners);
  }

  private static OwnerRow owner(ClusterView view, Ring ring, String rack, NodeId owner) {
    SortedSet<Integer> owned = ring.ownedBy(owner);
    return new OwnerRow(
        owner,
        view.serves(owner),
        owned.size(),
        ranges(ring.shards(), owned),
        ring.seat(rack, owned.first()).successor());
  }

  /** Runs of neighbouring shards, ascending. */
  static List<ShardRange> ranges(Shards shards, SortedSet<Integer> owned) {
    List<ShardRange> ranges = new ArrayList<>();
    int first = -1;
    int last = -1;
    for (int shard : owned) {
      if (first >= 0 && shard != last + 1) {
        ranges.add(range(shards, first, last));
        first = shard;
      }
      first = first < 0 ? shard : first;
      last = shard;
    }
    if (first >= 0) {
      ranges.add(range(shards, first, last));
    }
    return ranges;
  }

  private static ShardRange range(Shards shards, int first, int last) {
    return new ShardRange(first, last, shards.firstSlot(first), shards.lastSlot(last));
  }
}
