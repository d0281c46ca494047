package io.kindred.ring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which node owns each shard in each rack, in one datacenter, at one epoch. Immutable; the next
 * ring is made by a ring change and decided by consensus among this ring's {@link #voters()}.
 *
 * <p>Invariants: each rack has one seat a shard; each owner and successor is a member of that rack;
 * store identities are unique among members and former members; the lost are members that own seats
 * and succeed nobody; no two living members share a name, and there is at least one.
 *
 * @param id drawn when the cluster forms; tells two clusters apart and keys the digests
 * @param epoch counts the decisions, from 1
 * @param datacenter its name
 * @param shards how many shards there are
 * @param members all nodes that belong, owners and spares, sorted by id
 * @param lost members that will not come back to their seats by themselves: declared lost, or
 *     replaced by a namesake; they keep their seats until somebody is promoted, and have no vote
 * @param former nodes that lost their seats and are not forgotten, sorted by id
 * @param seats by rack name, one seat a shard
 * @param departed nodes that are not to come back; a forgotten one may be a lost member still,
 *     until its seats are taken
 * @param recoveries by which operators' words, in place of a majority, it came to be
 */
public record Ring(
    long id,
    long epoch,
    String datacenter,
    Shards shards,
    List<Member> members,
    SortedSet<NodeId> lost,
    List<Member> former,
    SortedMap<String, List<Seat>> seats,
    Departed departed,
    List<Recovery> recoveries) {

  /**
   * How far a recovery takes the epoch: to the next multiple of this. No cluster decides so often
   * that the others could get there, and one sees at a glance that it happened.
   */
  public static final long RECOVERY_STEP = 1_000_000_000;

  public Ring {
    members = List.copyOf(members);
    lost = Collections.unmodifiableSortedSet(new TreeSet<>(lost));
    former = List.copyOf(former);
    // A ring stored by an older version has neither.
    departed = departed == null ? Departed.NOBODY : departed;
    recoveries = recoveries == null ? List.of() : List.copyOf(recoveries);
    SortedMap<String, List<Seat>> copied = new TreeMap<>();
    seats.forEach((rack, row) -> copied.put(rack, List.copyOf(row)));
    seats = Collections.unmodifiableSortedMap(copied);
    requireDistinctNodes(members, lost, former);
    requireSeatsFilled(members, lost, shards, seats);
    for (Member member : former) {
      require(
          !departed.forgotten().contains(member.id()), member.id() + " is former and forgotten");
    }
    for (Member member : members) {
      require(
          lost.contains(member.id()) || !departed.forgotten().contains(member.id()),
          member.id() + " is living and forgotten");
    }
  }

  /** A ring that nobody has departed from. */
  public Ring(
      long id,
      long epoch,
      String datacenter,
      Shards shards,
      List<Member> members,
      SortedSet<NodeId> lost,
      List<Member> former,
      SortedMap<String, List<Seat>> seats) {
    this(id, epoch, datacenter, shards, members, lost, former, seats, Departed.NOBODY, List.of());
  }

  /** A ring of which no member is lost. */
  public Ring(
      long id,
      long epoch,
      String datacenter,
      Shards shards,
      List<Member> members,
      List<Member> former,
      SortedMap<String, List<Seat>> seats) {
    this(id, epoch, datacenter, shards, members, Collections.emptySortedSet(), former, seats);
  }

  private static void requireDistinctNodes(
      List<Member> members, SortedSet<NodeId> lost, List<Member> former) {
    Set<Integer> stores = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Member member : members) {
      require(stores.add(member.id().store()), "two nodes with the store of " + member.id());
      if (!lost.contains(member.id())) {
        require(names.add(member.id().name()), "two living nodes named " + member.id().name());
      }
    }
    require(!names.isEmpty(), "nobody is left to decide anything");
    for (Member member : former) {
      require(stores.add(member.id().store()), "two nodes with the store of " + member.id());
    }
  }

  private static void requireSeatsFilled(
      List<Member> members,
      SortedSet<NodeId> lost,
      Shards shards,
      SortedMap<String, List<Seat>> seats) {
    Set<NodeId> owners = new HashSet<>();
    for (Map.Entry<String, List<Seat>> row : seats.entrySet()) {
      require(row.getValue().size() == shards.count(), "rack " + row.getKey() + " lacks seats");
      for (Seat seat : new HashSet<>(row.getValue())) {
        owners.add(seat.owner());
        requireInRack(members, seat.owner(), row.getKey());
        if (seat.successor().isPresent()) {
          NodeId successor = seat.successor().get();
          requireInRack(members, successor, row.getKey());
          require(!lost.contains(successor), successor + " is lost and a successor");
        }
      }
    }
    require(owners.containsAll(lost), "one is lost that owns nothing: " + lost);
  }

  private static void requireInRack(Collection<Member> members, NodeId id, String rack) {
    require(
        members.stream().anyMatch(member -> member.id().equals(id) && member.rack().equals(rack)),
        id + " has a seat in rack " + rack + " and is no member of it");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("not a ring: " + otherwise);
    }
  }

  /** Who decides the next epoch: every member that is not lost. */
  public List<NodeId> voters() {
    return members.stream().map(Member::id).filter(id -> !lost.contains(id)).toList();
  }

  /** Whether these are more than half of the voters; others among them do not count. */
  public boolean isMajority(Set<NodeId> some) {
    List<NodeId> voters = voters();
    return voters.stream().filter(some::contains).count() > voters.size() / 2;
  }

  public boolean isLost(NodeId id) {
    return lost.contains(id);
  }

  /** Whether it lost its seats to another and is not drained or forgotten yet. */
  public boolean isFormer(NodeId id) {
    return former.stream().anyMatch(member -> member.id().equals(id));
  }

  /** Whether it was given up by an operator; it may have seats still, that nobody has taken. */
  public boolean isForgotten(NodeId id) {
    return departed.forgotten().contains(id);
  }

  /** A member or a former one. */
  public Optional<Member> known(NodeId id) {
    return member(id)
        .or(() -> former.stream().filter(member -> member.id().equals(id)).findFirst());
  }

  /** Who must have everything that a former node has before that one may be emptied. */
  public SortedSet<NodeId> presentOwners() {
    SortedSet<NodeId> owners = new TreeSet<>();
    seats.values().forEach(row -> row.forEach(seat -> owners.add(seat.owner())));
    owners.removeAll(departed.forgotten());
    return owners;
  }

  /** Which ring it is; see {@link Lineage}. */
  public Lineage lineage() {
    return new Lineage(epoch, recoveries);
  }

  /** How another ring of the same cluster relates to this one. */
  public Lineage.Relation relationOf(Ring other) {
    return lineage().relationOf(other.lineage());
  }

  public Optional<Member> member(NodeId id) {
    return members.stream().filter(member -> member.id().equals(id)).findFirst();
  }

  /** The member of that name; where one replaces a lost one of the same name, the newcomer. */
  public Optional<Member> memberNamed(String name) {
    return members.stream()
        .filter(member -> member.id().name().equals(name))
        .min(Comparator.comparing(member -> lost.contains(member.id())));
  }

  public Seat seat(String rack, int shard) {
    List<Seat> row = seats.get(rack);
    if (row == null) {
      throw new IllegalArgumentException("no rack '" + rack + "' in ring epoch " + epoch);
    }
    return row.get(shard);
  }

  /** The owners of a shard, one a rack, in the racks' order. */
  public List<NodeId> owners(int shard) {
    List<NodeId> owners = new ArrayList<>();
    seats.values().forEach(row -> owners.add(row.get(shard).owner()));
    return owners;
  }

  /**
   * Everybody who is to be fed a shard's new writes: its owners and their successors, but not who
   * was forgotten.
   */
  public List<NodeId> fed(int shard) {
    List<NodeId> fed = new ArrayList<>();
    for (List<Seat> row : seats.values()) {
      Seat seat = row.get(shard);
      if (!isForgotten(seat.owner())) {
        fed.add(seat.owner());
      }
      seat.successor().ifPresent(fed::add);
    }
    return fed;
  }

  /** The shards that a node owns, ascending. */
  public SortedSet<Integer> ownedBy(NodeId id) {
    SortedSet<Integer> owned = new TreeSet<>();
    for (List<Seat> row : seats.values()) {
      for (int shard = 0; shard < row.size(); shard++) {
        if (row.get(shard).owner().equals(id)) {
          owned.add(shard);
        }
      }
    }
    return owned;
  }

  /** The shards that a node is to take over, ascending. */
  public SortedSet<Integer> succeededBy(NodeId id) {
    SortedSet<Integer> succeeded = new TreeSet<>();
    for (List<Seat> row : seats.values()) {
      for (int shard = 0; shard < row.size(); shard++) {
        if (row.get(shard).successor().filter(id::equals).isPresent()) {
          succeeded.add(shard);
        }
      }
    }
    return succeeded;
  }

  public List<String> racks() {
    return List.copyOf(seats.keySet());
  }
}
