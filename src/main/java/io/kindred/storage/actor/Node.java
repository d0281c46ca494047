package io.kindred.storage.actor;

import io.kindred.membership.ViewBoard;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Shards;
import io.kindred.storage.LaneLog;
import io.kindred.storage.MemoryBudget;
import io.kindred.storage.Shard;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.stream.javadsl.StreamRefs;

/**
 * One data store node as other nodes see it: owns the node's shard actors, and answers for them
 * with digests, elements and merges. Decides nothing; clients do not pass here.
 */
public final class Node extends AbstractBehavior<NodeProtocol.Command> {

  /**
   * What a node is made of.
   *
   * @param shards all shards of the ring, by number; shard s belongs to lane s modulo the lanes
   * @param logs one a lane
   * @param generation of the logs
   * @param origin the bits of the origin that stamps this boot's writes
   * @param gate which of the shards lost something
   * @param budget what the data takes in memory, and may take
   * @param quorumWithin how long other racks may take to apply what waits for them
   */
  public record Parts(
      NodeId self,
      Shards ringShards,
      List<Shard> shards,
      List<LaneLog> logs,
      long generation,
      long origin,
      QuarantineGate gate,
      MemoryBudget budget,
      Duration quorumWithin) {

    /** Of a node whose disk kept everything. */
    public Parts(
        NodeId self,
        Shards ringShards,
        List<Shard> shards,
        List<LaneLog> logs,
        long generation,
        long origin) {
      this(
          self,
          ringShards,
          shards,
          logs,
          generation,
          origin,
          QuarantineGate.open(),
          new MemoryBudget(logs.size(), 0),
          Duration.ofSeconds(1));
    }
  }

