package io.kindred.membership;

import io.kindred.ring.NodeId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which of the others' clocks have come to be off since the last look: each is told once, until it
 * is right again.
 */
public final class ClockWarnings {

  private final long warnMillis;
  private final Set<NodeId> off = new HashSet<>();

  public ClockWarnings(ClockLimits limits) {
    this.warnMillis = limits.warn().toMillis();
  }

  /** Those to be warned of now. */
  public List<PeerClock> newlyOff(List<PeerClock> peers) {
    for (PeerClock peer : peers) {
      peer.offset().filter(this::isRight).ifPresent(right -> off.remove(peer.node()));
    }
    return peers.stream()
        .filter(peer -> peer.offset().filter(offset -> offset.isSurely(warnMillis)).isPresent())
        .filter(peer -> off.add(peer.node()))
        .toList();
  }

  /** Well below the limit, or one that stands at the limit would be told of again and again. */
  private boolean isRight(ClockOffset offset) {
    return Math.abs(offset.offsetMillis()) < warnMillis * 4 / 5;
  }
}
