package io.kindred.replication;

import io.kindred.ring.NodeId;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a node's feeds stand.
 *
 * @param node whose log it is
 * @param epoch of the ring that the feeds follow; 0 before there is one
 * @param peers sorted by id
 */
public record FeedStatus(NodeId node, long epoch, List<Peer> peers) {

  /**
   * The feed to one peer.
   *
   * @param divergedSince when it was first given up something, in ms since 1970; empty while the
   *     feed alone makes it whole
   * @param resends messages sent again since this node's start
   * @param sentBytes of entries sent since this node's start, what was sent again included
   */
  public record Peer(
      NodeId peer, List<Lane> lanes, OptionalLong divergedSince, long resends, long sentBytes) {

    /** What the peer has not applied, all lanes together. */
    public long lagBytes() {
      return lanes.stream().mapToLong(Lane::lagBytes).sum();
    }

    /** Where the logs end, all lanes together: by how much this grows is what was logged. */
    public long logEnd() {
      return lanes.stream().mapToLong(Lane::end).sum();
    }
  }

  /** One lane's log, and how far the peer has it. */
  public record Lane(long end, Cursor cursor) {

    /** What the peer has not applied. */
    public long lagBytes() {
      return Math.max(0, end - cursor.applied());
    }
  }

  /** Up to where every peer has a lane's log synced: what lies below no feed needs again. */
  public OptionalLong syncedByAll(int lane) {
    return peers.stream().mapToLong(peer -> peer.lanes().get(lane).cursor().synced()).min();
  }
}
