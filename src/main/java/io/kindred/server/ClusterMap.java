package io.kindred.server;

import io.kindred.entry.Slot;
import io.kindred.membership.ClusterView;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cluster as cluster-aware clients see it through one node: the owners of its rack, as masters
 * without replicas. Where an owner cannot serve, the node itself stands in its place: it forwards
 * to another rack, and clients do not run against a closed door.
 */
final class ClusterMap {

  /** A range of slots, both ends included, and where clients should go with it. */
  record Range(int first, int last, Member member) {}

  private final ClusterView view;

  ClusterMap(ClusterView view) {
    this.view = view;
  }

  /** A node's id as Redis Cluster has it: 40 hexadecimal digits, always the same for a node. */
  static String idOf(NodeId id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(id.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java platform has SHA-1", missing);
    }
  }

  boolean isFormed() {
    return view.ring().isPresent();
  }

  Member self() {
    return view.self();
  }

  /** All slots, ascending, neighbours of one node in one range; none before the cluster formed. */
  List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    if (view.ring().isEmpty()) {
      return ranges;
    }
    Ring ring = view.ring().get();
    for (int shard = 0; shard < ring.shards().count(); shard++) {
      Member member = shownOwner(ring, shard);
      int first = ring.shards().firstSlot(shard);
      int last = ring.shards().lastSlot(shard);
      Range before = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (before != null && before.member().equals(member)) {
        ranges.set(ranges.size() - 1, new Range(before.first(), last, member));
      } else {
        ranges.add(new Range(first, last, member));
      }
    }
    return ranges;
  }

  private Member shownOwner(Ring ring, int shard) {
    if (!ring.seats().containsKey(view.self().rack())) {
      return view.self();
    }
    NodeId owner = ring.seat(view.self().rack(), shard).owner();
    return view.serves(owner) ? ring.member(owner).orElseThrow() : view.self();
  }

  /** The ranges of each node, this node first. */
  Map<Member, List<Range>> byMember() {
    Map<Member, List<Range>> byMember = new LinkedHashMap<>();
    byMember.put(view.self(), new ArrayList<>());
    for (Range range : ranges()) {
      byMember.computeIfAbsent(range.member(), member -> new ArrayList<>()).add(range);
    }
    return byMember;
  }

  /** CLUSTER NODES: a line a node. */
  String nodesText() {
    StringBuilder lines = new StringBuilder();
    long epoch = view.ring().map(Ring::epoch).orElse(0L);
    byMember()
        .forEach(
            (member, ranges) -> {
              boolean isSelf = member.equals(view.self());
              lines.append(idOf(member.id())).append(' ').append(member.host()).append(':');
              lines.append(member.clientPort()).append('@').append(member.arteryPort());
              lines.append(isSelf ? " myself,master" : " master").append(" - 0 0 ");
              lines.append(epoch).append(" connected");
              for (Range range : ranges) {
                lines.append(' ').append(range.first());
                if (range.last() > range.first()) {
                  lines.append('-').append(range.last());
                }
              }
              lines.append('\n');
            });
    return lines.toString();
  }

  /** CLUSTER INFO, as lines of name and value. */
  String infoText() {
    int served = 0;
    Routes routes = Routes.of(view);
    for (int shard = 0; shard < routes.shardCount(); shard++) {
      served += routes.stops(shard).isEmpty() ? 0 : routes.shards().slotsPerShard();
    }
    long epoch = view.ring().map(Ring::epoch).orElse(0L);
    int nodes = byMember().size();
    return lines(
        "cluster_enabled",
        1,
        "cluster_state",
        served == Slot.COUNT ? "ok" : "fail",
        "cluster_slots_assigned",
        isFormed() ? Slot.COUNT : 0,
        "cluster_slots_ok",
        served,
        "cluster_slots_pfail",
        0,
        "cluster_slots_fail",
        isFormed() ? Slot.COUNT - served : 0,
        "cluster_known_nodes",
        nodes,
        "cluster_size",
        isFormed() ? nodes : 0,
        "cluster_current_epoch",
        epoch,
        "cluster_my_epoch",
        epoch);
  }

  private static String lines(Object... namesAndValues) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      lines.append(namesAndValues[i]).append(':').append(namesAndValues[i + 1]).append("\r\n");
    }
    return lines.toString();
  }
}
