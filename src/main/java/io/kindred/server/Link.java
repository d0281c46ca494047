package io.kindred.server;

import io.kindred.command.Reply;
import io.kindred.membership.ViewBoard;
import io.kindred.ring.Member;
import io.kindred.wire.Fragment;
import io.kindred.wire.FragmentReceiver;
import io.kindred.wire.FragmentReceiver.Received;
import io.kindred.wire.FragmentSender;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Sends requests to one other node's {@link Gateway}, many in one message, and hands its answers
 * out. A request whose fate is not known is never sent again if it writes: it might count twice.
 */
final class Link extends AbstractBehavior<GatewayProtocol.ToLink> {

  /** What this node itself says to a link. */
  enum Local implements GatewayProtocol.ToLink {
    /** Requests wait in the queue. */
    LOOK,
    /** Time has passed. */
    TICK,
    STOP
  }

  /** Fragments on their way in each direction: 2 MB, where Artery's queue holds 3,072 messages. */
  static final int WINDOW = 16;

  /** After so many fragments without an occasion to acknowledge them, it is done expressly. */
  static final int ACKNOWLEDGE_AFTER = 4;

  /** The largest message of a link: one command with all its arguments, or its reply. */
  static final long MESSAGE_BYTES_MAX = 1L << 30;

  /** What may wait for the window; beyond it requests are refused rather than memory filled. */
  private static final long QUEUED_BYTES_MAX = 512L << 20;

  private static final Duration TICK_EVERY = Duration.ofMillis(100);

  /** After so long without a word a session is not gone on with: the gateway forgets quiet ones. */
  static final Duration QUIET_AFTER = Duration.ofMinutes(1);

  private final LinkQueue queue;
  private final Member member;
  private final ActorRef<GatewayProtocol.Command> gateway;
  private final ViewBoard board;
  private final ServerStats stats;
  private final InFlight inFlight = new InFlight();
  private final Outgoing outgoing = new Outgoing(inFlight);
  private FragmentSender sender;
  private FragmentReceiver receiver;
  private long session;
  private int unacknowledged;
  private long progressNanos = System.nanoTime() - InFlight.LONGEST_NANOS;
  private long heardNanos = System.nanoTime();
  private long saidNanos = System.nanoTime();
  private final Suspicion suspicion = new Suspicion();

  private Link(
      ActorContext<GatewayProtocol.ToLink> context,
      LinkQueue queue,
      ActorRef<GatewayProtocol.Command> gateway,
      ViewBoard board,
      ServerStats stats) {
    super(context);
    this.queue = queue;
    this.member = queue.member();
    this.gateway = gateway;
    this.board = board;
    this.stats = stats;
    beginSession();
  }

