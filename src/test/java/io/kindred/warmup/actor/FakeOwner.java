package io.kindred.warmup.actor;

import io.kindred.entry.Element;
import io.kindred.ring.NodeId;
import io.kindred.ring.Shards;
import io.kindred.storage.actor.ElementStream;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.Chunk;
import io.kindred.storage.actor.ShardProtocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.StreamRefs;

/** Another owner's Node actor, which streams what it is given, as the real one does. */
final class FakeOwner extends AbstractBehavior<NodeProtocol.Command> {

  /** What a test looks at and changes. */
  static final class Ways {
    /** The epoch of the ring by which it feeds. */
    final AtomicLong epoch = new AtomicLong(Long.MAX_VALUE);

    /** After how many chunks it falls silent, as a node that was killed; never if negative. */
    final AtomicInteger chunksUntilSilence = new AtomicInteger(-1);

    /** Every stream that was asked for. */
    final CopyOnWriteArrayList<NodeProtocol.OpenElements> opened = new CopyOnWriteArrayList<>();
  }

  private final NodeId id;
  private final Shards shards;
  private final Map<Integer, List<Element>> bySlot;
  private final Ways ways;

  static Behavior<NodeProtocol.Command> create(
      NodeId id, Shards shards, List<Element> elements, Ways ways) {
    return Behaviors.setup(context -> new FakeOwner(context, id, shards, elements, ways));
  }

  private FakeOwner(
      ActorContext<NodeProtocol.Command> context,
      NodeId id,
      Shards shards,
      List<Element> elements,
      Ways ways) {
    super(context);
    this.id = id;
    this.shards = shards;
    this.bySlot = elements.stream().collect(Collectors.groupingBy(element -> element.key().slot()));
    this.ways = ways;
  }

  @Override
  public Receive<NodeProtocol.Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            NodeProtocol.GetFeedEnds.class,
            get -> {
              get.replyTo().tell(new NodeProtocol.FeedEnds(id, 1, List.of(17L)));
              return this;
            })
        .onMessage(NodeProtocol.OpenElements.class, this::onOpen)
        .build();
  }

  private Behavior<NodeProtocol.Command> onOpen(NodeProtocol.OpenElements open) {
    ways.opened.add(open);
    Source<Chunk, NotUsed> chunks =
        ElementStream.ofShards(
            shards,
            open.shards(),
            open.fromSlot(),
            (leaves, from) ->
                CompletableFuture.completedFuture(
                    new ShardProtocol.Elements(
                        bySlot.getOrDefault(leaves.get(0).slot(), List.of()).stream()
                            .filter(
                                element ->
                                    leaves.contains(
                                        new NodeProtocol.Leaf(
                                            element.key().slot(), element.key().leaf())))
                            .sorted(Element::comparePlace)
                            .toList(),
                        Optional.empty(),
                        0)));
    int until = ways.chunksUntilSilence.get();
    Source<Chunk, NotUsed> mortal = until < 0 ? chunks : chunks.take(until).concat(Source.never());
    open.replyTo()
        .tell(
            new NodeProtocol.ElementsOpened(
                id,
                mortal.runWith(
                    StreamRefs.sourceRef(), Materializer.matFromSystem(getContext().getSystem())),
                0));
    return this;
  }
}
