package io.kindred.ring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What a {@link RingChange} makes of a ring. */
public final class RingChanges {

  private RingChanges() {}

  /** What became of a change. */
  public sealed interface Result {}

  /** It would give this ring, one epoch on. */
  public record Next(Ring ring) implements Result {}

  /** The ring shows already what the change asks for. */
  public record Stands() implements Result {}

  /** The ring does not allow it. */
  public record NotAllowed(String reason) implements Result {}

  /** Applies a change to a ring. */
  public static Result apply(Ring ring, RingChange change) {
    if (change instanceof RingChange.Join join) {
      return join(ring, join.member(), join.replacesNamesake());
    }
    if (change instanceof RingChange.Succeed succeed) {
      return succeed(ring, succeed.owner(), succeed.successor());
    }
    if (change instanceof RingChange.StepDown stepDown) {
      return stepDown(ring, stepDown.successor());
    }
    if (change instanceof RingChange.Promote promote) {
      return promote(ring, promote.successor());
    }
    if (change instanceof RingChange.DeclareLost declareLost) {
      return declareLost(ring, declareLost.owner());
    }
    if (change instanceof RingChange.Drained drained) {
      return drained(ring, drained);
    }
    if (change instanceof RingChange.Forget forget) {
      return forget(ring, forget.node());
    }
    if (change instanceof RingChange.Recover recover) {
      return recover(ring, recover);
    }
    throw new IllegalArgumentException("no rule for " + change);
  }

  private static Result join(Ring ring, Member joiner, boolean replacesNamesake) {
    NodeId id = joiner.id();
    Optional<Member> known = ring.member(id);
    if (known.equals(Optional.of(joiner)) && !ring.isLost(id)) {
      return new Stands();
    }
    if (known.filter(member -> !member.rack().equals(joiner.rack())).isPresent()) {
      return new NotAllowed(id + " belongs to rack " + known.get().rack());
    }
    if (ring.isFormer(id)) {
      return new NotAllowed(
          id + " lost its seats; its data is to be drained and its directory emptied first");
    }
    if (ring.departed().drained().contains(id)) {
      return new NotAllowed(id + " was drained; its directory is to be emptied first");
    }
    if (ring.isForgotten(id)) {
      return new NotAllowed(
          id
              + " was forgotten by an operator; move its data directory away and start it with an"
              + " empty one");
    }
    for (Member other : others(ring, id)) {
      if (other.id().store() == id.store()) {
        return new NotAllowed(id + " has the store of " + other.id());
      }
    }
    Draft draft = new Draft(ring);
    for (Member other : living(ring, id)) {
      if (other.id().name().equals(id.name())) {
        if (!replacesNamesake) {
          return new NotAllowed(other.id() + " has that name and is not known to be lost");
        }
        draft.lose(other.id());
      } else if (other.arteryAddress().equals(joiner.arteryAddress())) {
        return new NotAllowed(other.id() + " has that address and is not known to be lost");
      }
    }
    draft.members.removeIf(member -> member.id().equals(id));
    draft.members.add(joiner);
    draft.lost.remove(id);
    return new Next(draft.ring());
  }

  private static List<Member> others(Ring ring, NodeId id) {
    List<Member> others = new ArrayList<>(ring.members());
    others.addAll(ring.former());
    others.removeIf(member -> member.id().equals(id));
    return others;
  }

  private static List<Member> living(Ring ring, NodeId except) {
    return ring.members().stream()
        .filter(member -> !ring.isLost(member.id()) && !member.id().equals(except))
        .toList();
  }

  private static Result succeed(Ring ring, NodeId owner, NodeId successor) {
    Optional<Member> from = ring.member(owner);
    Optional<Member> to = ring.member(successor);
    if (from.isEmpty() || ring.ownedBy(owner).isEmpty()) {
      return new NotAllowed(owner + " owns nothing");
    }
    if (to.isEmpty() || ring.isLost(successor)) {
      return new NotAllowed(successor + " is no living member");
    }
    if (owner.equals(successor)) {
      return new NotAllowed(owner + " cannot succeed itself");
    }
    if (!from.get().rack().equals(to.get().rack())) {
      return new NotAllowed(owner + " and " + successor + " are of different racks");
    }
    Set<Seat> claimed = new HashSet<>();
    Set<Seat> owned = new HashSet<>();
    for (Seat seat : ring.seats().get(from.get().rack())) {
      if (seat.successor().filter(successor::equals).isPresent()) {
        claimed.add(seat);
      }
      if (seat.owner().equals(owner)) {
        owned.add(seat);
      }
    }
    if (claimed.equals(owned)) {
      return new Stands();
    }
    if (!claimed.isEmpty()) {
      return new NotAllowed(successor + " already is somebody's successor");
    }
    Optional<NodeId> rival =
        owned.stream().flatMap(seat -> seat.successor().stream()).min(Comparator.naturalOrder());
    if (rival.isPresent()) {
      return new NotAllowed(rival.get() + " already is the successor of " + owner);
    }
    Draft draft = new Draft(ring);
    draft.eachSeat(
        seat -> seat.owner().equals(owner) ? new Seat(seat.owner(), Optional.of(successor)) : seat);
    return new Next(draft.ring());
  }

  private static Result stepDown(Ring ring, NodeId successor) {
    if (ring.succeededBy(successor).isEmpty()) {
      return new Stands();
    }
    Draft draft = new Draft(ring);
    draft.dropClaims(successor);
    return new Next(draft.ring());
  }

