package io.kindred.replication.actor;

import io.kindred.replication.Cursor;
import io.kindred.replication.FeedStart;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.storage.LaneLog;
import io.kindred.storage.actor.LocalShards;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Where in each lane's log a feed begins, and as which session; {@link FeedStart} has the rule,
 * this the logs.
 *
 * @param recoveredEnds where the logs ended when this node began
 * @param sessions the number of the last session
 */
record LaneStarts(LocalShards shards, List<Long> recoveredEnds, AtomicLong sessions) {

  /** To be made before the node serves its first client. */
  static LaneStarts of(LocalShards shards) {
    // Sessions begin with the boot number, and go on counting where their actor is restarted.
    return new LaneStarts(
        shards,
        shards.logs().stream().map(LaneLog::end).toList(),
        new AtomicLong(shards.origin() << 32));
  }

  /** A number that no session of this boot had before. */
  long nextSession() {
    return sessions.incrementAndGet();
  }

  /** For a peer of which these cursors were stored, or none. */
  List<FeedStart> known(Optional<List<Cursor>> stored) {
    return lanes(lane -> FeedStart.known(stored.map(cursors -> cursors.get(lane)), log(lane)));
  }

  /**
   * For one that is new, by its rack. Any owner may be the source of its copy, one that is out of
   * reach of this node too; but not the one in its own rack whose place it takes.
   */
  Map<String, List<FeedStart>> newcomers(
      Ring ring, Map<NodeId, FedPeer> peers, Predicate<NodeId> outOfReach) {
    Map<String, List<FeedStart>> starts = new TreeMap<>();
    for (String rack : ring.racks()) {
      List<List<Cursor>> sources =
          peers.entrySet().stream()
              .filter(peer -> !outOfReach.test(peer.getKey()) || !isIn(rack, ring, peer.getKey()))
              .map(peer -> peer.getValue().cursors())
              .toList();
      starts.put(rack, newcomers(sources));
    }
    return starts;
  }

  private static boolean isIn(String rack, Ring ring, NodeId node) {
    return ring.member(node).filter(member -> member.rack().equals(rack)).isPresent();
  }

  /** For one that is new, beside peers that stand at these cursors. */
  private List<FeedStart> newcomers(List<List<Cursor>> others) {
    return lanes(
        lane ->
            FeedStart.newcomer(
                others.stream().mapToLong(cursors -> cursors.get(lane).applied()).min(),
                log(lane)));
  }

  /** Lane by lane the one that begins earlier. */
  static List<FeedStart> lower(List<FeedStart> some, List<FeedStart> others) {
    List<FeedStart> lower = new ArrayList<>();
    for (int lane = 0; lane < some.size(); lane++) {
      FeedStart one = some.get(lane);
      FeedStart other = others.get(lane);
      lower.add(one.cursor().applied() <= other.cursor().applied() ? one : other);
    }
    return lower;
  }

  /** Where each lane's log ends now. */
  List<Long> ends() {
    return lanes(lane -> shards.logs().get(lane).end());
  }

  private <T> List<T> lanes(IntFunction<T> each) {
    return IntStream.range(0, shards.logs().size()).mapToObj(each).toList();
  }

  private FeedStart.Log log(int lane) {
    LaneLog log = shards.logs().get(lane);
    return new FeedStart.Log(shards.generation(), log.oldest(), recoveredEnds.get(lane), log.end());
  }
}
