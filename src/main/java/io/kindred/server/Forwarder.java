package io.kindred.server;

import io.kindred.membership.ViewBoard;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.storage.actor.Peers;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/**
 * Hands requests to other nodes: one {@link Link} a node, begun when it is first needed. Used from
 * all lanes at once.
 */
final class Forwarder {

  private final ActorSystem<?> system;
  private final Peers peers;
  private final ViewBoard board;
  private final ServerStats stats;
  private final ConcurrentMap<NodeId, LinkQueue> links = new ConcurrentHashMap<>();
  private final AtomicInteger begun = new AtomicInteger();

  Forwarder(ActorSystem<?> system, ViewBoard board, ServerStats stats) {
    this.system = system;
    this.peers = new Peers(system);
    this.board = board;
    this.stats = stats;
  }

  /** Sends a request to a node; its answer comes on any thread. */
  void send(Member member, Request request) {
    LinkQueue queue = links.get(member.id());
    if (queue == null || !queue.member().equals(member)) {
      queue =
          links.compute(
              member.id(),
              (id, known) ->
                  known != null && known.member().equals(member) ? known : begin(member));
    }
    queue.add(request);
  }

  private LinkQueue begin(Member member) {
    LinkQueue queue = new LinkQueue(member);
    // Numbered: a node that moved to another address gets a second link beside the first.
    String name = "forward-" + member.id().name() + "-" + begun.incrementAndGet();
    queue.open(
        system.systemActorOf(
            Link.create(queue, peers.actor(member, Gateway.NAME), board, stats),
            name,
            Props.empty()));
    return queue;
  }

  /** Stops all links; requests under way get no answer any more. */
  void close() {
    links.values().forEach(LinkQueue::close);
  }
}
