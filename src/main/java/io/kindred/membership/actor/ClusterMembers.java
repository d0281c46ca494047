package io.kindred.membership.actor;

import io.kindred.ring.Member;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;

/** What Pekko's membership tells a ring keeper, and the one thing it is told in turn. */
final class ClusterMembers {

  static final RingProtocol.Outcome NOT_JOINED =
      new RingProtocol.Refused("this process is not a member of the cluster yet");

  private final ActorSystem<?> system;
  private final Cluster cluster;
  // Of spares that were lost and of nodes that moved: the ring forgets these addresses, while
  // Pekko still waits for them.
  private final Set<String> dropped = new HashSet<>();

  ClusterMembers(ActorSystem<?> system) {
    this.system = system;
    this.cluster = Cluster.get(system);
  }

  /** The Artery addresses of those of this datacenter that are Up, this node included. */
  Set<String> upAddresses() {
    return addresses(status -> status.equals(MemberStatus.up()));
  }

  /**
   * The Artery addresses of the ring's other members and former nodes, and of those of this
   * datacenter that may be given work, who need not be the same. A former node hears by this whom
   * it reaches, and that it is former.
   */
  Set<String> others(Optional<Ring> ring, Member self) {
    Set<String> others = addresses(ClusterMembers::isJoined);
    ring.ifPresent(known -> others.addAll(addresses(known)));
    others.remove(self.arteryAddress());
    return others;
  }

  private static Set<String> addresses(Ring ring) {
    return Stream.concat(ring.members().stream(), ring.former().stream())
        .map(Member::arteryAddress)
        .collect(Collectors.toSet());
  }

  private static boolean isJoined(MemberStatus status) {
    return status.equals(MemberStatus.up()) || status.equals(MemberStatus.weaklyUp());
  }

  /**
   * Whether this process may ask for the change: to join the ring only as a member of the cluster.
   * Its address may be one before that: as that of the node it replaces. When that one is removed,
   * Pekko ends whatever it watches at the address, the newcomer's streams included.
   */
  boolean mayPropose(RingChange change) {
    return !(change instanceof RingChange.Join) || isJoined(cluster.selfMember().status());
  }

  private Set<String> addresses(Predicate<MemberStatus> wanted) {
    String datacenter = cluster.selfMember().dataCenter();
    Set<String> addresses = new HashSet<>();
    cluster
        .state()
        .getMembers()
        .forEach(
            member -> {
              if (member.dataCenter().equals(datacenter) && wanted.test(member.status())) {
                addresses.add(member.address().toString());
              }
            });
    return addresses;
  }

  /** Takes note of the addresses that a newer ring no longer has. */
  void ringChanged(Ring before, Ring now) {
    dropped.addAll(addresses(before));
    now.members().forEach(member -> dropped.remove(member.arteryAddress()));
  }

  /**
   * Downs the unreachable members that the ring has given up: the only downing there is. An address
   * that a living node has taken over is left alone.
   *
   * @param inReach addresses from which something was heard lately
   */
  void downGone(Ring ring, Set<String> inReach) {
    Set<String> gone = new HashSet<>(dropped);
    ring.former().forEach(member -> gone.add(member.arteryAddress()));
    Set<String> alive = new HashSet<>(inReach);
    for (Member member : ring.members()) {
      (ring.isLost(member.id()) ? gone : alive).add(member.arteryAddress());
    }
    gone.removeAll(alive);
    for (org.apache.pekko.cluster.Member unreachable : cluster.state().getUnreachable()) {
      Address address = unreachable.address();
      if (gone.contains(address.toString()) && !unreachable.status().equals(MemberStatus.down())) {
        system.log().warn("downing {}: the ring has given it up", address);
        cluster.manager().tell(new Down(address));
      }
    }
  }
}
