package io.kindred.warmup;

import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.ring.RingChanges;
import io.kindred.ring.Seat;
import io.kindred.ring.Shards;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rings for tests: racks r1, r2, … with one owner each, named n1, n2, …, and spares. */
public final class Rings {

  private Rings() {}

  /** The node whose name is n and a number, in the rack of that number. */
  public static NodeId node(int number) {
    return new NodeId("n" + number, number);
  }

  /** The member of that number; {@code rack} r and a number. */
  public static Member member(int number, int rack) {
    return new Member(node(number), "r" + rack, "127.0.0.1", 1, 2, 20000 + number);
  }

  /** A ring of so many racks with one owner each. */
  public static Ring of(int racks, int shards, Member... spares) {
    List<Member> members = new ArrayList<>();
    SortedMap<String, List<Seat>> seats = new TreeMap<>();
    for (int rack = 1; rack <= racks; rack++) {
      members.add(member(rack, rack));
      seats.put("r" + rack, Collections.nCopies(shards, Seat.of(node(rack))));
    }
    members.addAll(List.of(spares));
    return new Ring(7, 1, "dc", new Shards(shards), members, List.of(), seats);
  }

  /** The next ring, with a rack's seats so. */
  public static Ring with(Ring ring, int rack, NodeId owner, Optional<NodeId> successor) {
    SortedMap<String, List<Seat>> seats = new TreeMap<>(ring.seats());
    seats.put("r" + rack, Collections.nCopies(ring.shards().count(), new Seat(owner, successor)));
    return new Ring(
        ring.id(),
        ring.epoch() + 1,
        ring.datacenter(),
        ring.shards(),
        ring.members(),
        ring.former(),
        seats);
  }

  /** The next ring, with one more member. */
  public static Ring joined(Ring ring, Member member) {
    List<Member> members = new ArrayList<>(ring.members());
    members.add(member);
    return new Ring(
        ring.id(),
        ring.epoch() + 1,
        ring.datacenter(),
        ring.shards(),
        members,
        ring.former(),
        ring.seats());
  }

  /** The ring that a change makes of another. */
  public static Ring changed(Ring ring, RingChange change) {
    return ((RingChanges.Next) RingChanges.apply(ring, change)).ring();
  }
}
