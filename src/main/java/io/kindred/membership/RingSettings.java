package io.kindred.membership;

import io.kindred.ring.Founding;
import io.kindred.ring.Shards;
import java.time.Duration;
import java.util.List;

/**
 * A ring keeper's slice of the settings.
 *
 * @param racks the racks that are there when the cluster forms
 * @param nodesPerRack how many nodes each rack starts with
 * @param shardCount a power of two
 * @param declareLostAfter how long a majority must have missed a member until it is declared lost
 * @param pulseInterval how often a node tells the others of itself; three of them in silence are
 *     out of reach
 * @param clockLimits how far the others' clocks may be off
 */
public record RingSettings(
    String datacenter,
    List<String> racks,
    int nodesPerRack,
    int shardCount,
    Duration declareLostAfter,
    Duration pulseInterval,
    ClockLimits clockLimits) {

  public RingSettings {
    racks = List.copyOf(racks);
    if (declareLostAfter.compareTo(outOfReachAfter(pulseInterval)) < 0) {
      throw new IllegalArgumentException(
          "nobody is lost before being out of reach: declare-lost-after is at least "
              + outOfReachAfter(pulseInterval));
    }
  }

  /** How the first ring is to be. */
  public Founding founding() {
    return new Founding(datacenter, racks, nodesPerRack, new Shards(shardCount));
  }

  /** The silence after which a node counts as out of reach. */
  public Duration outOfReachAfter() {
    return outOfReachAfter(pulseInterval);
  }

  private static Duration outOfReachAfter(Duration pulseInterval) {
    return pulseInterval.multipliedBy(3);
  }
}
