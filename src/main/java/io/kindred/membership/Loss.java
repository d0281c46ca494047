package io.kindred.membership;

import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is to be declared lost: a member that a majority of the voters has missed for long enough. A
 * voter that still reaches it, one that says nothing, and the member itself all count as votes
 * against, so an island never declares the mainland lost.
 */
public final class Loss {

  private Loss() {}

  /**
   * The first such member by id.
   *
   * @param testimonies by voter, how long it has missed each other node; fresh ones only
   */
  public static Optional<NodeId> in(
      Ring ring, Map<NodeId, List<Silence>> testimonies, Duration declareLostAfter) {
    return ring.voters().stream()
        .filter(suspect -> ring.isMajority(missing(suspect, testimonies, declareLostAfter)))
        .findFirst();
  }

  private static Set<NodeId> missing(
      NodeId suspect, Map<NodeId, List<Silence>> testimonies, Duration declareLostAfter) {
    Set<NodeId> missing = new HashSet<>();
    testimonies.forEach(
        (voter, silences) -> {
          boolean misses =
              silences.stream()
                  .anyMatch(
                      silence ->
                          silence.of().equals(suspect)
                              && silence.millis() >= declareLostAfter.toMillis());
          if (misses && !voter.equals(suspect)) {
            missing.add(voter);
          }
        });
    return missing;
  }

  /** Whether it is this node that proposes: the first voter that is in reach. */
  public static boolean isProposer(NodeId self, Ring ring, Set<NodeId> inReach) {
    return ring.voters().stream().filter(inReach::contains).findFirst().equals(Optional.of(self));
  }
}
