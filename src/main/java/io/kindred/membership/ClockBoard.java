package io.kindred.membership;

import io.kindred.ring.NodeId;
import io.kindred.storage.WriteFence;
import java.util.Collection;
import java.util.List;

/**
 * Where the newest {@link ClockStatus} hangs, for pages, and for the shards, which ask before each
 * write. Written by the ring keeper alone.
 */
public final class ClockBoard implements WriteFence {

  private volatile ClockStatus current = ClockStatus.NONE;
  private volatile String refusal;

  public ClockStatus current() {
    return current;
  }

  @Override
  public String refusal() {
    return refusal;
  }

  /**
   * Judges anew and hangs up what comes of it; for the ring keeper alone.
   *
   * @param voters of the ring; none where there is no ring yet
   * @param peers the others in reach
   */
  public ClockStatus judge(Collection<NodeId> voters, List<PeerClock> peers, ClockLimits limits) {
    ClockStatus judged =
        new ClockStatus(peers, ClockFence.judge(current.fence(), voters, peers, limits));
    refusal = judged.fence().map(fence -> fence.refusal(limits)).orElse(null);
    current = judged;
    return judged;
  }
}
