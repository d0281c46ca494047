package io.kindred.server;

import io.kindred.command.CommandSpec;
import io.kindred.command.CommandSpec.Action;
import io.kindred.command.Reply;
import io.kindred.entry.Key;
import io.kindred.ring.Shards;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers what one batch of a connection's commands asks of this node's shards, so that each lane
 * gets one message. Of one connection, on its event loop.
 */
final class Dispatch {

  private final Router router;
  private final List<List<Request>> byLane = new ArrayList<>();

  Dispatch(Router router) {
    this.router = router;
  }

  /** Runs a command in the shards that hold its keys. */
  void run(CommandSpec spec, byte[][] args, Request.Answered answered) {
    Routes routes = router.routes();
    if (routes.shardCount() == 0) {
      answered.onReply(
          new Reply.Failure(
              "CLUSTERDOWN the cluster has not formed yet: wait until every rack has its nodes"));
    } else if (spec.action() instanceof Action.OnShard one) {
      Key key = Key.of(args[spec.firstKey()]);
      add(
          new Request(
              router,
              one.command(),
              args,
              routes.shards().shardOf(key.slot()),
              key,
              spec.isWrite(),
              answered));
    } else if (spec.action() instanceof Action.OnEachKey each) {
      runOnEachKey(spec, each, args, routes.shards(), answered);
    } else {
      throw new IllegalArgumentException(spec.name() + " does not run in shards");
    }
  }

  private void runOnEachKey(
      CommandSpec spec,
      Action.OnEachKey each,
      byte[][] args,
      Shards shards,
      Request.Answered answered) {
    int keys = (args.length - spec.firstKey()) / spec.step();
    JoinedReply joined = new JoinedReply(each.join(), keys, answered);
    for (int i = 0; i < keys; i++) {
      byte[][] own = new byte[1 + spec.step()][];
      own[0] = args[0];
      System.arraycopy(args, spec.firstKey() + i * spec.step(), own, 1, spec.step());
      int part = i;
      Key key = Key.of(own[1]);
      add(
          new Request(
              router,
              each.command(),
              own,
              shards.shardOf(key.slot()),
              key,
              spec.isWrite(),
              reply -> joined.set(part, reply)));
    }
  }

  /** Starts a request now or, where it is for a shard of this node, with {@link #send}. */
  void add(Request request) {
    if (router.start(request)) {
      int lane = router.laneOf(request.shard());
      while (byLane.size() <= lane) {
        byLane.add(new ArrayList<>());
      }
      byLane.get(lane).add(request);
    }
  }

  /** Hands over what was gathered. */
  void send() {
    for (int lane = 0; lane < byLane.size(); lane++) {
      List<Request> requests = byLane.get(lane);
      if (!requests.isEmpty()) {
        router.sendLocal(lane, requests.toArray(new Request[0]));
        requests.clear();
      }
    }
  }
}
