package io.kindred.membership;

import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.ring.RingChanges;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An operator's order to go on without a majority of the voters, and what comes of it. It names
 * those who are to be left out, as the operator was told them, so that a node which came into reach
 * or went out of it meanwhile makes the order void.
 */
public final class RecoveryOrder {

  private RecoveryOrder() {}

  /** What comes of it. */
  public sealed interface Result {}

  /** This ring is formed. */
  public record Formed(Ring ring) implements Result {}

  /** Nothing; in words why. */
  public record Refused(String reason) implements Result {}

  /**
   * Judges an order.
   *
   * @param inReach whom the node that is ordered reaches, itself included
   * @param without the voters that the operator gives up
   * @param id drawn at random
   */
  public static Result judge(
      Optional<Ring> ring, Set<NodeId> inReach, SortedSet<NodeId> without, long id) {
    if (ring.isEmpty()) {
      return new Refused("this node knows no ring");
    }
    SortedSet<NodeId> living = new TreeSet<>(ring.get().voters());
    living.retainAll(inReach);
    SortedSet<NodeId> gone = new TreeSet<>(ring.get().voters());
    gone.removeAll(living);
    if (!gone.equals(without)) {
      return new Refused("the voters out of reach are " + gone + " now, not " + without);
    }
    RingChanges.Result result = RingChanges.apply(ring.get(), new RingChange.Recover(living, id));
    if (result instanceof RingChanges.Next next) {
      return new Formed(next.ring());
    }
    return new Refused(
        result instanceof RingChanges.NotAllowed not ? not.reason() : "it has been done already");
  }
}