  private static Result promote(Ring ring, NodeId successor) {
    if (ring.succeededBy(successor).isEmpty()) {
      return ring.ownedBy(successor).isEmpty() || ring.isLost(successor)
          ? new NotAllowed(successor + " is nobody's successor")
          : new Stands();
    }
    SortedSet<NodeId> owners = new TreeSet<>();
    Draft draft = new Draft(ring);
    draft.eachSeat(
        seat -> {
          if (seat.successor().filter(successor::equals).isEmpty()) {
            return seat;
          }
          owners.add(seat.owner());
          return Seat.of(successor);
        });
    for (NodeId owner : owners) {
      if (!ring.isLost(owner)) {
        return new NotAllowed(owner + " is not lost");
      }
      draft.retire(owner);
    }
    return new Next(draft.ring());
  }

  private static Result declareLost(Ring ring, NodeId id) {
    if (ring.member(id).isEmpty() || ring.isLost(id)) {
      return new Stands();
    }
    if (ring.voters().equals(List.of(id))) {
      return new NotAllowed(id + " is the last one who has a vote");
    }
    Draft draft = new Draft(ring);
    draft.lose(id);
    return new Next(draft.ring());
  }

  private static Result drained(Ring ring, RingChange.Drained drained) {
    NodeId id = drained.node();
    if (ring.departed().drained().contains(id)) {
      return new Stands();
    }
    if (!ring.isFormer(id)) {
      return new NotAllowed(id + " is no former node");
    }
    SortedSet<NodeId> lacking = new TreeSet<>(ring.presentOwners());
    lacking.removeAll(drained.to());
    if (!lacking.isEmpty()) {
      return new NotAllowed(lacking + " are not known to have all that " + id + " has");
    }
    Draft draft = new Draft(ring);
    draft.former.removeIf(member -> member.id().equals(id));
    draft.departed = draft.departed.withDrained(id);
    return new Next(draft.ring());
  }

  private static Result forget(Ring ring, NodeId id) {
    if (ring.isForgotten(id)) {
      return new Stands();
    }
    if (ring.known(id).isEmpty()) {
      return new NotAllowed(id + " is no member of the ring, nor a former one");
    }
    if (ring.member(id).isPresent() && !ring.isLost(id)) {
      return new NotAllowed(
          id + " is a living member; only a lost or former node can be forgotten");
    }
    Draft draft = new Draft(ring);
    draft.former.removeIf(member -> member.id().equals(id));
    draft.departed = draft.departed.withForgotten(id);
    return new Next(draft.ring());
  }

  private static Result recover(Ring ring, RingChange.Recover recover) {
    if (ring.recoveries().stream().anyMatch(known -> known.id() == recover.id())) {
      return new Stands();
    }
    if (ring.isMajority(recover.living())) {
      return new NotAllowed(
          "a majority of the voters is in reach, "
              + recover.living()
              + " of "
              + ring.voters()
              + ": it decides by itself who is lost");
    }
    if (Collections.disjoint(ring.voters(), recover.living())) {
      return new NotAllowed("none of the voters " + ring.voters() + " is in reach");
    }
    Draft draft = new Draft(ring);
    ring.voters().stream().filter(id -> !recover.living().contains(id)).forEach(draft::lose);
    draft.epoch = (ring.epoch() / Ring.RECOVERY_STEP + 1) * Ring.RECOVERY_STEP;
    draft.recoveries.add(new Recovery(recover.id(), ring.epoch()));
    return new Next(draft.ring());
  }

  /** The next ring in the making. */
  private static final class Draft {
    private final Ring from;
    private final List<Member> members;
    private final SortedSet<NodeId> lost;
    private final List<Member> former;
    private final SortedMap<String, List<Seat>> seats = new TreeMap<>();
    private final List<Recovery> recoveries;
    private Departed departed;
    private long epoch;

    Draft(Ring from) {
      this.from = from;
      this.epoch = from.epoch() + 1;
      this.departed = from.departed();
      this.recoveries = new ArrayList<>(from.recoveries());
      this.members = new ArrayList<>(from.members());
      this.lost = new TreeSet<>(from.lost());
      this.former = new ArrayList<>(from.former());
      from.seats().forEach((rack, row) -> seats.put(rack, new ArrayList<>(row)));
    }

    void eachSeat(UnaryOperator<Seat> change) {
      seats.values().forEach(row -> row.replaceAll(change));
    }

    void dropClaims(NodeId successor) {
      eachSeat(
          seat ->
              seat.successor().filter(successor::equals).isPresent()
                  ? Seat.of(seat.owner())
                  : seat);
    }

    private boolean ownsNothing(NodeId id) {
      return seats.values().stream()
          .allMatch(row -> row.stream().noneMatch(seat -> seat.owner().equals(id)));
    }

    /** Its claims lapse at once, its seats stay its own; without seats it is dropped. */
    void lose(NodeId id) {
      dropClaims(id);
      if (ownsNothing(id)) {
        members.removeIf(member -> member.id().equals(id));
      } else {
        lost.add(id);
      }
    }

    /** From the lost to the former, if nothing is left to it; who is forgotten just goes. */
    void retire(NodeId id) {
      if (ownsNothing(id)) {
        Member member = from.member(id).orElseThrow();
        members.remove(member);
        lost.remove(id);
        if (!departed.forgotten().contains(id)) {
          former.add(member);
        }
      }
    }

    Ring ring() {
      members.sort(Comparator.comparing(Member::id));
      former.sort(Comparator.comparing(Member::id));
      return new Ring(
          from.id(),
          epoch,
          from.datacenter(),
          from.shards(),
          members,
          lost,
          former,
          seats,
          departed,
          recoveries);
    }
  }
}