  static Behavior<GatewayProtocol.ToLink> create(
      LinkQueue queue,
      ActorRef<GatewayProtocol.Command> gateway,
      ViewBoard board,
      ServerStats stats) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  context.setLoggerName(Link.class);
                  timers.startTimerWithFixedDelay(Local.TICK, TICK_EVERY);
                  return new Link(context, queue, gateway, board, stats);
                }));
  }

  @Override
  public Receive<GatewayProtocol.ToLink> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Local.LOOK, this::onLook)
        .onMessage(GatewayProtocol.Replies.class, this::onReplies)
        .onMessage(GatewayProtocol.RequestsReceived.class, this::onRequestsReceived)
        .onMessage(GatewayProtocol.Broken.class, this::onBroken)
        .onMessageEquals(Local.TICK, this::onTick)
        .onMessageEquals(Local.STOP, Behaviors::stopped)
        .build();
  }

  private void beginSession() {
    session++;
    sender = new FragmentSender(session, WINDOW);
    receiver = new FragmentReceiver(MESSAGE_BYTES_MAX);
    unacknowledged = 0;
  }

  private Behavior<GatewayProtocol.ToLink> onLook() {
    queue.looking();
    long quiet = System.nanoTime() - Math.max(heardNanos, saidNanos);
    if (inFlight.isEmpty() && sender.queuedBytes() == 0 && quiet > QUIET_AFTER.toNanos()) {
      beginSession();
    }
    outgoing.begin(sender, false);
    for (Request request = queue.take(); request != null; request = queue.take()) {
      long size = RequestBatch.sizeOf(request.args());
      if (!isReachable() || suspicion.isBetterAskedElsewhere(request)) {
        guarded(request, Request::notServing);
      } else if (sender.queuedBytes() + size > QUEUED_BYTES_MAX || size > MESSAGE_BYTES_MAX) {
        request.answer(
            new Reply.Failure(
                "ERR too much waits to be sent to " + member.id().name() + ", not applied"));
      } else {
        stats.commandForwarded();
        outgoing.add(request, size);
      }
    }
    outgoing.seal();
    pump();
    return this;
  }

  private void heard() {
    heardNanos = System.nanoTime();
    suspicion.heard();
  }

  private void pump() {
    Optional<Fragment> next = sender.poll();
    while (next.isPresent()) {
      gateway.tell(
          new GatewayProtocol.Requests(next.get(), receiver.received(), getContext().getSelf()));
      saidNanos = System.nanoTime();
      unacknowledged = 0;
      next = sender.poll();
    }
    if (unacknowledged >= ACKNOWLEDGE_AFTER) {
      gateway.tell(
          new GatewayProtocol.RepliesReceived(
              session, receiver.received(), getContext().getSelf()));
      unacknowledged = 0;
    }
  }

  private Behavior<GatewayProtocol.ToLink> onReplies(GatewayProtocol.Replies replies) {
    if (replies.fragment().session() != session) {
      return this;
    }
    heard();
    acknowledged(replies.requestsReceived());
    Received received = receiver.accept(replies.fragment());
    unacknowledged++;
    if (received instanceof Received.Message message) {
      handOut(message.bytes());
    } else if (received instanceof Received.More) {
      progressNanos = heardNanos;
    } else if (received instanceof Received.Broken broken) {
      restart(broken.reason());
    }
    pump();
    return this;
  }

  private Behavior<GatewayProtocol.ToLink> onRequestsReceived(
      GatewayProtocol.RequestsReceived received) {
    if (received.session() == session) {
      heard();
      acknowledged(received.count());
      pump();
    }
    return this;
  }

  private void acknowledged(long upTo) {
    if (sender.queuedBytes() > 0) {
      progressNanos = System.nanoTime();
    }
    sender.acknowledge(upTo);
  }

  private void handOut(byte[] batch) {
    try {
      for (ReplyBatch.Item item : ReplyBatch.read(batch)) {
        InFlight.Entry entry = inFlight.remove(item.id());
        if (entry != null) {
          guarded(entry.request(), request -> request.take(item, member));
        }
      }
    } catch (IOException unreadable) {
      restart("an unreadable batch of replies: " + unreadable.getMessage());
    }
  }

  /** Whoever asked may fail over the answer; the others, and the link, go on. */
  private void guarded(Request request, Consumer<Request> step) {
    try {
      step.accept(request);
    } catch (RuntimeException e) {
      getContext()
          .getLog()
          .error("an answer of {} in shard {} was not taken", member.id(), request.shard(), e);
    }
  }

  private Behavior<GatewayProtocol.ToLink> onBroken(GatewayProtocol.Broken broken) {
    if (broken.session() == session) {
      List<InFlight.Entry> refused =
          inFlight.removeIf(entry -> entry.lastFragment() >= broken.refused());
      restart(broken.reason());
      sendAgain(refused);
      pump();
    }
    return this;
  }

  /** Once: they were refused unread, by a gateway that did not know the session. */
  private void sendAgain(List<InFlight.Entry> refused) {
    outgoing.begin(sender, true);
    for (InFlight.Entry entry : refused) {
      Request request = entry.request();
      if (entry.again()) {
        guarded(request, Request::notServing);
      } else {
        outgoing.add(request, RequestBatch.sizeOf(request.args()));
      }
    }
    outgoing.seal();
  }

  private Behavior<GatewayProtocol.ToLink> onTick() {
    boolean isDeaf = false;
    boolean isStuck = false;
    for (InFlight.Entry entry :
        inFlight.removeExpired(System.nanoTime(), progressNanos, this::isSent)) {
      isDeaf |= heardNanos - entry.sentNanos() < 0;
      // It is taken elsewhere now, so its bytes must not leave any more.
      isStuck |= !isSent(entry);
      giveUp(entry, "did not answer in time");
    }
    if (isDeaf) {
      suspicion.silent();
      restart("nothing came within the deadline");
    } else if (isStuck) {
      restart("requests could not be sent within the deadline");
    } else if (sender.queuedBytes() > 0 && !isReachable()) {
      restart("the node is out of reach");
    }
    pump();
    return this;
  }

  private boolean isSent(InFlight.Entry entry) {
    return sender.hasSent(entry.lastFragment());
  }

  private boolean isReachable() {
    return board.current().reachable().contains(member.id());
  }

  private void restart(String reason) {
    getContext()
        .getLog()
        .warn("the link to {} begins anew after session {}: {}", member.id(), session, reason);
    List<InFlight.Entry> left = inFlight.removeAll();
    left.forEach(entry -> giveUp(entry, "lost its connection to this node"));
    beginSession();
  }

  private void giveUp(InFlight.Entry entry, String why) {
    boolean isSent = isSent(entry);
    guarded(entry.request(), request -> request.unanswered(isSent, member, why));
  }
}
