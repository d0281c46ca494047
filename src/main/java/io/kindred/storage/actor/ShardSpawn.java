package io.kindred.storage.actor;

import io.kindred.membership.ViewBoard;
import io.kindred.storage.Shard;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** A node's shards and lanes as actors, each on the dispatcher of its lane. */
final class ShardSpawn {

  private ShardSpawn() {}

  /** Spawns them as children of the Node actor. */
  static LocalShards spawn(ActorContext<?> context, Node.Parts parts, ViewBoard board) {
    List<ActorRef<ShardProtocol.Command>> actors = new ArrayList<>();
    List<List<ShardDesk>> desks = new ArrayList<>();
    parts.logs().forEach(log -> desks.add(new ArrayList<>()));
    for (Shard shard : parts.shards()) {
      int lane = shard.number() % parts.logs().size();
      ShardDesk desk = new ShardDesk(shard, parts.ringShards());
      desks.get(lane).add(desk);
      actors.add(
          context.spawn(
              ShardActor.create(desk, parts.logs().get(lane)),
              "shard-" + shard.number(),
              DispatcherSelector.fromConfig(LaneExecutor.dispatcher(lane))));
    }
    List<ActorRef<LaneActor.Command>> lanes = new ArrayList<>();
    List<LaneQuorum> quorums =
        parts.logs().stream().map(log -> new LaneQuorum(board, log, parts.quorumWithin())).toList();
    for (int lane = 0; lane < desks.size(); lane++) {
      lanes.add(
          context.spawn(
              LaneActor.create(
                  lane, desks.get(lane), parts.logs().get(lane), parts.budget(), quorums.get(lane)),
              "lane-" + lane,
              DispatcherSelector.fromConfig(LaneExecutor.dispatcher(lane))));
    }
    return new LocalShards(
        actors, lanes, parts.logs(), parts.generation(), parts.origin(), quorums);
  }
}
