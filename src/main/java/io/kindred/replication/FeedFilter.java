package io.kindred.replication;

import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of a node's log a peer is to have: entries that the node itself accepted from clients, of
 * the shards that the ring names the peer for, as owner or successor.
 */
public final class FeedFilter {

  private final BitSet shards;

  private FeedFilter(BitSet shards) {
    this.shards = shards;
  }

  /** What the ring says. */
  public static FeedFilter of(Ring ring, NodeId peer) {
    BitSet fed = new BitSet();
    for (int shard = 0; shard < ring.shards().count(); shard++) {
      if (ring.fed(shard).contains(peer)) {
        fed.set(shard);
      }
    }
    return new FeedFilter(fed);
  }

  /** These shards and no others. */
  public static FeedFilter ofShards(Collection<Integer> shards) {
    BitSet fed = new BitSet();
    shards.forEach(fed::set);
    return new FeedFilter(fed);
  }

  /** The shards, ascending. */
  public List<Integer> shards() {
    return shards.stream().boxed().toList();
  }

  /** Whether an entry of the log is for the peer. */
  public boolean carries(int shard, boolean own) {
    return own && shards.get(shard);
  }

  /** Whether the peer is fed for nothing. */
  public boolean isEmpty() {
    return shards.isEmpty();
  }

  /** Whether it lets something pass that {@code earlier} did not. */
  public boolean widens(FeedFilter earlier) {
    BitSet added = (BitSet) shards.clone();
    added.andNot(earlier.shards);
    return !added.isEmpty();
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof FeedFilter other && shards.equals(other.shards);
  }

  @Override
  public int hashCode() {
    return shards.hashCode();
  }

  @Override
  public String toString() {
    return "shards " + shards;
  }

  /**
   * What each other member is to be fed; those that are fed nothing are left out. A former node
   * feeds all owners what only it has; who was drained or forgotten feeds nobody.
   */
  public static Map<NodeId, FeedFilter> ofOthers(Ring ring, NodeId self) {
    Map<NodeId, FeedFilter> others = new TreeMap<>();
    if (ring.departed().has(self)) {
      return others;
    }
    for (Member member : ring.members()) {
      FeedFilter filter = of(ring, member.id());
      if (!member.id().equals(self) && !filter.isEmpty()) {
        others.put(member.id(), filter);
      }
    }
    return others;
  }
}