  /** The sums over a node's shards. */
  public record Totals(
      long keys,
      long expiring,
      long tombstones,
      long payloadBytes,
      int driftedSlots,
      long farFutureElements,
      int shardsServed) {

    public static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0);
  }

  private final NodeId self;
  private final Shards ringShards;
  private final LocalShards local;
  private final ShardQuestions questions;
  private final ViewBoard board;
  private final Consumer<NodeProtocol.FeedQuestion> feedInbox;
  private final Function<Totals, NodeProtocol.NodeStats> stats;
  private final MergeBatches batches;
  private final QuarantineGate gate;

  /**
   * A node's behavior.
   *
   * @param feedInbox who knows how far the feeds of others have come
   * @param stats makes the node's answer to {@link NodeProtocol.GetStats} of its shards' sums
   * @param startedTo gets the shards' actors once they are there
   */
  public static Behavior<NodeProtocol.Command> create(
      Parts parts,
      ViewBoard board,
      Consumer<NodeProtocol.FeedQuestion> feedInbox,
      Function<Totals, NodeProtocol.NodeStats> stats,
      ActorRef<LocalShards> startedTo) {
    return Behaviors.setup(
        context -> {
          Node node = new Node(context, parts, board, feedInbox, stats);
          startedTo.tell(node.local);
          return node;
        });
  }

  private Node(
      ActorContext<NodeProtocol.Command> context,
      Parts parts,
      ViewBoard board,
      Consumer<NodeProtocol.FeedQuestion> feedInbox,
      Function<Totals, NodeProtocol.NodeStats> stats) {
    super(context);
    this.self = parts.self();
    this.ringShards = parts.ringShards();
    this.local = ShardSpawn.spawn(context, parts, board);
    this.questions = new ShardQuestions(local, context.getSystem(), context.getLog());
    this.board = board;
    this.feedInbox = feedInbox;
    this.stats = stats;
    this.batches = new MergeBatches(ringShards);
    this.gate = parts.gate();
  }

  @Override
  public Receive<NodeProtocol.Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(NodeProtocol.GetManifest.class, this::onGetManifest)
        .onMessage(NodeProtocol.GetBranches.class, this::onGetBranches)
        .onMessage(NodeProtocol.GetLeaves.class, this::onGetLeaves)
        .onMessage(NodeProtocol.OpenElements.class, this::onOpenElements)
        .onMessage(NodeProtocol.MergeElements.class, this::onMergeElements)
        .onMessage(NodeProtocol.GetFeedEnds.class, this::onGetFeedEnds)
        .onMessage(NodeProtocol.FeedQuestion.class, this::onFeedQuestion)
        .onMessage(NodeProtocol.GetStats.class, this::onGetStats)
        .onMessage(NodeProtocol.Serve.class, this::onServe)
        .build();
  }

  private Behavior<NodeProtocol.Command> onGetManifest(NodeProtocol.GetManifest get) {
    List<Integer> damaged = gate.damaged(get.shards());
    List<CompletionStage<NodeProtocol.ShardManifest>> rows = new ArrayList<>();
    for (int shard : get.shards()) {
      rows.add(
          questions
              .<ShardProtocol.Slots>ask(shard, ShardProtocol.ReadSlots::new)
              .thenApply(
                  slots -> new NodeProtocol.ShardManifest(shard, slots.step(), slots.digests())));
    }
    long epoch = board.current().ring().map(Ring::epoch).orElse(0L);
    questions.all(
        rows,
        answer -> get.replyTo().tell(new NodeProtocol.Manifest(self, epoch, answer, damaged)));
    return this;
  }

  private Behavior<NodeProtocol.Command> onGetBranches(NodeProtocol.GetBranches get) {
    Map<Integer, List<Integer>> byShard = new TreeMap<>();
    get.slots().forEach(slot -> ShardQuestions.at(byShard, ringShards.shardOf(slot)).add(slot));
    questions.rows(
        get.slots(),
        byShard,
        (shard, slots) ->
            questions.ask(shard, replyTo -> new ShardProtocol.ReadBranches(slots, replyTo)),
        rows -> get.replyTo().tell(new NodeProtocol.Branches(self, rows)));
    return this;
  }

  private Behavior<NodeProtocol.Command> onGetLeaves(NodeProtocol.GetLeaves get) {
    Map<Integer, List<NodeProtocol.Branch>> byShard = new TreeMap<>();
    get.branches()
        .forEach(
            branch -> ShardQuestions.at(byShard, ringShards.shardOf(branch.slot())).add(branch));
    questions.rows(
        get.branches(),
        byShard,
        (shard, rows) ->
            questions.ask(shard, replyTo -> new ShardProtocol.ReadLeaves(rows, replyTo)),
        rows -> get.replyTo().tell(new NodeProtocol.Leaves(self, rows)));
    return this;
  }

  private Behavior<NodeProtocol.Command> onOpenElements(NodeProtocol.OpenElements open) {
    if (!gate.damaged(open.shards()).isEmpty()) {
      getContext().getLog().info("no source of {}: damaged here", open.shards());
      return this;
    }
    ElementStream.LeafReader read = questions.reader(ringShards);
    var chunks =
        open.shards().isEmpty()
            ? ElementStream.of(open.leaves(), read)
            : ElementStream.ofShards(ringShards, open.shards(), open.fromSlot(), read);
    ActorSystem<?> system = getContext().getSystem();
    questions.leastStep(
        open.shards(),
        step ->
            open.replyTo()
                .tell(
                    new NodeProtocol.ElementsOpened(
                        self, chunks.runWith(StreamRefs.sourceRef(), system), step)));
    return this;
  }

  private Behavior<NodeProtocol.Command> onMergeElements(NodeProtocol.MergeElements merge) {
    try {
      batches.accept(merge.batch(), merge.piece(), merge.bytes());
    } catch (IOException e) {
      getContext().getLog().warn("a recommendation is refused, its sender may start again", e);
      return this;
    }
    if (merge.more()) {
      merge.replyTo().tell(new NodeProtocol.MergeResult(self, merge.piece(), 0, 0, 0, 0, false));
      return this;
    }
    List<CompletionStage<ShardProtocol.Merged>> merges = new ArrayList<>();
    batches
        .take(merge.batch())
        .forEach(
            (shard, elements) ->
                merges.add(
                    questions.ask(
                        shard,
                        replyTo ->
                            new ShardProtocol.Merge(elements, 0, merge.readUnder(), replyTo))));
    questions.all(
        merges,
        merged -> merge.replyTo().tell(NodeProtocol.MergeResult.of(self, merge.piece(), merged)));
    return this;
  }

  private Behavior<NodeProtocol.Command> onGetFeedEnds(NodeProtocol.GetFeedEnds get) {
    List<Long> ends = local.logs().stream().map(LaneLog::end).toList();
    get.replyTo().tell(new NodeProtocol.FeedEnds(self, local.generation(), ends));
    return this;
  }

  private Behavior<NodeProtocol.Command> onFeedQuestion(NodeProtocol.FeedQuestion question) {
    feedInbox.accept(question);
    return this;
  }

  private Behavior<NodeProtocol.Command> onGetStats(NodeProtocol.GetStats get) {
    List<CompletionStage<ShardProtocol.ShardStats>> rows = new ArrayList<>();
    for (int shard = 0; shard < ringShards.count(); shard++) {
      rows.add(questions.ask(shard, ShardProtocol.ReadStats::new));
    }
    questions.all(
        rows,
        answers ->
            get.replyTo()
                .tell(
                    stats.apply(
                        new Totals(
                            answers.stream().mapToLong(ShardProtocol.ShardStats::keys).sum(),
                            answers.stream().mapToLong(ShardProtocol.ShardStats::expiring).sum(),
                            answers.stream().mapToLong(ShardProtocol.ShardStats::tombstones).sum(),
                            answers.stream().mapToLong(ShardProtocol.ShardStats::bytes).sum(),
                            answers.stream().mapToInt(ShardProtocol.ShardStats::driftedSlots).sum(),
                            answers.stream()
                                .mapToLong(ShardProtocol.ShardStats::farFutureElements)
                                .sum(),
                            (int)
                                answers.stream()
                                    .filter(ShardProtocol.ShardStats::serving)
                                    .count()))));
    return this;
  }

  private Behavior<NodeProtocol.Command> onServe(NodeProtocol.Serve serve) {
    SortedSet<Integer> served = gate.served(serve.shards(), board.current().ring(), self);
    getContext().getLog().info("serving {} of {} shards", served.size(), ringShards.count());
    for (int shard = 0; shard < ringShards.count(); shard++) {
      local.shard(shard).tell(new ShardProtocol.Serve(served.contains(shard)));
    }
    return this;
  }
}
