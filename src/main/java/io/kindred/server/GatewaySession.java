package io.kindred.server;

import io.kindred.command.Arguments;
import io.kindred.command.Call;
import io.kindred.command.CommandSpec;
import io.kindred.command.Commands;
import io.kindred.command.Reply;
import io.kindred.command.ShardCommand;
import io.kindred.storage.actor.LaneActor;
import io.kindred.storage.actor.LocalShards;
import io.kindred.wire.Fragment;
import io.kindred.wire.FragmentReceiver;
import io.kindred.wire.FragmentReceiver.Received;
import io.kindred.wire.FragmentSender;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's end of one link: runs its requests in this node's shards, sends the answers. */
final class GatewaySession extends AbstractBehavior<GatewayProtocol.Command> {

  private enum Local implements GatewayProtocol.Command {
    /** Answers wait. */
    LOOK,
    /** The link has said nothing for long; if it lives, it will begin anew. */
    IDLE
  }

  /** Answers wait with the shards' values shared while so much is queued in copies. */
  private static final long QUEUED_BYTES_MAX = 8L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(GatewaySession.class);

  private final LocalShards shards;
  private final Consumer<Call> safe;
  private final ServerStats stats;
  private final ActorRef<GatewayProtocol.ToLink> link;
  private final FragmentReceiver receiver = new FragmentReceiver(Link.MESSAGE_BYTES_MAX);
  private FragmentSender sender = new FragmentSender(Long.MIN_VALUE, Link.WINDOW);
  private Answers answers;
  private int unacknowledged;

  private GatewaySession(
      ActorContext<GatewayProtocol.Command> context,
      LocalShards shards,
      Consumer<Call> safe,
      ServerStats stats,
      ActorRef<GatewayProtocol.ToLink> link,
      Duration idleAfter) {
    super(context);
    this.shards = shards;
    this.safe = safe;
    this.stats = stats;
    this.link = link;
    this.answers = new Answers(context.getSelf());
    context.setReceiveTimeout(idleAfter, Local.IDLE);
  }

  static Behavior<GatewayProtocol.Command> create(
      LocalShards shards,
      Consumer<Call> safe,
      ServerStats stats,
      ActorRef<GatewayProtocol.ToLink> link,
      Duration idleAfter) {
    return Behaviors.setup(
        context -> new GatewaySession(context, shards, safe, stats, link, idleAfter));
  }

