package io.kindred.server;

import io.kindred.command.CommandSpec;
import io.kindred.command.CommandSpec.Action;
import io.kindred.command.Reply;
import io.kindred.entry.Key;
import io.kindred.ring.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Gathers what the connections of one event loop ask of this node's shards in one turn of the loop,
 * so that each lane gets one message a turn. On that loop only; requests stay in the order in which
 * they were added.
 */
final class Dispatch {

  /** A lane that gets more at once would keep what comes behind it waiting for a millisecond. */
  private static final int BATCH_MAX = 256;

  private final Router router;
  private final Executor loop;
  private final List<List<Request>> byLane = new ArrayList<>();

  private final Runnable send = this::send;
  private boolean sendAsked;

  Dispatch(Router router, Executor loop) {
    this.router = router;
    this.loop = loop;
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

  /** Starts a request now or, where it is for a shard of this node, at the end of the turn. */
  void add(Request request) {
    if (!router.start(request)) {
      return;
    }
    int lane = router.laneOf(request.shard());
    while (byLane.size() <= lane) {
      byLane.add(new ArrayList<>());
    }
    List<Request> requests = byLane.get(lane);
    requests.add(request);
    if (requests.size() >= BATCH_MAX) {
      send(lane);
    } else if (!sendAsked) {
      sendAsked = true;
      loop.execute(send);
    }
  }

  /** Hands over now what was gathered: for who must come behind it. */
  void send() {
    sendAsked = false;
    for (int lane = 0; lane < byLane.size(); lane++) {
      if (!byLane.get(lane).isEmpty()) {
        send(lane);
      }
    }
  }

  private void send(int lane) {
    List<Request> requests = byLane.get(lane);
    router.sendLocal(lane, requests.toArray(new Request[0]));
    requests.clear();
  }
}
