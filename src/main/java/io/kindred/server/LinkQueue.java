package io.kindred.server;

import io.kindred.ring.Member;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where lanes put requests for one other node, and its {@link Link} takes them. The link is woken
 * once for all that comes until it looks, so that what comes together travels together.
 */
final class LinkQueue {

  private final Member member;
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile ActorRef<GatewayProtocol.ToLink> link;

  LinkQueue(Member member) {
    this.member = member;
  }

  void open(ActorRef<GatewayProtocol.ToLink> actor) {
    link = actor;
  }

  Member member() {
    return member;
  }

  void add(Request request) {
    requests.add(request);
    if (woken.compareAndSet(false, true)) {
      link.tell(Link.Local.LOOK);
    }
  }

  /** For the link alone: before it takes what is there. */
  void looking() {
    woken.set(false);
  }

  /** For the link alone: the next request, or null. */
  Request take() {
    return requests.poll();
  }

  void close() {
    link.tell(Link.Local.STOP);
  }
}
