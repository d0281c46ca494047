package io.kindred.reconcile.actor;

import io.kindred.entry.Element;
import io.kindred.entry.ElementReader;
import io.kindred.entry.MalformedElementException;
import io.kindred.ring.NodeId;
import io.kindred.ring.Shards;
import io.kindred.storage.Digests;
import io.kindred.storage.ElementCursor;
import io.kindred.storage.ElementSlice;
import io.kindred.storage.MergeOutcome;
import io.kindred.storage.ShardStore;
import io.kindred.storage.actor.ElementStream;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.Branches;
import io.kindred.storage.actor.NodeProtocol.ElementsOpened;
import io.kindred.storage.actor.NodeProtocol.FeedAwaited;
import io.kindred.storage.actor.NodeProtocol.FeedEnds;
import io.kindred.storage.actor.NodeProtocol.Leaf;
import io.kindred.storage.actor.NodeProtocol.Leaves;
import io.kindred.storage.actor.NodeProtocol.Manifest;
import io.kindred.storage.actor.NodeProtocol.MergeResult;
import io.kindred.storage.actor.NodeProtocol.ShardManifest;
import io.kindred.storage.actor.ShardProtocol;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.StreamRefs;

/**
 * A Node actor over real stores in memory, without shard actors, logs and feeds: what a feed would
 * bring lies in {@link Manners#inFlight} and arrives when the node is told to await it.
 */
final class StoreNode extends AbstractBehavior<NodeProtocol.Command> {

  static final long DIGEST_KEY = 42;

  /** How the node is to behave; a test may change it at any time. */
  static final class Manners {
    /** What the node does not answer. */
    final Set<Class<?>> deafTo = ConcurrentHashMap.newKeySet();

    /** What other nodes' feeds are about to bring. */
    final ConcurrentLinkedQueue<Element> inFlight = new ConcurrentLinkedQueue<>();

    /** How many of the next streams of elements end before their end. */
    final AtomicInteger streamsToBreak = new AtomicInteger();

    /** How many pieces of recommendations have come. */
    final AtomicInteger pieces = new AtomicInteger();

    /** The shards that lost something. */
    final Set<Integer> damaged = ConcurrentHashMap.newKeySet();

    /** Whether feeds arrive. */
    volatile boolean fed = true;
  }

  private record Read(
      List<Leaf> leaves,
      Optional<ElementCursor> from,
      CompletableFuture<ShardProtocol.Elements> into)
      implements NodeProtocol.Command {}

  private final NodeId self;
  private final Shards shards;
  private final ShardStore[] stores;
  private final Manners manners;
  private final Map<String, ByteArrayOutputStream> batches = new HashMap<>();

  static Behavior<NodeProtocol.Command> create(
      NodeId self, Shards shards, ShardStore[] stores, Manners manners) {
    return Behaviors.setup(context -> new StoreNode(context, self, shards, stores, manners));
  }

  private StoreNode(
      ActorContext<NodeProtocol.Command> context,
      NodeId self,
      Shards shards,
      ShardStore[] stores,
      Manners manners) {
    super(context);
    this.self = self;
    this.shards = shards;
    this.stores = stores;
    this.manners = manners;
  }

