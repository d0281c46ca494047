package io.kindred.membership;

import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import java.util.Map;
import java.util.Optional;

/**
 * What one node knows of its cluster at one moment: the newest ring it has seen, and of each other
 * node the phase it last announced and whether it can be reached. Informs routing; decides nothing.
 *
 * @param self this node, as it will stand or stands in the ring
 * @param ring empty until the cluster has formed
 * @param phases what each node last announced of itself, this one included
 * @param reachable the nodes heard of lately, this one included
 */
public record ClusterView(
    Member self, Optional<Ring> ring, Map<NodeId, Phase> phases, java.util.Set<NodeId> reachable) {

  public ClusterView {
    phases = Map.copyOf(phases);
    reachable = java.util.Set.copyOf(reachable);
  }

  public Phase phase(NodeId id) {
    return phases.getOrDefault(id, Phase.STANDBY);
  }

  /**
   * Whether a node can be asked to serve: it is in reach, and said that it is a master. A stale one
   * serves its own rack alone: whoever can ask it from elsewhere ends its staleness by that.
   */
  public boolean serves(NodeId id) {
    return reachable.contains(id)
        && (phase(id) == Phase.MASTER || (phase(id) == Phase.STALE && isOfOwnRack(id)));
  }

  private boolean isOfOwnRack(NodeId id) {
    return ring.flatMap(known -> known.member(id))
        .filter(member -> member.rack().equals(self.rack()))
        .isPresent();
  }
}
