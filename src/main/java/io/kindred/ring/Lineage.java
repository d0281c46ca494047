package io.kindred.ring;

import java.util.List;

/**
 * Which ring of one cluster is meant: how many decisions it has seen, and which recoveries led to
 * it. Says of two rings which one follows on the other.
 *
 * @param epoch of the ring
 * @param recoveries the oldest first
 */
public record Lineage(long epoch, List<Recovery> recoveries) {

  /** How another ring relates to this one. */
  public enum Relation {
    SAME,
    /** The other has this one among those before it. */
    NEWER,
    /** This one has the other among those before it. */
    OLDER,
    /**
     * Both went on from a ring that they share, each without the other: one was recovered while the
     * other was decided, or both were recovered. Neither can follow on the other.
     */
    SPLIT
  }

  public Lineage {
    recoveries = List.copyOf(recoveries);
  }

  /** How the other relates to this one. */
  public Relation relationOf(Lineage other) {
    int shared = 0;
    while (shared < Math.min(recoveries.size(), other.recoveries.size())
        && recoveries.get(shared).equals(other.recoveries.get(shared))) {
      shared++;
    }
    boolean allOfThis = shared == recoveries.size();
    boolean allOfOther = shared == other.recoveries.size();
    if (allOfThis && allOfOther) {
      int order = Long.compare(other.epoch, epoch);
      return order == 0 ? Relation.SAME : order > 0 ? Relation.NEWER : Relation.OLDER;
    }
    if (allOfThis && epoch <= other.recoveries.get(shared).after()) {
      return Relation.NEWER;
    }
    return allOfOther && other.epoch <= recoveries.get(shared).after()
        ? Relation.OLDER
        : Relation.SPLIT;
  }
}
