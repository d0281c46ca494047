package io.kindred.warmup.actor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.reconcile.RunPlan;
import io.kindred.reconcile.RunReport;
import io.kindred.replication.actor.Feeds;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.ring.Shards;
import io.kindred.storage.actor.LocalShards;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.ShardProtocol;
import io.kindred.warmup.Progress;
import io.kindred.warmup.Rings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.testkit.PersistenceTestKitDurableStateStorePlugin;

/**
 * A node manager among fakes: node n9 in rack r2 of three racks, whose owner n2 is out of reach;
 * the owners n1 and n3 stream. Comparisons are answered by the test.
 */
final class Stage implements AutoCloseable {

  static final Member SELF = Rings.member(9, 2);
  static final NodeId ONE = Rings.node(1);
  static final NodeId OWNER = Rings.node(2);
  static final NodeId THREE = Rings.node(3);
  static final Shards SHARDS = new Shards(4);

  /** A comparison that was asked for. */
  record Asked(RunPlan plan, ActorRef<RunReport> listener) {}

  final ActorTestKit kit;
  final CopyOnWriteArrayList<Phase> announced = new CopyOnWriteArrayList<>();
  final CopyOnWriteArrayList<RingChange> proposed = new CopyOnWriteArrayList<>();
  final CopyOnWriteArrayList<SortedSet<Integer>> served = new CopyOnWriteArrayList<>();
  final Set<Element> merged = ConcurrentHashMap.newKeySet();
  final Map<NodeId, FakeOwner.Ways> ways =
      Map.of(ONE, new FakeOwner.Ways(), THREE, new FakeOwner.Ways());
  final TestProbe<Asked> comparisons;
  final TestProbe<Feeds.Command> feeds;
  final TestProbe<WarmUpProtocol.Leaving> leaving;
  final List<Element> elements;
  private final ActorRef<RingProtocol.Command> keeper;
  private final ActorRef<NodeProtocol.Command> ownNode;
  private final Map<NodeId, ActorRef<NodeProtocol.Command>> owners;
  private final LocalShards shards;
  private final boolean storeAnswers;
  private ActorRef<WarmUpProtocol.Command> manager;

  /** How long a source may be silent. */
  Duration stallAfter = Duration.ofSeconds(20);

  /** Whether an operator lets the node serve alone, and after how long. */
  Optional<Duration> staleStart = Optional.empty();

  /** Whether comparisons are answered by themselves: all was equal. */
  final AtomicBoolean proves = new AtomicBoolean();

  /** The stage, with the manager not yet started. */
  Stage(List<Element> elements, boolean storeAnswers) {
    this.elements = elements;
    this.storeAnswers = storeAnswers;
    kit = ActorTestKit.create("stage", config());
    comparisons = kit.createTestProbe();
    feeds = kit.createTestProbe();
    leaving = kit.createTestProbe();
    keeper = kit.spawn(FakeKeeper.create(SELF, announced, proposed));
    owners =
        Map.of(
            ONE, kit.spawn(FakeOwner.create(ONE, SHARDS, elements, ways.get(ONE))),
            THREE, kit.spawn(FakeOwner.create(THREE, SHARDS, elements, ways.get(THREE))));
    ownNode = kit.spawn(Behaviors.receiveMessage(this::onOwnNode));
    List<ActorRef<ShardProtocol.Command>> actors = new ArrayList<>();
    for (int shard = 0; shard < SHARDS.count(); shard++) {
      int number = shard;
      actors.add(
          kit.spawn(
              Behaviors.receiveMessage(
                  (ShardProtocol.Command command) -> {
                    if (command instanceof ShardProtocol.Merge merge && storeAnswers) {
                      merged.addAll(merge.elements());
                      merge
                          .replyTo()
                          .tell(
                              new ShardProtocol.Merged(
                                  number, merge.ticket(), merge.elements().size(), 0, 0, 0));
                    }
                    return Behaviors.same();
                  })));
    }
    shards = new LocalShards(actors, List.of(), List.of(), 1, 1, List.of());
  }

  private static Config config() {
    return PersistenceTestKitDurableStateStorePlugin.config()
        .withFallback(ConfigFactory.load("application-test"));
  }

  private Behavior<NodeProtocol.Command> onOwnNode(NodeProtocol.Command command) {
    if (command instanceof NodeProtocol.Serve serve) {
      served.add(serve.shards());
    } else if (command instanceof NodeProtocol.AwaitFeed await) {
      await.replyTo().tell(new NodeProtocol.FeedAwaited(SELF.id(), await.ends().node(), true));
    } else if (command instanceof NodeProtocol.AwaitFedUnder await) {
      answer(await);
    }
    return Behaviors.same();
  }

