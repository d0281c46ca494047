package io.kindred.membership;

import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Seat;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which seats a node is to work for: its own; else those it has a claim on; else those of a lost
 * namesake; else those of an owner of its rack that is lost or out of reach and has no successor,
 * the lowest first. Else it waits, as a spare.
 */
public sealed interface SeatChoice {

  /** It owns seats. */
  record Own() implements SeatChoice {}

  /** It is this owner's successor, and the ring says so. */
  record Succeeding(NodeId owner) implements SeatChoice {}

  /** It should ask to become this owner's successor. */
  record Claim(NodeId owner) implements SeatChoice {}

  /** Nothing for it to do. */
  record Spare() implements SeatChoice {}

  /** The node is not in the ring, or lost: it has to join first. */
  record Join() implements SeatChoice {}

  /**
   * What a node is to do.
   *
   * @param inReach whom the node reaches
   */
  static SeatChoice of(NodeId self, Ring ring, Set<NodeId> inReach) {
    Optional<Member> member = ring.member(self);
    if (member.isEmpty() || ring.isLost(self)) {
      return new Join();
    }
    if (!ring.ownedBy(self).isEmpty()) {
      return new Own();
    }
    Set<Seat> row = new HashSet<>(ring.seats().getOrDefault(member.get().rack(), List.of()));
    SortedSet<NodeId> vacant = new TreeSet<>();
    for (Seat seat : row) {
      if (seat.successor().filter(self::equals).isPresent()) {
        return new Succeeding(seat.owner());
      }
      boolean needed = ring.isLost(seat.owner()) || !inReach.contains(seat.owner());
      if (needed && seat.successor().isEmpty()) {
        vacant.add(seat.owner());
      }
    }
    return vacant.stream()
        .filter(owner -> owner.name().equals(self.name()))
        .findFirst()
        .or(() -> vacant.stream().filter(owner -> !isForNamesake(owner, ring, inReach)).findFirst())
        .<SeatChoice>map(Claim::new)
        .orElseGet(Spare::new);
  }

  /** A replacement that bears the lost owner's name goes first. */
  private static boolean isForNamesake(NodeId owner, Ring ring, Set<NodeId> inReach) {
    return ring.memberNamed(owner.name())
        .map(Member::id)
        .filter(id -> !id.equals(owner) && inReach.contains(id) && ring.ownedBy(id).isEmpty())
        .isPresent();
  }
}
