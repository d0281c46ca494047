package io.kindred.server;

import io.kindred.command.CommandSpec;
import io.kindred.command.CommandSpec.Action;
import io.kindred.command.Consistency;
import io.kindred.command.Reply;
import io.kindred.command.ShardCommand;
import io.kindred.entry.Key;
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

  /** Runs a command in the shards that hold its keys, at a level. */
  void run(CommandSpec spec, byte[][] args, Consistency level, Request.Answered answered) {
    Routes routes = router.routes();
    if (routes.shardCount() == 0) {
      answered.onReply(
          new Reply.Failure(
              "CLUSTERDOWN the cluster has not formed yet: wait until every rack has its nodes"));
    } else if (level.isSafe() && SafeRegister.refusal(spec, args) != null) {
      answered.onReply(SafeRegister.refusal(spec, args));
    } else if (spec.action() instanceof Action.OnShard one) {
      run(spec, one.command(), args, Key.of(args[spec.firstKey()]), level, answered);
    } else if (spec.action() instanceof Action.OnEachKey each) {
      runOnEachKey(spec, each, args, level, answered);
    } else {
      throw new IllegalArgumentException(spec.name() + " does not run in shards");
    }
  }

  private void runOnEachKey(
      CommandSpec spec,
      Action.OnEachKey each,
      byte[][] args,
      Consistency level,
      Request.Answered answered) {
    int keys = (args.length - spec.firstKey()) / spec.step();
    JoinedReply joined = new JoinedReply(each.join(), spec.isWrite(), keys, answered);
    for (int i = 0; i < keys; i++) {
      byte[][] own = new byte[1 + spec.step()][];
      own[0] = args[0];
      System.arraycopy(args, spec.firstKey() + i * spec.step(), own, 1, spec.step());
      int part = i;
      run(spec, each.command(), own, Key.of(own[1]), level, reply -> joined.set(part, reply));
    }
  }

  private void run(
      CommandSpec spec,
      ShardCommand command,
      byte[][] args,
      Key key,
      Consistency level,
      Request.Answered answered) {
    Request request =
        new Request(
            router,
            command,
            args,
            router.routes().shards().shardOf(key.slot()),
            key,
            spec.isWrite(),
            level,
            answered);
    if (level.isSafe()) {
      router.startSafe(request);
    } else if (level == Consistency.DC_QUORUM && !spec.isWrite()) {
      new QuorumRead(router, request).begin(this);
    } else {
      add(request);
    }
  }

  /** Starts a request now or, where it is for a shard of this node, at the end of the turn. */
  void add(Request request) {
    if (router.start(request)) {
      gather(request);
    }
  }

  private void gather(Request request) {
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

  /** The same for a node that was chosen. */
  void add(Request request, Routes.Stop stop) {
    if (router.startAt(request, stop)) {
      gather(request);
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
