package io.kindred.ring;

import java.util.ArrayList;
import java.util.List;

/** Rings for tests. */
public final class Rings {

  private Rings() {}

  /** A member whose rack is its name's first letter, at an address made of its store. */
  public static Member member(String name, int store) {
    return new Member(
        new NodeId(name, store),
        name.substring(0, 1),
        "127.0.0.1",
        10_000 + store,
        20_000 + store,
        30_000 + store);
  }

  /** A ring in its first epoch, of 8 shards, dealt among nodes with the stores 1, 2, 3... */
  public static Ring of(String... names) {
    List<Member> members = new ArrayList<>();
    for (String name : names) {
      members.add(member(name, members.size() + 1));
    }
    List<String> racks = members.stream().map(Member::rack).distinct().toList();
    Founding founding = new Founding("dc", racks, names.length / racks.size(), new Shards(8));
    if (founding.with(members, 42) instanceof Founding.Ready ready) {
      return ready.ring();
    }
    throw new IllegalArgumentException("no even ring: " + members);
  }

  /** The ring after changes that it must allow. */
  public static Ring after(Ring ring, RingChange... changes) {
    Ring next = ring;
    for (RingChange change : changes) {
      if (!(RingChanges.apply(next, change) instanceof RingChanges.Next applied)) {
        throw new IllegalArgumentException(
            change + " gives " + RingChanges.apply(next, change) + " on " + next);
      }
      next = applied.ring();
    }
    return next;
  }
}
