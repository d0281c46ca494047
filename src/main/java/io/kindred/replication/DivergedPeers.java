package io.kindred.replication;

import io.kindred.ring.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * For which peers a reconciliation is to be asked: those whose feed gave something up, and that are
 * there to be compared. Asked again while they stay so, since the engine may have been lost with
 * the question, or busy. For one thread; time comes in as ms of any clock that does not go back.
 */
public final class DivergedPeers {

  private final long againAfterMillis;
  private final Map<NodeId, Long> asked = new HashMap<>();

  /**
   * @param againAfterMillis how long to wait for what was asked before it is asked again
   */
  public DivergedPeers(long againAfterMillis) {
    this.againAfterMillis = againAfterMillis;
  }

  /**
   * The peers to ask for now.
   *
   * @param serves whether a peer can be compared with
   */
  public List<NodeId> due(FeedStatus status, Predicate<NodeId> serves, long nowMillis) {
    Set<NodeId> diverged =
        Set.copyOf(
            status.peers().stream()
                .filter(peer -> peer.divergedSince().isPresent())
                .map(FeedStatus.Peer::peer)
                .toList());
    asked.keySet().retainAll(diverged);
    List<NodeId> due =
        diverged.stream()
            .filter(serves)
            .filter(
                peer -> !asked.containsKey(peer) || nowMillis - asked.get(peer) >= againAfterMillis)
            .sorted()
            .toList();
    due.forEach(peer -> asked.put(peer, nowMillis));
    return due;
  }
}
