package io.kindred.reconcile.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.Version;
import io.kindred.membership.ClusterView;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.reconcile.RunReport;
import io.kindred.reconcile.RunReport.State;
import io.kindred.reconcile.actor.ReconcilerProtocol.RunShown;
import io.kindred.reconcile.actor.ReconcilerProtocol.RunStarted;
import io.kindred.reconcile.actor.ReconcilerProtocol.Runs;
import io.kindred.reconcile.actor.ReconcilerProtocol.StartAnswer;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Seat;
import io.kindred.ring.Shards;
import io.kindred.storage.ShardStore;
import io.kindred.storage.actor.Peers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three systems over real connections: everything that a run says crosses the serializer. */
class ReconcilerClusterTest {

  private static final Shards SHARDS = new Shards(64);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<ActorTestKit> kits = new ArrayList<>();
  private final List<ShardStore[]> stores = new ArrayList<>();
  private final List<ActorRef<ReconcilerProtocol.Command>> engines = new ArrayList<>();

  @AfterEach
  void stop() {
    kits.forEach(ActorTestKit::shutdownTestKit);
  }

  @Test
  void anyNodeCanHaveTheRacksMadeEqualOverTheWire() {
    IntStream.range(0, 3).forEach(i -> startNode());
    List<Member> members = IntStream.range(0, 3).mapToObj(this::member).toList();
    kits.forEach(kit -> Cluster.get(kit.system()).manager().tell(Join.create(addressOfFirst())));
    IntStream.range(0, 3).forEach(i -> startEngine(i, members));
    byte[] huge = new byte[3_000_000];
    new Random(1).nextBytes(huge);
    at(0, Element.string(Elements.key("huge"), new Version(5, 1), huge));
    IntStream.range(0, 1000)
        .forEach(i -> at(1, Element.string(Elements.key("k" + i), new Version(5, 1), huge(i))));

    RunStarted started = startRun(2);
    RunReport report = ended(2, started.report().id());

    assertThat(report.state()).as(report.toString()).isEqualTo(State.COMPLETED);
    assertThat(report.nodes())
        .extracting(RunReport.NodeReport::missing)
        .containsExactly(1000L, 1L, 1001L);
    assertThat(report.slotsStillDiffering()).isZero();
    assertThat(listing(1)).isEqualTo(listing(0));
    assertThat(listing(2)).isEqualTo(listing(0));
    TestProbe<Runs> runs = kits.get(1).createTestProbe();
    engines.get(1).tell(new ReconcilerProtocol.ListRuns(runs.ref()));
    assertThat(runs.receiveMessage(LONG).reports()).containsExactly(report);
  }

  private static byte[] huge(int seed) {
    byte[] value = new byte[100];
    new Random(seed).nextBytes(value);
    return value;
  }

  private void startNode() {
    Config config =
        ConfigFactory.parseString(
                "pekko.actor.provider = cluster, pekko.remote.artery.canonical.port = 0,"
                    + " pekko.remote.artery.canonical.hostname = 127.0.0.1")
            .withFallback(EventSourcedBehaviorTestKit.config())
            .withFallback(ConfigFactory.load("application-test"));
    ActorTestKit kit = ActorTestKit.create("kindred", config);
    NodeId id = new NodeId("node-" + kits.size(), 1 + kits.size());
    ShardStore[] own =
        IntStream.range(0, 64)
            .mapToObj(
                s -> new ShardStore(SHARDS.firstSlot(s), SHARDS.lastSlot(s), StoreNode.DIGEST_KEY))
            .toArray(ShardStore[]::new);
    kit.spawn(StoreNode.create(id, SHARDS, own, new StoreNode.Manners()), "node");
    kits.add(kit);
    stores.add(own);
  }

  private org.apache.pekko.actor.Address addressOfFirst() {
    return Cluster.get(kits.get(0).system()).selfMember().address();
  }

  private Member member(int i) {
    int port = Cluster.get(kits.get(i).system()).selfMember().address().getPort().orElseThrow();
    return new Member(new NodeId("node-" + i, 1 + i), "rack-" + i, "127.0.0.1", 1, 2, port);
  }

  private void startEngine(int i, List<Member> members) {
    TreeMap<String, List<Seat>> seats = new TreeMap<>();
    members.forEach(m -> seats.put(m.rack(), Collections.nCopies(64, Seat.of(m.id()))));
    Ring ring = new Ring(7, 1, "dc", SHARDS, members, List.of(), seats);
    ClusterView view = new ClusterView(members.get(i), Optional.of(ring), Map.of(), Set.of());
    ActorTestKit kit = kits.get(i);
    ActorRef<RingProtocol.Command> keeper =
        kit.spawn(
            Behaviors.receive(RingProtocol.Command.class)
                .onMessage(
                    RingProtocol.Subscribe.class,
                    s -> {
                      s.subscriber().tell(view);
                      return Behaviors.same();
                    })
                .build());
    engines.add(
        Reconciler.init(
            kit.system(), "node-" + i, keeper, new Peers(kit.system()), Duration.ofSeconds(20)));
  }

  private RunStarted startRun(int i) {
    return ask(
        i,
        (ActorRef<StartAnswer> me) -> new ReconcilerProtocol.StartRun("a test", me),
        RunStarted.class);
  }

  private RunReport ended(int i, String id) {
    return Awaitility.await()
        .atMost(LONG)
        .until(
            () ->
                ask(
                        i,
                        (ActorRef<RunShown> me) -> new ReconcilerProtocol.ShowRun(id, me),
                        RunShown.class)
                    .report()
                    .get(0),
            report -> report.state() != State.RUNNING);
  }

  private <A, B extends A> B ask(
      int i, Function<ActorRef<A>, ReconcilerProtocol.Command> question, Class<B> answer) {
    TestProbe<A> probe = kits.get(i).createTestProbe();
    engines.get(i).tell(question.apply(probe.ref()));
    return answer.cast(probe.receiveMessage(LONG));
  }

  private void at(int i, Element element) {
    stores.get(i)[SHARDS.shardOf(element.key().slot())].merge(element);
  }

  private List<Element> listing(int i) {
    List<Element> all = new ArrayList<>();
    for (int slot = 0; slot < 16384; slot++) {
      stores.get(i)[SHARDS.shardOf(slot)].forEachElement(slot, all::add);
    }
    return all;
  }
}