  /** As the real inbox: at once where all feed, and else when the time is over. */
  private void answer(NodeProtocol.AwaitFedUnder await) {
    Runnable told =
        () -> await.replyTo().tell(new NodeProtocol.FedUnder(await.epoch(), notYet(await)));
    if (notYet(await).isEmpty()) {
      told.run();
    } else {
      kit.scheduler().scheduleOnce(await.within(), told, kit.system().executionContext());
    }
  }

  private SortedSet<NodeId> notYet(NodeProtocol.AwaitFedUnder await) {
    SortedSet<NodeId> missing = new TreeSet<>(await.origins());
    missing.removeIf(owner -> ways.get(owner).epoch.get() >= await.epoch());
    return missing;
  }

  void start() {
    WarmUpSettings settings =
        new WarmUpSettings(
            2,
            stallAfter,
            Duration.ofSeconds(1),
            storeAnswers ? Duration.ofSeconds(20) : Duration.ofMillis(200),
            Duration.ofSeconds(20),
            Duration.ofMillis(50),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            staleStart);
    manager =
        kit.spawn(
            NodeManager.create(
                new Surroundings(
                    SELF,
                    keeper,
                    ownNode,
                    shards,
                    feeds.ref(),
                    leaving.ref(),
                    member -> owners.get(member.id()),
                    (plan, listener) ->
                        Behaviors.setup(
                            context -> {
                              if (proves.get()) {
                                listener.tell(report(plan, 0));
                              } else {
                                comparisons.ref().tell(new Asked(plan, listener));
                              }
                              return Behaviors.ignore();
                            }),
                    settings)));
  }

  /** Ends the manager as a crash would: nothing is told to anybody. */
  void crash() {
    kit.stop(manager);
  }

  void world(Consumer<FakeKeeper.World> change) {
    keeper.tell(new FakeKeeper.Change(change));
  }

  /** Owners n1 and n3 serve; n2 is declared lost or just out of reach. */
  void form(boolean ownerLost) {
    Ring formed = Rings.of(3, SHARDS.count());
    Ring ring = ownerLost ? Rings.changed(formed, new RingChange.DeclareLost(OWNER)) : formed;
    world(
        world -> {
          world.ring = Optional.of(ring);
          world.reachable.addAll(Set.of(ONE, THREE, SELF.id()));
          world.phases.put(ONE, Phase.MASTER);
          world.phases.put(THREE, Phase.MASTER);
        });
  }

  Progress progress() {
    TestProbe<Progress> probe = kit.createTestProbe();
    manager.tell(new WarmUpProtocol.GetProgress(probe.ref()));
    return probe.receiveMessage(Duration.ofSeconds(20));
  }

  Progress cancel() {
    TestProbe<Progress> probe = kit.createTestProbe();
    manager.tell(new WarmUpProtocol.Cancel(probe.ref()));
    return probe.receiveMessage(Duration.ofSeconds(20));
  }

  Progress beginAgain() {
    TestProbe<Progress> probe = kit.createTestProbe();
    manager.tell(new WarmUpProtocol.BeginAgain(probe.ref()));
    return probe.receiveMessage(Duration.ofSeconds(20));
  }

  Asked comparison() {
    return comparisons.receiveMessage(Duration.ofSeconds(30));
  }

  /** All participants answered everything; this node lacked so much. */
  static RunReport report(RunPlan plan, long missing) {
    List<RunReport.NodeReport> rows =
        plan.participants().stream()
            .map(
                node ->
                    new RunReport.NodeReport(
                        node,
                        "",
                        "",
                        node.equals(SELF.id()) ? missing : 0,
                        0,
                        0,
                        plan.shards().size(),
                        0,
                        ""))
            .toList();
    int shards = plan.shards().size();
    return new RunReport(
        plan.id(),
        RunReport.State.COMPLETED,
        0,
        1,
        shards,
        shards,
        shards,
        0,
        0,
        0,
        0,
        rows,
        0,
        0,
        "");
  }

  /** Answers one comparison: all was equal. */
  void proveAtOnce() {
    Asked asked = comparison();
    asked.listener().tell(report(asked.plan(), 0));
  }

  /** Some strings of so many bytes in each shard, in different slots. */
  static List<Element> strings(int perShard, int bytes) {
    int[] have = new int[SHARDS.count()];
    List<Element> elements = new ArrayList<>();
    for (int i = 0; elements.size() < perShard * SHARDS.count(); i++) {
      Key key = Key.of(("key-" + i).getBytes(StandardCharsets.US_ASCII));
      int shard = SHARDS.shardOf(key.slot());
      if (have[shard] < perShard) {
        have[shard]++;
        elements.add(Element.string(key, new Version((1L << 16) + i, 1), new byte[bytes]));
      }
    }
    return elements;
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
