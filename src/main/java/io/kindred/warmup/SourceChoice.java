package io.kindred.warmup;

import io.kindred.membership.ClusterView;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which node a shard is streamed from: an owner in another rack, in reach, that did not fail
 * lately; the one with the fewest shards given to it so far, so that several share the work.
 *
 * <p>A master first. Where there is none, an owner that is itself being compared will do: what is
 * streamed is compared with enough owners before it counts, whoever sent it, and after a power cut
 * with one node lost for good the owners cannot become masters without the very node that streams.
 */
public final class SourceChoice {

  private SourceChoice() {}

  /**
   * The source for one shard, or empty where nobody will do at this moment.
   *
   * @param given how many shards each source has been given in this warm-up
   * @param failed who broke a stream lately
   */
  public static Optional<NodeId> choose(
      int shard, Ring ring, ClusterView view, Map<NodeId, Integer> given, Set<NodeId> failed) {
    String ownRack = view.self().rack();
    List<NodeId> owners =
        ring.racks().stream()
            .filter(rack -> !rack.equals(ownRack))
            .map(rack -> ring.seat(rack, shard).owner())
            .filter(owner -> view.reachable().contains(owner) && !failed.contains(owner))
            .toList();
    Comparator<NodeId> leastLoaded =
        Comparator.comparing((NodeId owner) -> given.getOrDefault(owner, 0))
            .thenComparing(Comparator.naturalOrder());
    Optional<NodeId> master =
        owners.stream().filter(owner -> view.phase(owner) == Phase.MASTER).min(leastLoaded);
    return master.isPresent()
        ? master
        : owners.stream().filter(owner -> holdsData(view.phase(owner))).min(leastLoaded);
  }

  private static boolean holdsData(Phase phase) {
    return switch (phase) {
      case VERIFYING, PROMOTING, MASTER, STALE -> true;
      case STANDBY, STREAMING, DRAINING, EMPTYING, FAILED -> false;
    };
  }
}
