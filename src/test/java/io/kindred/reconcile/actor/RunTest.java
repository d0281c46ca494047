package io.kindred.reconcile.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import io.kindred.reconcile.RunPlan;
import io.kindred.reconcile.RunReport;
import io.kindred.reconcile.RunReport.NodeReport;
import io.kindred.reconcile.RunReport.State;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Seat;
import io.kindred.ring.Shards;
import io.kindred.storage.ShardStore;
import io.kindred.storage.actor.NodeProtocol;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunTest {

  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);
  private static final NodeId C = new NodeId("c", 3);
  private static final List<NodeId> ALL = List.of(A, B, C);
  private static final Shards SHARDS = new Shards(64);
  private static final Duration PATIENT = Duration.ofSeconds(20);

  // Long enough for every node that does answer, on a machine that is busy with other tests.
  private static final Duration HASTY = Duration.ofSeconds(3);

  private final Map<NodeId, ShardStore[]> stores = new HashMap<>();
  private final Map<NodeId, StoreNode.Manners> manners = new HashMap<>();
  private final Map<NodeId, ActorRef<NodeProtocol.Command>> nodes = new HashMap<>();
  private ActorTestKit kit;
  private int runs;

  @BeforeEach
  void start() {
    kit = ActorTestKit.create();
    for (NodeId node : ALL) {
      stores.put(node, emptyStores());
      manners.put(node, new StoreNode.Manners());
      nodes.put(
          node,
          kit.spawn(
              StoreNode.create(node, SHARDS, stores.get(node), manners.get(node)), node.name()));
    }
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void equalRacksCostOneComparisonAndProveEverybodyComplete() {
    IntStream.range(0, 1000).forEach(i -> everywhere(string("key-" + i, 5, "v")));

    RunReport report = run(ALL, ALL, PATIENT);

    assertThat(report.state()).isEqualTo(State.COMPLETED);
    assertThat(report.shardsDone()).isEqualTo(64);
    assertThat(report.shardsInSync()).isEqualTo(64);
    assertThat(report.slotsCompared()).isEqualTo(16384);
    assertThat(report.slotsDiffering()).isZero();
    assertThat(report.bytesListed()).isZero();
    assertThat(ALL).allMatch(report::provesComplete);
  }

  @Test
  void missingAndStaleElementsAreCountedByRackAndRepaired() {
    IntStream.range(0, 2000).forEach(i -> everywhere(string("key-" + i, 5, "v")));
    for (int i = 0; i < 300; i++) {
      at(A, string("only-a-" + i, 6, "v"));
    }
    for (int i = 0; i < 200; i++) {
      at(A, string("key-" + i, 7, "newer"));
      at(B, string("key-" + i, 7, "newer"));
    }

    RunReport report = run(ALL, ALL, PATIENT);

    // A string carries its expiry in commands; here it is one element.
    assertRow(report, A, 0, 0);
    assertRow(report, B, 300, 0);
    assertRow(report, C, 300, 200);
    assertThat(report.state()).isEqualTo(State.COMPLETED);
    assertThat(report.slotsStillDiffering()).isZero();
    assertThat(report.provesComplete(A)).isTrue();
    assertThat(report.provesComplete(B)).isFalse();
    assertEqualStores();
    assertSecondRunFindsNothing();
  }

  @Test
  void everyKindOfDifferenceIsRepaired() {
    Key hash = Elements.key("hash");
    everywhere(Element.field(hash, Elements.text("f"), at(5), Elements.text("v")));
    at(A, Element.fieldRemoved(hash, Elements.text("f"), at(6)));
    at(B, Element.field(hash, Elements.text("g"), at(7), Elements.text("w")));
    Key cleared = Elements.key("cleared");
    everywhere(Element.string(cleared, at(5), Elements.text("v")));
    at(C, Element.clear(cleared, at(6)));
    Key counter = Elements.key("counter");
    at(A, Element.count(counter, new Version(5, 1), Version.NONE, 3));
    at(B, Element.count(counter, new Version(5, 2), Version.NONE, 4));
    Key clash = Elements.key("clash");
    at(A, Element.string(clash, at(5), Elements.text("v")));
    at(B, Element.member(clash, Elements.text("m"), at(6)));
    Key expiring = Elements.key("expiring");
    everywhere(Element.string(expiring, at(5), Elements.text("v")));
    at(C, Element.expiry(expiring, at(6), 1_000_000));

    RunReport report = run(ALL, ALL, PATIENT);

    assertThat(report.state()).isEqualTo(State.COMPLETED);
    assertThat(report.slotsStillDiffering()).isZero();
    assertEqualStores();
    ShardStore[] all = stores.get(B);
    assertThat(all[shardOf(hash)].field(hash, Elements.text("f"), 0)).isNull();
    assertThat(all[shardOf(hash)].field(hash, Elements.text("g"), 0)).isNotNull();
    assertThat(all[shardOf(cleared)].type(cleared, 0)).isEqualTo(KeyType.NONE);
    assertThat(all[shardOf(counter)].string(counter, 0)).isEqualTo(Elements.text("7"));
    assertThat(stores.get(A)[shardOf(clash)].type(clash, 0)).isEqualTo(KeyType.SET);
    assertThat(all[shardOf(expiring)].expiryAt(expiring, 0)).hasValue(1_000_000);
    assertSecondRunFindsNothing();
  }

  @Test
  void whateverDiffersEndsEqual() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      for (int i = 0; i < 40; i++) {
        at(ALL.get(random.nextInt(3)), Elements.any(random));
      }

      RunReport report = run(ALL, ALL, PATIENT);

      assertThat(report.slotsStillDiffering()).as("seed " + seed).isZero();
      assertEqualStores();
      assertSecondRunFindsNothing();
    }
  }

  @Test
  void onlyTargetsAreRepaired() {
    at(A, string("one", 5, "v"));
    at(B, string("two", 5, "v"));

    RunReport report = run(ALL, List.of(C), PATIENT);

    assertRow(report, A, 0, 0);
    assertRow(report, B, 0, 0);
    assertRow(report, C, 2, 0);
    assertThat(listing(A)).hasSize(1);
    assertThat(listing(C)).hasSize(2);
    assertThat(report.provesComplete(C)).isFalse();
    assertThat(run(ALL, List.of(C), PATIENT).provesComplete(C)).isTrue();
  }

  @Test
  void aDamagedCopyGivesAndTakesAndProvesNothingToOthersWhileOneIsMissing() {
    Element left = string("left", 5, "v");
    Element lost = string("lost", 5, "v");
    at(A, lost);
    at(B, left);
    manners.get(B).damaged.addAll(List.of(shardOf(left.key()), shardOf(lost.key())));

    RunReport first = run(List.of(A, B), List.of(A, B), PATIENT);
    assertRow(first, A, 1, 0);
    assertRow(first, B, 1, 0);
    RunReport second = run(List.of(A, B), List.of(A, B), PATIENT);
    assertThat(second.provesComplete(A)).isFalse();
    assertThat(row(second, A).remark()).contains("lost something of shard");
    assertThat(second.provesComplete(B)).isTrue();

    assertThat(run(ALL, ALL, PATIENT).state()).isEqualTo(State.COMPLETED);
    assertThat(ALL).allMatch(run(ALL, ALL, PATIENT)::provesComplete);
  }

  @Test
  void whatIsInFlightIsNotCounted() {
    Element flying = string("flying", 5, "v");
    at(A, flying);
    manners.get(B).inFlight.add(flying);
    manners.get(C).inFlight.add(flying);
    at(A, string("lost", 5, "v"));

    RunReport report = run(ALL, ALL, PATIENT);

    assertThat(report.slotsDiffering()).isEqualTo(2);
    assertRow(report, B, 1, 0);
    assertRow(report, C, 1, 0);
    assertThat(report.slotsStillDiffering()).isZero();
    assertEqualStores();
  }

  @Test
  void aFeedThatDoesNotArriveIsSaidAndHoldsNothingUp() {
    at(A, string("lost", 5, "v"));
    manners.get(C).fed = false;

    RunReport report = run(ALL, ALL, PATIENT);

    assertThat(report.state()).isEqualTo(State.COMPLETED);
    assertRow(report, C, 1, 0);
    assertThat(row(report, C).remark()).contains("did not arrive");
    assertThat(row(report, B).remark()).isEmpty();
    assertThat(row(report, C).skipped()).isEmpty();
    assertEqualStores();
  }

  @Test
  void whoNeverAnswersIsLeftOutByNameAndSpoilsTheProof() {
    manners.get(C).deafTo.add(NodeProtocol.GetManifest.class);
    at(A, string("one", 5, "v"));

    RunReport report = run(ALL, ALL, HASTY);

    assertThat(report.state()).isEqualTo(State.COMPLETED);
    assertThat(row(report, C).skipped()).contains("no answer within 3000 ms");
    assertThat(row(report, C).shardsCompared()).isZero();
    assertThat(row(report, A).shardsCompared()).isEqualTo(64);
    assertThat(row(report, A).shardsUnproven()).isEqualTo(64);
    assertThat(report.shardsNotCompared()).isZero();
    assertRow(report, B, 1, 0);
    assertThat(ALL).noneMatch(report::provesComplete);
    assertThat(listing(C)).isEmpty();
  }

  @Test
  void whoFallsSilentLaterIsLeftOutFromThenOn() {
    for (Class<?> silent :
        List.of(
            NodeProtocol.GetBranches.class,
            NodeProtocol.GetLeaves.class,
            NodeProtocol.OpenElements.class)) {
      manners.get(C).deafTo.clear();
      manners.get(C).deafTo.add(silent);
      at(A, string("one-" + silent.getSimpleName(), 5, "v"));

      RunReport report = run(ALL, ALL, HASTY);

      assertThat(report.state()).isEqualTo(State.COMPLETED);
      assertThat(row(report, C).skipped()).as(silent.getSimpleName()).contains("no answer");
      assertRow(report, B, 1, 0);
      assertThat(listing(B)).isEqualTo(listing(A));
      assertThat(ALL).noneMatch(report::provesComplete);
    }
  }

  @Test
  void whoDoesNotTakeWhatItLacksIsNamedAndSpoilsNobodyElsesProof() {
    manners.get(C).deafTo.add(NodeProtocol.MergeElements.class);
    for (int i = 0; i < 2000; i++) {
      at(A, string("key-" + i, 5, "v"));
      at(B, string("key-" + i, 5, "v"));
    }
    at(C, string("only-c", 5, "v"));

    RunReport first = run(ALL, ALL, HASTY);

    assertThat(first.state()).isEqualTo(State.COMPLETED);
    assertRow(first, A, 1, 0);
    assertRow(first, B, 1, 0);
    assertThat(ALL).as("two lacked something, one still does").noneMatch(first::provesComplete);

    RunReport second = run(ALL, ALL, HASTY);

    assertThat(second.provesComplete(A)).isTrue();
    assertThat(second.provesComplete(B)).isTrue();
    assertThat(second.provesComplete(C)).isFalse();
    assertThat(row(second, C).skipped()).isEmpty();
    assertThat(row(second, C).shardsUnproven()).isEqualTo(64);
    assertThat(row(second, C).remark()).contains("no answer within 3000 ms");
    assertThat(second.shardsInSync()).isZero();
    assertThat(listing(C)).hasSize(1);
    assertThat(listing(A)).hasSize(2001).isEqualTo(listing(B));
  }

  @Test
  void nobodyToCompareWithIsAFailureAndNoProof() {
    manners.get(A).deafTo.add(NodeProtocol.GetManifest.class);
    manners.get(B).deafTo.add(NodeProtocol.GetManifest.class);

    // It does not matter whether the third answers in time.
    RunReport report = run(ALL, ALL, Duration.ofMillis(100));

    assertThat(report.state()).isEqualTo(State.FAILED);
    assertThat(report.reason()).contains("no shard had two");
    assertThat(report.shardsNotCompared()).isEqualTo(64);
    assertThat(ALL).noneMatch(report::provesComplete);
  }

  @Test
  void aBrokenListingLeavesItsNodeOutAndTheOthersAreComparedAllTheSame() {
    at(A, string("one", 5, "v"));
    manners.get(C).streamsToBreak.set(1);

    RunReport report = run(ALL, ALL, PATIENT);

    assertThat(report.state()).isEqualTo(State.COMPLETED);
    assertThat(row(report, C).skipped()).contains("without its last chunk");
    assertRow(report, B, 1, 0);
    assertThat(listing(B)).isEqualTo(listing(A));
  }

  @Test
  void largeAndManyElementsTravelInPieces() {
    byte[] huge = new byte[5_000_000];
    new Random(3).nextBytes(huge);
    at(A, Element.string(Elements.key("huge"), at(5), huge));
    for (int i = 0; i < 3000; i++) {
      byte[] value = new byte[1000];
      at(B, Element.field(Elements.key("hash"), Elements.text("f" + i), at(5), value));
    }

    RunReport report = run(ALL, ALL, PATIENT);

    // The hash brings its type along.
    assertRow(report, A, 3001, 0);
    assertRow(report, B, 1, 0);
    assertRow(report, C, 3002, 0);
    assertThat(manners.get(C).pieces.get()).isGreaterThan(60);
    assertThat(report.bytesRecommended()).isGreaterThan(16_000_000);
    assertEqualStores();
    assertSecondRunFindsNothing();
  }

  @Test
  void moreLeavesThanOnePortionAreAllLookedAt() {
    for (int i = 0; i < 6000; i++) {
      at(i % 2 == 0 ? A : B, string("key-" + i, 5, "v"));
    }

    RunReport report = run(ALL, ALL, PATIENT);

    assertRow(report, A, 3000, 0);
    assertRow(report, B, 3000, 0);
    assertRow(report, C, 6000, 0);
    assertEqualStores();
  }

  @Test
  void aStoppedRunSaysSo() {
    manners.get(C).deafTo.add(NodeProtocol.GetManifest.class);
    TestProbe<RunReport> probe = kit.createTestProbe();
    ActorRef<Run.Command> run =
        kit.spawn(Run.create(plan(ALL, ALL, PATIENT), this::node, probe.ref()));

    run.tell(Run.Stop.STOP);

    RunReport report = probe.receiveMessage();
    assertThat(report.state()).isEqualTo(State.FAILED);
    assertThat(report.reason()).isEqualTo("stopped");
    probe.expectTerminated(run);
  }

  @Test
  void twoRunsAtOnceDoNoHarm() {
    for (int i = 0; i < 500; i++) {
      at(ALL.get(i % 3), string("key-" + i, 5, "v"));
    }
    TestProbe<RunReport> one = kit.createTestProbe();
    TestProbe<RunReport> other = kit.createTestProbe();
    kit.spawn(Run.create(plan(ALL, ALL, PATIENT), this::node, one.ref()));
    kit.spawn(Run.create(plan(ALL, ALL, PATIENT), this::node, other.ref()));

    RunReport first = last(one);
    RunReport second = last(other);

    assertEqualStores();
    long repaired =
        first.nodes().stream().mapToLong(NodeReport::missing).sum()
            + second.nodes().stream().mapToLong(NodeReport::missing).sum();
    assertThat(repaired).as("each element is added once, by whichever run").isEqualTo(1000);
  }

  private RunReport run(List<NodeId> participants, List<NodeId> targets, Duration within) {
    TestProbe<RunReport> probe = kit.createTestProbe();
    ActorRef<Run.Command> run =
        kit.spawn(Run.create(plan(participants, targets, within), this::node, probe.ref()));
    RunReport report = last(probe);
    probe.expectTerminated(run);
    return report;
  }

  private static RunReport last(TestProbe<RunReport> probe) {
    RunReport report = probe.receiveMessage(Duration.ofSeconds(60));
    while (report.state() == State.RUNNING) {
      report = probe.receiveMessage(Duration.ofSeconds(60));
    }
    return report;
  }

  private void assertSecondRunFindsNothing() {
    RunReport again = run(ALL, ALL, PATIENT);
    assertThat(again.slotsDiffering()).isZero();
    ALL.forEach(node -> assertRow(again, node, 0, 0));
    assertThat(ALL).allMatch(again::provesComplete);
  }

  private void assertEqualStores() {
    assertThat(listing(B)).isEqualTo(listing(A));
    assertThat(listing(C)).isEqualTo(listing(A));
  }

  private static void assertRow(RunReport report, NodeId node, long missing, long stale) {
    assertThat(row(report, node).missing()).as(node + " missing").isEqualTo(missing);
    assertThat(row(report, node).stale()).as(node + " stale").isEqualTo(stale);
  }

  private static NodeReport row(RunReport report, NodeId node) {
    return report.nodes().stream().filter(row -> row.node().equals(node)).findFirst().orElseThrow();
  }

  private ActorRef<NodeProtocol.Command> node(Member member) {
    return nodes.get(member.id());
  }

  private RunPlan plan(List<NodeId> participants, List<NodeId> targets, Duration within) {
    TreeMap<String, List<Seat>> seats = new TreeMap<>();
    List<Member> members = new ArrayList<>();
    for (NodeId node : ALL) {
      seats.put("rack-" + node.name(), Collections.nCopies(64, Seat.of(node)));
      members.add(new Member(node, "rack-" + node.name(), "127.0.0.1", 1, 2, 3));
    }
    Ring ring = new Ring(7, 1, "dc", SHARDS, members, List.of(), seats);
    List<Integer> all = IntStream.range(0, 64).boxed().toList();
    return new RunPlan("run-" + ++runs, ring, all, participants, targets, within);
  }

  private static ShardStore[] emptyStores() {
    return IntStream.range(0, 64)
        .mapToObj(
            shard ->
                new ShardStore(
                    SHARDS.firstSlot(shard), SHARDS.lastSlot(shard), StoreNode.DIGEST_KEY))
        .toArray(ShardStore[]::new);
  }

  private void everywhere(Element element) {
    ALL.forEach(node -> at(node, element));
  }

  /** Only while no run is under way, or its messages order the two. */
  private void at(NodeId node, Element element) {
    stores.get(node)[shardOf(element.key())].merge(element);
  }

  private List<Element> listing(NodeId node) {
    List<Element> all = new ArrayList<>();
    for (int slot = 0; slot < 16384; slot++) {
      stores.get(node)[SHARDS.shardOf(slot)].forEachElement(slot, all::add);
    }
    return all;
  }

  private static int shardOf(Key key) {
    return SHARDS.shardOf(key.slot());
  }

  private static Element string(String key, long time, String value) {
    return Element.string(Elements.key(key), at(time), value.getBytes(StandardCharsets.UTF_8));
  }

  private static Version at(long time) {
    return new Version(time, 1);
  }
}
