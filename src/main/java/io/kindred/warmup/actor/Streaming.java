package io.kindred.warmup.actor;

import io.kindred.membership.ClusterView;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.ElementsOpened;
import io.kindred.warmup.SourceChoice;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Streams the shards of a claim into the own store, several at once, each from the source that
 * {@link SourceChoice} names. A broken stream goes on behind its last whole slot, at another source
 * if there is one. Waits where there is none; gives up for its own store alone.
 */
final class Streaming extends AbstractBehavior<Streaming.Command> {

  sealed interface Command {}

  /** A newer view: other sources may be there. */
  record Viewed(ClusterView view) implements Command {}

  private record Opened(int stream, ElementsOpened opened) implements Command {}

  private record Merged(int stream, ShardStream.Piece piece) implements Command {}

  private record Ended(int stream, Optional<Throwable> failure) implements Command {}

  private enum Retry implements Command {
    TICK
  }

  /** What the node manager is told. */
  sealed interface Report {}

  /** A source was asked for a shard. */
  record Asked(NodeId source) implements Report {}

  /** Elements were merged; so many slots of the shard are whole now. */
  record Arrived(NodeId source, int shard, int slotsDone, long elements, long bytes)
      implements Report {}

  /** A shard is there. */
  record ShardDone(int shard) implements Report {}

  /** A source broke a stream, and is not asked for a while. */
  record Lost(NodeId source, String reason) implements Report {}

  /** No source will do for a shard. */
  record NoSource(int shard) implements Report {}

  /** The own store does not take it; nothing more is tried. */
  record StoreFailed(String reason) implements Report {}

  /** All shards are there. */
  record AllDone() implements Report {}

  private record Assignment(int shard, NodeId source) {}

  private final Surroundings around;
  private final ActorRef<Report> parent;
  private final Deque<Integer> waiting;
  private final Map<Integer, Integer> nextSlot = new HashMap<>();
  private final Map<Integer, Assignment> active = new HashMap<>();
  private final Map<Integer, ShardStream.Running> running = new HashMap<>();
  private final Map<NodeId, Integer> given = new HashMap<>();
  private final Map<NodeId, Long> restsUntilNanos = new HashMap<>();
  private ClusterView view;
  private int streams;

  static Behavior<Command> create(
      SortedSet<Integer> wanted, ClusterView view, Surroundings around, ActorRef<Report> parent) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Retry.TICK, around.settings().retryAfter());
                  context.getSelf().tell(Retry.TICK);
                  return new Streaming(context, wanted, view, around, parent);
                }));
  }

  private Streaming(
      ActorContext<Command> context,
      SortedSet<Integer> wanted,
      ClusterView view,
      Surroundings around,
      ActorRef<Report> parent) {
    super(context);
    this.waiting = new ArrayDeque<>(wanted);
    this.view = view;
    this.around = around;
    this.parent = parent;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Viewed.class, this::onViewed)
        .onMessage(Opened.class, this::onOpened)
        .onMessage(Merged.class, this::onMerged)
        .onMessage(Ended.class, this::onEnded)
        .onMessage(Retry.class, tick -> goOn())
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<Command> onViewed(Viewed viewed) {
    view = viewed.view();
    return goOn();
  }

  /** Gives waiting shards to sources while there are streams and sources left. */
  private Behavior<Command> goOn() {
    if (waiting.isEmpty() && active.isEmpty()) {
      parent.tell(new AllDone());
      return Behaviors.stopped();
    }
    while (!waiting.isEmpty() && active.size() < around.settings().streamsAtOnce()) {
      int shard = waiting.peek();
      Optional<NodeId> source =
          view.ring().flatMap(ring -> SourceChoice.choose(shard, ring, view, given, resting()));
      if (source.isEmpty()) {
        parent.tell(new NoSource(shard));
        return this;
      }
      waiting.remove();
      open(shard, source.get());
    }
    return this;
  }

  private Set<NodeId> resting() {
    long now = System.nanoTime();
    restsUntilNanos.values().removeIf(until -> until - now <= 0);
    return restsUntilNanos.keySet();
  }

  private void open(int shard, NodeId source) {
    Ring ring = view.ring().orElseThrow();
    int stream = ++streams;
    active.put(stream, new Assignment(shard, source));
    given.merge(source, 1, Integer::sum);
    parent.tell(new Asked(source));
    int fromSlot = nextSlot.computeIfAbsent(shard, ring.shards()::firstSlot);
    getContext()
        .ask(
            ElementsOpened.class,
            around.nodes().apply(ring.member(source).orElseThrow()),
            around.settings().stallAfter(),
            (ActorRef<ElementsOpened> replyTo) ->
                new NodeProtocol.OpenElements(List.of(), List.of(shard), fromSlot, replyTo),
            (opened, failure) ->
                opened == null
                    ? new Ended(stream, Optional.of(failure))
                    : new Opened(stream, opened));
  }

  private Behavior<Command> onOpened(Opened message) {
    int stream = message.stream();
    ActorRef<Command> self = getContext().getSelf();
    ShardStream.Running started =
        ShardStream.run(
            message.opened().chunks(),
            message.opened().step(),
            around.shards().shard(active.get(stream).shard()),
            around.settings(),
            getContext().getSystem(),
            piece -> self.tell(new Merged(stream, piece)));
    running.put(stream, started);
    getContext()
        .pipeToSelf(
            started.ended(), (done, failure) -> new Ended(stream, Optional.ofNullable(failure)));
    return this;
  }

  private Behavior<Command> onMerged(Merged message) {
    Assignment assignment = active.get(message.stream());
    ShardStream.Piece piece = message.piece();
    int shard = assignment.shard();
    int next = nextSlot.merge(shard, piece.slotDone() + 1, Math::max);
    int slotsDone = next - view.ring().orElseThrow().shards().firstSlot(shard);
    parent.tell(
        new Arrived(assignment.source(), shard, slotsDone, piece.elements().size(), piece.bytes()));
    return this;
  }

  private Behavior<Command> onEnded(Ended message) {
    Assignment assignment = active.remove(message.stream());
    running.remove(message.stream());
    if (message.failure().isEmpty()) {
      parent.tell(new ShardDone(assignment.shard()));
      return goOn();
    }
    Throwable cause = unwrapped(message.failure().get());
    if (cause instanceof ShardStream.StoreSilentException) {
      parent.tell(new StoreFailed(cause.getMessage()));
      return Behaviors.stopped();
    }
    int shard = assignment.shard();
    waiting.addFirst(shard);
    restsUntilNanos.put(
        assignment.source(), System.nanoTime() + around.settings().sourceRests().toNanos());
    parent.tell(
        new Lost(
            assignment.source(),
            "shard %d from slot %d on: %s".formatted(shard, nextSlot.get(shard), cause)));
    return goOn();
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private Behavior<Command> onPostStop() {
    running.values().forEach(one -> one.stop().shutdown());
    return this;
  }
}
