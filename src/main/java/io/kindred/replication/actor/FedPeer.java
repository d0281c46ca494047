package io.kindred.replication.actor;

import io.kindred.membership.ClusterView;
import io.kindred.replication.Cursor;
import io.kindred.replication.Divergence;
import io.kindred.replication.FeedFilter;
import io.kindred.replication.FeedStatus;
import io.kindred.ring.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;

/** One peer as {@link Feeds} sees it: its feeder, if one runs, and what that last reported. */
final class FedPeer {

  /** What a feeder has sent since it began: messages sent again, and bytes of entries in all. */
  record Sent(long resends, long bytes) {}

  private ActorRef<Feeder.Command> feeder;
  private FeedFilter filter;
  private List<Cursor> cursors;
  private Optional<Divergence> diverged;
  private Sent sent = new Sent(0, 0);
  private Feeder.Follow last;

  private FedPeer(
      ActorRef<Feeder.Command> feeder,
      FeedFilter filter,
      List<Cursor> cursors,
      Optional<Divergence> diverged) {
    this.feeder = feeder;
    this.filter = filter;
    this.cursors = List.copyOf(cursors);
    this.diverged = diverged;
  }

  static FedPeer stored(CursorFile.Peer stored) {
    return new FedPeer(
        null, FeedFilter.ofShards(stored.shards()), stored.cursors(), stored.diverged());
  }

  static FedPeer started(
      ActorRef<Feeder.Command> feeder,
      FeedFilter filter,
      List<Cursor> cursors,
      Optional<Divergence> diverged) {
    return new FedPeer(feeder, filter, cursors, diverged);
  }

  Optional<ActorRef<Feeder.Command>> feeder() {
    return Optional.ofNullable(feeder);
  }

  FeedFilter filter() {
    return filter;
  }

  List<Cursor> cursors() {
    return cursors;
  }

  Optional<Divergence> diverged() {
    return diverged;
  }

  void follow(Feeder.Follow follow) {
    if (!follow.equals(last)) {
      last = follow;
      filter = follow.filter();
      feeder.tell(follow);
    }
  }

  /** A peer that comes into reach, or changes its phase, may have restarted: better ask it. */
  void askIfNews(NodeId id, ClusterView before, ClusterView now) {
    boolean same =
        before != null
            && before.reachable().contains(id) == now.reachable().contains(id)
            && before.phase(id) == now.phase(id);
    if (!same && feeder != null) {
      feeder.tell(Feeder.Ask.NOW);
    }
  }

  void report(Feeds.Reported report) {
    cursors = report.cursors();
    diverged = report.diverged();
    sent = report.sent();
  }

  void feederEnded() {
    feeder = null;
    last = null;
  }

  /**
   * What was given up for this peer before a reconciliation began, the peer has now. A feeder that
   * runs judges by itself, since it may have given up more than it has reported.
   */
  void reconciled(NodeId id, Feeds.Reconciled by) {
    if (!by.whole().contains(id)) {
      return;
    }
    if (feeder == null) {
      diverged = diverged.flatMap(known -> known.reconciled(by.startedAtMillis()));
    } else {
      feeder.tell(new Feeder.Whole(by.startedAtMillis()));
    }
  }

  static List<CursorFile.Peer> toStore(Map<NodeId, FedPeer> peers) {
    return peers.entrySet().stream().map(peer -> peer.getValue().toStore(peer.getKey())).toList();
  }

  static List<FeedStatus.Peer> statusOf(Map<NodeId, FedPeer> peers, List<Long> ends) {
    return peers.entrySet().stream()
        .map(peer -> peer.getValue().status(peer.getKey(), ends))
        .toList();
  }

  private CursorFile.Peer toStore(NodeId id) {
    return CursorFile.Peer.of(id, filter.shards(), cursors, diverged);
  }

  private FeedStatus.Peer status(NodeId id, List<Long> ends) {
    List<FeedStatus.Lane> lanes = new ArrayList<>();
    for (int lane = 0; lane < cursors.size(); lane++) {
      lanes.add(new FeedStatus.Lane(ends.get(lane), cursors.get(lane)));
    }
    OptionalLong since = diverged.stream().mapToLong(Divergence::sinceMillis).findFirst();
    return new FeedStatus.Peer(id, lanes, since, sent.resends(), sent.bytes());
  }
}