  @Override
  public Receive<NodeProtocol.Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            NodeProtocol.Command.class, c -> manners.deafTo.contains(c.getClass()), c -> this)
        .onMessage(NodeProtocol.GetManifest.class, this::onGetManifest)
        .onMessage(NodeProtocol.GetBranches.class, this::onGetBranches)
        .onMessage(NodeProtocol.GetLeaves.class, this::onGetLeaves)
        .onMessage(NodeProtocol.OpenElements.class, this::onOpenElements)
        .onMessage(Read.class, this::onRead)
        .onMessage(NodeProtocol.GetFeedEnds.class, this::onGetFeedEnds)
        .onMessage(NodeProtocol.AwaitFeed.class, this::onAwaitFeed)
        .onMessage(NodeProtocol.MergeElements.class, this::onMergeElements)
        .build();
  }

  private Digests digests(int slot) {
    return stores[shards.shardOf(slot)].digests();
  }

  private Behavior<NodeProtocol.Command> onGetManifest(NodeProtocol.GetManifest question) {
    if (question.shards().size() > 16) {
      throw new IllegalArgumentException("too many shards for a frame: " + question.shards());
    }
    List<ShardManifest> rows = new ArrayList<>();
    for (int shard : question.shards()) {
      long[] slots = new long[shards.slotsPerShard()];
      for (int i = 0; i < slots.length; i++) {
        slots[i] = stores[shard].digests().slot(shards.firstSlot(shard) + i);
      }
      rows.add(new ShardManifest(shard, 0, slots));
    }
    question
        .replyTo()
        .tell(
            new Manifest(
                self,
                1,
                rows,
                question.shards().stream().filter(manners.damaged::contains).toList()));
    return this;
  }

  private Behavior<NodeProtocol.Command> onGetBranches(NodeProtocol.GetBranches question) {
    if (question.slots().size() > 512) {
      throw new IllegalArgumentException("too many slots: " + question.slots().size());
    }
    List<long[]> rows = question.slots().stream().map(s -> digests(s).branches(s)).toList();
    question.replyTo().tell(new Branches(self, rows));
    return this;
  }

  private Behavior<NodeProtocol.Command> onGetLeaves(NodeProtocol.GetLeaves question) {
    if (question.branches().size() > 512) {
      throw new IllegalArgumentException("too many branches: " + question.branches().size());
    }
    List<long[]> rows =
        question.branches().stream()
            .map(b -> digests(b.slot()).leaves(b.slot(), b.branch()))
            .toList();
    question.replyTo().tell(new Leaves(self, rows));
    return this;
  }

  private Behavior<NodeProtocol.Command> onOpenElements(NodeProtocol.OpenElements question) {
    Source<NodeProtocol.Chunk, ?> chunks = ElementStream.of(question.leaves(), this::read);
    if (manners.streamsToBreak.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      chunks = Source.empty();
    }
    question
        .replyTo()
        .tell(
            new ElementsOpened(
                self, chunks.runWith(StreamRefs.sourceRef(), getContext().getSystem()), 0));
    return this;
  }

  private CompletionStage<ShardProtocol.Elements> read(
      List<Leaf> leaves, Optional<ElementCursor> from) {
    CompletableFuture<ShardProtocol.Elements> into = new CompletableFuture<>();
    getContext().getSelf().tell(new Read(leaves, from, into));
    return into;
  }

  private Behavior<NodeProtocol.Command> onRead(Read read) {
    List<Element> elements = new ArrayList<>();
    ElementSlice slice = ElementSlice.of(elements::add);
    ElementCursor from = read.from().orElse(null);
    ElementCursor next = null;
    for (Leaf leaf : read.leaves()) {
      boolean isRead = from != null && leaf.leaf() < from.key().leaf();
      if (!isRead && next == null) {
        ShardStore store = stores[shards.shardOf(leaf.slot())];
        next = store.readElements(leaf.slot(), leaf.leaf(), from, slice);
      }
    }
    read.into().complete(new ShardProtocol.Elements(elements, Optional.ofNullable(next), 0));
    return this;
  }

  private Behavior<NodeProtocol.Command> onGetFeedEnds(NodeProtocol.GetFeedEnds question) {
    question.replyTo().tell(new FeedEnds(self, 1, List.of(7L)));
    return this;
  }

  private Behavior<NodeProtocol.Command> onAwaitFeed(NodeProtocol.AwaitFeed question) {
    if (manners.fed) {
      for (Element e = manners.inFlight.poll(); e != null; e = manners.inFlight.poll()) {
        stores[shards.shardOf(e.key().slot())].merge(e);
      }
    }
    question.replyTo().tell(new FeedAwaited(self, question.ends().node(), manners.fed));
    return this;
  }

  private Behavior<NodeProtocol.Command> onMergeElements(NodeProtocol.MergeElements piece)
      throws MalformedElementException {
    manners.pieces.incrementAndGet();
    ByteArrayOutputStream bytes =
        batches.computeIfAbsent(piece.batch(), absent -> new ByteArrayOutputStream());
    bytes.writeBytes(piece.bytes());
    Map<MergeOutcome, Long> counts = new EnumMap<>(MergeOutcome.class);
    if (!piece.more()) {
      batches.remove(piece.batch());
      ElementReader.forEach(
          bytes.toByteArray(),
          e -> counts.merge(stores[shards.shardOf(e.key().slot())].merge(e), 1L, Long::sum));
    }
    piece
        .replyTo()
        .tell(
            new MergeResult(
                self,
                piece.piece(),
                counts.getOrDefault(MergeOutcome.ADDED, 0L),
                counts.getOrDefault(MergeOutcome.REPLACED, 0L),
                counts.getOrDefault(MergeOutcome.KNOWN, 0L),
                counts.getOrDefault(MergeOutcome.SUPERSEDED, 0L),
                false));
    return this;
  }
}
