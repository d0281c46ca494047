package io.kindred.ring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the first ring is made: once each planned rack has its planned nodes, the first of them by
 * name get its shards in contiguous, even ranges. Nodes beyond the plan join later, as spares.
 *
 * @param racks the planned racks
 * @param nodesPerRack how many nodes each rack is to start with, at least 1
 */
public record Founding(String datacenter, List<String> racks, int nodesPerRack, Shards shards) {

  /**
   * Seats in all racks together. A change of the ring is decided with two rings in one message of
   * at most 256 KiB, and a seat takes up to 55 bytes.
   */
  public static final int SEATS_MAX = 2000;

  /** The epoch of a first ring. */
  public static final long FIRST_EPOCH = 1;

  /** Whether the cluster can be founded. */
  public sealed interface Result {}

  /** It can, with this ring; all of its members must agree. */
  public record Ready(Ring ring) implements Result {}

  /** Not yet; this is still missing, in words. */
  public record Missing(String what) implements Result {}

  public Founding {
    racks = List.copyOf(racks);
    if (racks.isEmpty() || racks.size() != new HashSet<>(racks).size()) {
      throw new IllegalArgumentException("racks are planned by distinct names: " + racks);
    }
    if (racks.size() * shards.count() > SEATS_MAX) {
      throw new IllegalArgumentException(
          racks.size()
              + " racks of "
              + shards.count()
              + " shards are more than "
              + SEATS_MAX
              + " seats, which no message of the ring's consensus could hold");
    }
    if (nodesPerRack < 1 || nodesPerRack > shards.count()) {
      throw new IllegalArgumentException(
          "each rack has 1 to " + shards.count() + " nodes: " + nodesPerRack);
    }
  }

  /**
   * The first ring, or what is still missing.
   *
   * @param seen who is there, in any order
   * @param id what the ring is to be called, drawn at random
   */
  public Result with(Collection<Member> seen, long id) {
    Set<String> names = new HashSet<>();
    Set<Integer> stores = new HashSet<>();
    Set<String> addresses = new HashSet<>();
    for (Member member : seen) {
      if (!names.add(member.id().name())
          || !stores.add(member.id().store())
          || !addresses.add(member.arteryAddress())) {
        return new Missing("a name, store or address of its own for " + member.id());
      }
    }
    List<Member> founders = new ArrayList<>();
    SortedMap<String, List<Seat>> seats = new TreeMap<>();
    for (String rack : racks) {
      List<Member> ofRack =
          seen.stream()
              .filter(member -> member.rack().equals(rack))
              .sorted(Comparator.comparing(Member::id))
              .limit(nodesPerRack)
              .toList();
      if (ofRack.size() < nodesPerRack) {
        return new Missing((nodesPerRack - ofRack.size()) + " of rack " + rack);
      }
      founders.addAll(ofRack);
      seats.put(rack, deal(ofRack));
    }
    founders.sort(Comparator.comparing(Member::id));
    return new Ready(new Ring(id, FIRST_EPOCH, datacenter, shards, founders, List.of(), seats));
  }

  private List<Seat> deal(List<Member> ofRack) {
    List<Seat> row = new ArrayList<>();
    for (int shard = 0; shard < shards.count(); shard++) {
      row.add(Seat.of(ofRack.get(shard * ofRack.size() / shards.count()).id()));
    }
    return row;
  }
}
