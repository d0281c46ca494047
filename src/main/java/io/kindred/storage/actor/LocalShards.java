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

  /**
   * A peer has applied a lane's log up to a position: told to the lane where somebody waits.
   *
   * @param superseded what of it was older than what the peer has
   */
  public void applied(int lane, NodeId peer, long position, List<Superseded> superseded) {
    quorums.get(lane).note(peer, position);
    if (quorums.get(lane).isWaiting()) {
      lanes.get(lane).tell(new LaneActor.Applied(peer, position, superseded));
    }
  }
}
