package io.kindred.warmup;

import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a node warms up for: the shards that the ring gives it, and as what.
 *
 * @param kind whether the ring names the node their owner already
 * @param epoch of the ring in which it first stood so; everybody who feeds the node must know it
 * @param shards ascending, never empty
 */
public record Claim(Kind kind, long epoch, SortedSet<Integer> shards) {

  /** As what the ring names the node. */
  public enum Kind {
    /** The owner: the cluster has just formed, or the node is back with its data. */
    OWNER,
    /** The successor of an owner that is lost or out of reach. */
    SUCCESSOR
  }

  public Claim {
    shards = Collections.unmodifiableSortedSet(new TreeSet<>(shards));
    if (shards.isEmpty()) {
      throw new IllegalArgumentException("a claim to no shard is none");
    }
  }

  /**
   * What a ring gives a node; empty for a spare and for who is no member. Ownership comes first: a
   * node cannot prove seats of both kinds at once, and goes for the rest once it is their master.
   */
  public static Optional<Claim> of(Ring ring, NodeId node) {
    SortedSet<Integer> owned = ring.ownedBy(node);
    if (!owned.isEmpty()) {
      return Optional.of(new Claim(Kind.OWNER, ring.epoch(), owned));
    }
    SortedSet<Integer> succeeded = ring.succeededBy(node);
    return succeeded.isEmpty()
        ? Optional.empty()
        : Optional.of(new Claim(Kind.SUCCESSOR, ring.epoch(), succeeded));
  }

  /** For the log: how many shards, since a list of them tells nobody anything. */
  @Override
  public String toString() {
    return shards.size() + " shards as " + kind + " since epoch " + epoch;
  }

  /** Whether it is a claim to the same shards as the same; the epoch does not matter. */
  public boolean sameAs(Claim other) {
    return kind == other.kind && shards.equals(other.shards);
  }
}
