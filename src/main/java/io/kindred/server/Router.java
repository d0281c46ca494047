package io.kindred.server;

import io.kindred.command.Commands;
import io.kindred.command.Failures;
import io.kindred.command.Reply;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Origin;
import io.kindred.membership.ClusterView;
import io.kindred.membership.ViewBoard;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.storage.actor.LaneActor;
import io.kindred.storage.actor.LocalShards;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each request to where its shard is served. Used from all lanes at once. Never answers
 * MOVED: any node takes any command.
 */
final class Router {

  private final ViewBoard board;
  private final Forwarder forwarder;
  private final Map<Executor, Dispatch> dispatches = new ConcurrentHashMap<>();
  private volatile Routes routes;

  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  /** Below the two seconds that clients wait unless told otherwise. */
  private static final long ANSWERED_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1800);

  /** Null while this node reads its disk. */
  private volatile LocalShards local;

  private volatile SafeRegister safe;

  private volatile Tickets tickets;

  /** Whether this node has been a master since it started. */
  private volatile boolean served;

  Router(ViewBoard board, Forwarder forwarder) {
    this.board = board;
    this.forwarder = forwarder;
    this.routes = Routes.of(board.current());
  }

  /** This node's shards are loaded. To be called before the node says that it serves them. */
  void serve(LocalShards shards, HybridClock clock, Duration safeWithin) {
    tickets = new Tickets(clock, Origin.besideLanes(shards.origin()));
    safe = new SafeRegister(this, tickets, safeWithin);
    local = shards;
  }

  /**
   * Whether this node still reads its disk, or has read it and is about to serve what it owns. What
   * other racks serve is served all the same.
   */
  boolean isLoading() {
    if (local == null) {
      return true;
    }
    ClusterView view = routes().view();
    NodeId self = view.self().id();
    return !served
        && view.phase(self) != Phase.FAILED
        && view.ring().stream()
            .anyMatch(ring -> !ring.ownedBy(self).isEmpty() && !ring.lost().contains(self));
  }

  /** Whether it is loading, and some shard is served by nobody else. */
  boolean isMissedWhileLoading() {
    return isLoading() && !routes().isWhole();
  }

  /** The routes of the newest view. */
  @SuppressWarnings("ReferenceEquality") // a new view is a new object; equals would read the ring
  Routes routes() {
    Routes known = routes;
    ClusterView view = board.current();
    if (known.view() != view) {
      // Two lanes may do this at once; both come to the same.
      known = Routes.of(view);
      routes = known;
      if (view.serves(view.self().id())) {
        served = true;
      }
    }
    return known;
  }

  /**
   * Starts a request. One for a shard of this node is left to the caller, who sends many in one
   * message.
   *
   * @return whether it is for {@link #sendLocal}
   */
  boolean start(Request request) {
    Routes known = routes();
    request.begin(known.stops(request.shard()));
    Routes.Stop stop = request.nextStop();
    if (stop != null && stop.isSelf()) {
      return true;
    }
    send(request, stop, known);
    return false;
  }

  /** The same at one node and no other. */
  boolean startAt(Request request, Routes.Stop stop) {
    request.begin(List.of(stop));
    request.nextStop();
    if (!stop.isSelf()) {
      forwarder.send(stop.member(), request);
    }
    return stop.isSelf();
  }

  /** The same from any thread, beside what connections gather. */
  void askAt(Request request, Routes.Stop stop) {
    if (startAt(request, stop)) {
      sendLocal(laneOf(request.shard()), new Request[] {request});
    }
  }

  /** Starts a request whose key's commands are put in one order, where that is done. */
  void startSafe(Request request) {
    Routes known = routes();
    request.begin(known.order(request.shard()));
    send(request, request.nextStop(), known);
  }

  /** This node's shards; null while it reads its disk. */
  LocalShards local() {
    return local;
  }

  /** What puts commands in order for those that are sent here; null while this node loads. */
  SafeRegister safe() {
    return safe;
  }

  /** What gathers the requests of an event loop's connections. */
  Dispatch dispatch(Executor loop) {
    return dispatches.computeIfAbsent(loop, any -> new Dispatch(this, loop));
  }

  /** Which of this node's lanes runs a shard's commands. */
  int laneOf(int shard) {
    return local.laneOf(shard);
  }

  /** Hands requests that {@link #start} left over to their lane. */
  void sendLocal(int lane, Request[] requests) {
    local.lane(lane).tell(new LaneActor.Execute(requests));
  }

  /** The node asked last does not serve the shard: on to the next, or the client is told. */
  void goOn(Request request) {
    if (System.nanoTime() - request.begunNanos() > ANSWERED_WITHIN_NANOS) {
      request.giveUp();
      return;
    }
    send(request, request.nextStop(), routes());
  }

  private void send(Request request, Routes.Stop stop, Routes known) {
    if (stop == null && (request.isUnserved() || request.isUncertain())) {
      return;
    }
    if (stop == null) {
      request.answer(
          local == null
              ? Failures.LOADING
              : new Reply.Failure(
                  (isLoading() ? "LOADING " : "CLUSTERDOWN ") + known.notServed(request.shard())));
    } else if (stop.isSelf() && request.level().isSafe()) {
      safe.run(request);
    } else if (stop.isSelf()) {
      sendLocal(laneOf(request.shard()), new Request[] {request});
    } else {
      stampIfRepeatable(request);
      forwarder.send(stop.member(), request);
    }
  }

  /** So that a second owner may be asked for the same, should the first die with the answer. */
  private void stampIfRepeatable(Request request) {
    Tickets giver = tickets;
    if (request.isWrite()
        && giver != null
        && request.version() == null
        && board.clocks().refusal() == null
        && Commands.isRepeatable(request.args())) {
      stampAbove(request, 0);
    }
  }

  /**
   * An owner has something newer of the key and has done nothing: asks it again with a newer
   * version.
   */
  void goOnAbove(Request request, long least, Member owner) {
    stampAbove(request, least);
    forwarder.send(owner, request);
  }

  private void stampAbove(Request request, long least) {
    try {
      request.stamp(tickets.above(least));
    } catch (UncheckedIOException diskFails) {
      // The owner stamps it then, and nobody else can be asked for the same.
      LOG.debug("no version can be given", diskFails);
      request.stamp(null);
    }
  }
}
