package io.kindred.ring;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Nodes that owned seats once and never will again under the same store: nobody takes anything from
 * them any more, nor lets them join. One that was drained empties its directory and comes as
 * another node; one that was forgotten stays away.
 *
 * @param drained every owner has all that they had
 * @param forgotten given up by an operator, with what only they may have had
 */
public record Departed(SortedSet<NodeId> drained, SortedSet<NodeId> forgotten) {

  /** Nobody has departed. */
  public static final Departed NOBODY =
      new Departed(Collections.emptySortedSet(), Collections.emptySortedSet());

  public Departed {
    drained = Collections.unmodifiableSortedSet(new TreeSet<>(drained));
    forgotten = Collections.unmodifiableSortedSet(new TreeSet<>(forgotten));
  }

  /** Whether it is one of them. */
  public boolean has(NodeId id) {
    return drained.contains(id) || forgotten.contains(id);
  }

  Departed withDrained(NodeId id) {
    return new Departed(with(drained, id), forgotten);
  }

  Departed withForgotten(NodeId id) {
    return new Departed(drained, with(forgotten, id));
  }

  private static SortedSet<NodeId> with(SortedSet<NodeId> some, NodeId id) {
    SortedSet<NodeId> more = new TreeSet<>(some);
    more.add(id);
    return more;
  }
}