  @Override
  public Receive<GatewayProtocol.Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(GatewayProtocol.Requests.class, this::onRequests)
        .onMessage(GatewayProtocol.RepliesReceived.class, this::onRepliesReceived)
        .onMessageEquals(Local.LOOK, this::onLook)
        .onMessageEquals(Local.IDLE, Behaviors::stopped)
        .build();
  }

  private Behavior<GatewayProtocol.Command> onRequests(GatewayProtocol.Requests requests) {
    Fragment fragment = requests.fragment();
    if (fragment.session() > sender.session()) {
      // The link has given up whatever was asked before; nobody waits for those answers.
      sender = new FragmentSender(fragment.session(), Link.WINDOW);
      answers = new Answers(getContext().getSelf());
      unacknowledged = 0;
    }
    Received received = receiver.accept(fragment);
    if (received instanceof Received.Stale) {
      return this;
    }
    sender.acknowledge(requests.repliesReceived());
    unacknowledged++;
    if (received instanceof Received.Message message) {
      run(message.bytes());
    } else if (received instanceof Received.Broken broken) {
      // Fragments are sent once, so what is refused here was run nowhere.
      link.tell(
          new GatewayProtocol.Broken(fragment.session(), fragment.sequence(), broken.reason()));
    }
    pump();
    return this;
  }

  private void run(byte[] batch) {
    Map<Integer, List<Call>> byLane = new LinkedHashMap<>();
    try {
      for (RequestBatch.Item item : RequestBatch.read(batch)) {
        try {
          callFor(item, byLane);
        } catch (RuntimeException e) {
          // Of another version, or broken: the others of its batch are none the worse for it.
          LOG.error("a request of {} cannot be run", link.path().address(), e);
          refuse(item, new Reply.Failure("ERR this node cannot make sense of a request; not run"));
        }
      }
    } catch (IOException unreadable) {
      link.tell(
          new GatewayProtocol.Broken(
              sender.session(),
              Long.MAX_VALUE,
              "an unreadable batch of requests: " + unreadable.getMessage()));
      return;
    }
    byLane.forEach(
        (lane, calls) -> {
          stats.servedForOthers(calls.size());
          shards.lane(lane).tell(new LaneActor.Execute(calls.toArray(new Call[0])));
        });
  }

  private void callFor(RequestBatch.Item item, Map<Integer, List<Call>> byLane) {
    if (Arrays.equals(item.args()[0], RackWaits.QUESTION)) {
      RackWaits.answer(shards, new ForwardedCall(null, false, item, answers::add));
      return;
    }
    Optional<ShardCommand> command = Commands.inShard(item.args()[0]);
    if (command.isEmpty()) {
      String text =
          "ERR this node's version does not know '" + Arguments.text(item.args()[0]) + "'";
      refuse(item, new Reply.Failure(text));
    } else if (isShort(item)) {
      String text = "ERR '" + Arguments.text(item.args()[0]) + "' came without its key; not run";
      refuse(item, new Reply.Failure(text));
    } else if (item.level().isSafe() && refusal(item) != null) {
      refuse(item, refusal(item));
    } else if (item.shard() < 0 || item.shard() >= shards.actors().size()) {
      answers.add(ReplyBatch.Item.notServing(item.id()));
    } else {
      ForwardedCall call =
          new ForwardedCall(command.get(), Commands.isWrite(item.args()[0]), item, answers::add);
      if (item.level().isSafe()) {
        safe.accept(call);
        return;
      }
      byLane.computeIfAbsent(shards.laneOf(item.shard()), lane -> new ArrayList<>()).add(call);
    }
  }

  private void refuse(RequestBatch.Item item, Reply reply) {
    answers.add(ReplyBatch.Item.of(item.id(), reply));
  }

  private static boolean isShort(RequestBatch.Item item) {
    boolean hasKey = item.level().isSafe() || Commands.isWrite(item.args()[0]);
    return hasKey && item.args().length < 2;
  }

  /** A node of another version may put more in order than this one can. */
  private static Reply refusal(RequestBatch.Item item) {
    CommandSpec spec = Commands.find(item.args()[0]);
    return spec == null
        ? new Reply.Failure(
            "ERR '" + Arguments.text(item.args()[0]) + "' cannot run at " + item.level().word())
        : SafeRegister.refusal(spec, item.args());
  }

  private Behavior<GatewayProtocol.Command> onRepliesReceived(
      GatewayProtocol.RepliesReceived received) {
    if (received.session() == sender.session()) {
      sender.acknowledge(received.count());
      pump();
    }
    return this;
  }

  private Behavior<GatewayProtocol.Command> onLook() {
    answers.looking();
    pump();
    return this;
  }

  /** Moves answers into the queue of what is to be sent, as far as it has room. */
  private void fillQueue() {
    ReplyBatch batch = null;
    while (sender.queuedBytes() < QUEUED_BYTES_MAX) {
      ReplyBatch.Item next = answers.take();
      if (next == null) {
        break;
      }
      ReplyBatch.Item item = sendable(next);
      long size = ReplyBatch.sizeOf(item);
      if (batch != null && batch.size() + size > FragmentSender.PIECE_BYTES_MAX) {
        sender.offer(batch.toBytes());
        batch = null;
      }
      if (batch == null) {
        batch = new ReplyBatch(size);
      }
      batch.add(item);
    }
    if (batch != null) {
      sender.offer(batch.toBytes());
    }
  }

  private static ReplyBatch.Item sendable(ReplyBatch.Item item) {
    long size = ReplyBatch.sizeOf(item);
    if (size <= Link.MESSAGE_BYTES_MAX) {
      return item;
    }
    Reply tooLarge = new Reply.Failure("ERR a reply of " + size + " bytes cannot be forwarded");
    return ReplyBatch.Item.of(item.id(), tooLarge);
  }

  private void pump() {
    fillQueue();
    Optional<Fragment> next = sender.poll();
    while (next.isPresent()) {
      link.tell(new GatewayProtocol.Replies(next.get(), receiver.received()));
      unacknowledged = 0;
      next = sender.poll();
      if (next.isEmpty()) {
        fillQueue();
        next = sender.poll();
      }
    }
    if (unacknowledged >= Link.ACKNOWLEDGE_AFTER) {
      link.tell(new GatewayProtocol.RequestsReceived(sender.session(), receiver.received()));
      unacknowledged = 0;
    }
  }

  /** Where shards put their answers for one session of the link. */
  private static final class Answers {
    private final ActorRef<GatewayProtocol.Command> owner;
    private final Queue<ReplyBatch.Item> items = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    Answers(ActorRef<GatewayProtocol.Command> owner) {
      this.owner = owner;
    }

    void add(ReplyBatch.Item item) {
      items.add(item);
      if (woken.compareAndSet(false, true)) {
        owner.tell(Local.LOOK);
      }
    }

    void looking() {
      woken.set(false);
    }

    ReplyBatch.Item take() {
      return items.poll();
    }
  }
}
