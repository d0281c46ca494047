package io.kindred.membership.actor;

import io.kindred.ring.Lineage;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;

/**
 * Tells nodes and rings that are not of this node's cluster: of another one, or of this one after
 * it was split by a recovery. Complains loudly, but once of each node as long as it stays so.
 */
final class Strangers {

  private final Logger log;
  private final Set<NodeId> complaints = new HashSet<>();
  private final Set<Lineage> splits = new HashSet<>();

  Strangers(Logger log) {
    this.log = log;
  }

  /** Whether nothing is to be heard from a node that pulses so. */
  boolean is(Optional<Ring> known, RingMessages.Pulse pulse) {
    NodeId from = pulse.from().id();
    if (known.isEmpty() || pulse.ringId() == 0) {
      complaints.remove(from);
      return false;
    }
    Lineage theirs = new Lineage(pulse.epoch(), pulse.recoveries());
    boolean other = pulse.ringId() != known.get().id();
    boolean split = !other && isSplit(known.get(), theirs);
    if ((other || split) && complaints.add(from)) {
      log.error(
          other ? "{} is of another cluster, whose ring is {}" : "{} {}",
          from,
          other ? pulse.ringId() : remedy(theirs));
    }
    if (!other && !split) {
      complaints.remove(from);
    }
    return other || split;
  }

  /** Whether a ring is to be refused. */
  boolean refuses(Optional<Ring> known, Ring offered) {
    if (known.filter(ring -> ring.id() != offered.id()).isPresent()) {
      log.error("refused ring {} of another cluster", offered.id());
      return true;
    }
    boolean split = known.filter(ring -> isSplit(ring, offered.lineage())).isPresent();
    if (split && splits.add(offered.lineage())) {
      log.error("refused a ring: its side {}", remedy(offered.lineage()));
    }
    return split;
  }

  private static boolean isSplit(Ring known, Lineage other) {
    return known.lineage().relationOf(other) == Lineage.Relation.SPLIT;
  }

  private static String remedy(Lineage theirs) {
    return "went on without this one, to epoch "
        + theirs.epoch()
        + ", after an operator recovered the ring of the one side while the other was alive. The two"
        + " are never merged: stop all nodes of one side, move their data directories away and start"
        + " them empty; what only they accepted is lost then";
  }
}
