package io.kindred.storage.actor;

import io.kindred.replication.Superseded;
import io.kindred.ring.NodeId;
import io.kindred.storage.LaneLog;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The shards of this node as the rest of the node reaches them, once they are loaded.
 *
 * @param actors one a shard, by number
 * @param lanes one a lane, by number; shard s belongs to lane s modulo the lanes
 * @param logs one a lane, by number
 * @param generation of the logs: drawn anew after an unclean stop
 * @param origin the bits of the origin that stamps this boot's writes
 * @param quorums one a lane, by number: who waits there for other racks
 */
public record LocalShards(
    List<ActorRef<ShardProtocol.Command>> actors,
    List<ActorRef<LaneActor.Command>> lanes,
    List<LaneLog> logs,
    long generation,
    long origin,
    List<LaneQuorum> quorums) {

  public ActorRef<ShardProtocol.Command> shard(int number) {
    return actors.get(number);
  }

  /** The lane that a shard belongs to. */
  public int laneOf(int shard) {
    return shard % lanes.size();
  }

  public ActorRef<LaneActor.Command> lane(int number) {
    return lanes.get(number);
  }

  /** The feed of a lane to a peer goes on at a position, and may never bring what lies before. */
  public void gaveUp(int lane, NodeId peer, long position) {
    quorums.get(lane).note(peer, -1);
    lanes.get(lane).tell(new LaneActor.GaveUp(peer, position));
  }

  /**
   * A peer has applied a lane's log up to a position: told to the lane where somebody waits.
   *
   * @param superseded what of it was older than what the peer has
   * @param isWhole whether the peer has everything before that too: its feed never gave anything up
   */
  public void applied(
      int lane, NodeId peer, long position, List<Superseded> superseded, boolean isWhole) {
    quorums.get(lane).note(peer, isWhole ? position : -1);
    if (quorums.get(lane).isWaiting()) {
      lanes.get(lane).tell(new LaneActor.Applied(peer, position, superseded));
    }
  }
}
