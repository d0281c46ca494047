package io.kindred.ring;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What may be asked of the ring. Applied to the newest ring it gives the next one or the reason why
 * not; consensus decides whether that becomes the ring.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = RingChange.Join.class, name = "join"),
  @JsonSubTypes.Type(value = RingChange.Succeed.class, name = "succeed"),
  @JsonSubTypes.Type(value = RingChange.StepDown.class, name = "step-down"),
  @JsonSubTypes.Type(value = RingChange.Promote.class, name = "promote"),
  @JsonSubTypes.Type(value = RingChange.DeclareLost.class, name = "declare-lost"),
  @JsonSubTypes.Type(value = RingChange.Drained.class, name = "drained"),
  @JsonSubTypes.Type(value = RingChange.Forget.class, name = "forget"),
  @JsonSubTypes.Type(value = RingChange.Recover.class, name = "recover")
})
public sealed interface RingChange {

  /**
   * A node becomes a member (a spare until it gets a seat), or its addresses change. Refused where
   * another node has its store identity, or where a living member has its name and another store:
   * that one must have been declared lost first, unless {@code replacesNamesake} (the namesake's
   * address is this node's own, so the namesake's process is gone).
   */
  record Join(Member member, boolean replacesNamesake) implements RingChange {}

  /**
   * A member becomes the successor of all of a lost or unreachable owner's seats in its rack.
   * Refused while another member is; the claim of one that is lost itself has lapsed.
   */
  record Succeed(NodeId owner, NodeId successor) implements RingChange {}

  /** A successor gives up its claims. */
  record StepDown(NodeId successor) implements RingChange {}

  /**
   * A successor that has proven itself complete becomes the owner; the old owner becomes former.
   * Refused unless the old owner is lost: declared so, or replaced by a namesake.
   */
  record Promote(NodeId successor) implements RingChange {}

  /**
   * A member is lost: a majority of the voters cannot reach it. An owner keeps its seats until a
   * successor is promoted; a member without seats is dropped.
   */
  record DeclareLost(NodeId owner) implements RingChange {}

  /**
   * A former node has nothing left that others lack: it leaves the ring, and will be another node.
   * Refused unless it is former, and unless all present owners are among those who have it: one
   * that was promoted meanwhile may not.
   *
   * @param to who had all of the node's own log on their disks
   */
  record Drained(NodeId node, SortedSet<NodeId> to) implements RingChange {
    public Drained {
      to = Collections.unmodifiableSortedSet(new TreeSet<>(to));
    }
  }

  /**
   * An operator gives a lost or former node up for good, with whatever only that node has. Nobody
   * waits for it any longer, no proof needs it, and it may not come back. A lost owner's seats stay
   * under its name until somebody takes them. Refused for a living node.
   */
  record Forget(NodeId node) implements RingChange {}

  /**
   * An operator's word after the loss of a majority of the voters: who is not among the living is
   * lost. Never decided by vote, see {@code membership}. Refused where the living are a majority,
   * which can declare the others lost by itself.
   *
   * @param living the voters in reach
   * @param id drawn at random
   */
  record Recover(SortedSet<NodeId> living, long id) implements RingChange {
    public Recover {
      living = Collections.unmodifiableSortedSet(new TreeSet<>(living));
    }
  }
}
