package io.kindred.membership;

import io.kindred.ring.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * What one node knows of all clocks.
 *
 * @param peers the others in reach, sorted by node
 * @param fence why this node refuses its clients' writes; empty while it takes them
 */
public record ClockStatus(List<PeerClock> peers, Optional<ClockFence> fence) {

  /** Of a node that has heard of nobody. */
  public static final ClockStatus NONE = new ClockStatus(List.of(), Optional.empty());

  public ClockStatus {
    peers = List.copyOf(peers);
  }

  /** How far a node's clock is off; this node's own never is. Empty where it is not known. */
  public Optional<ClockOffset> offset(NodeId node, NodeId self) {
    return node.equals(self)
        ? Optional.of(new ClockOffset(0, 0))
        : peer(node).flatMap(PeerClock::offset);
  }

  /** Whether a node refuses its clients' writes because of its clock, as far as this one knows. */
  public boolean isFenced(NodeId node, NodeId self) {
    return node.equals(self) ? fence.isPresent() : peer(node).map(PeerClock::fenced).orElse(false);
  }

  /** The greatest offset among them, without its sign; 0 where none is known. */
  public long offsetMaxMillis() {
    return peers.stream()
        .flatMap(peer -> peer.offset().stream())
        .mapToLong(offset -> Math.abs(offset.offsetMillis()))
        .max()
        .orElse(0);
  }

  private Optional<PeerClock> peer(NodeId node) {
    return peers.stream().filter(peer -> peer.node().equals(node)).findFirst();
  }
}
