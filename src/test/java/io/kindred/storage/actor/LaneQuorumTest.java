package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Call;
import io.kindred.command.Consistency;
import io.kindred.command.Reply;
import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.membership.ClusterView;
import io.kindred.membership.ViewBoard;
import io.kindred.replication.Superseded;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Shards;
import io.kindred.storage.FaultyDisk;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.Fsync;
import io.kindred.storage.MemoryBudget;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import io.kindred.warmup.Rings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes at a quorum, in the lane that took them. */
class LaneQuorumTest {

  private static final long NOW = 1_000;
  private static final NodeId TWO = Rings.node(2);
  private static final NodeId THREE = Rings.node(3);

  private final Queue<Runnable> lane = new ArrayDeque<>();
  private FaultyDisk disk;
  private FileLaneLog log;
  private ViewBoard board;
  private LaneQuorum quorum;
  private Shard shard;
  private BehaviorTestKit<LaneActor.Command> actor;

  @BeforeEach
  void start() throws IOException {
    start(3, Fsync.EVERYSEC);
  }

  private void start(int racks, Fsync fsync) throws IOException {
    disk = new FaultyDisk();
    log =
        FileLaneLog.open(
            disk,
            fsync,
            1 << 20,
            lane::add,
            Runnable::run,
            (number, own, element) -> {},
            found -> {});
    HybridClock clock = new HybridClock(() -> NOW, time -> time + (1L << 40), 0);
    shard = new Shard(0, new ShardStore(0, 16_383, 7), log, clock, () -> NOW, 5);
    ShardDesk desk = new ShardDesk(shard, new Shards(1));
    desk.serve(true);
    Ring ring = Rings.of(racks, 1);
    board = new ViewBoard(view(ring, TWO, THREE));
    quorum = new LaneQuorum(board, log, Duration.ofSeconds(30));
    actor =
        BehaviorTestKit.create(
            LaneActor.create(0, List.of(desk), log, new MemoryBudget(1, 0), quorum));
  }

  private static ClusterView view(Ring ring, NodeId... inReach) {
    Set<NodeId> reachable = new java.util.HashSet<>(List.of(inReach));
    reachable.add(Rings.node(1));
    return new ClusterView(Rings.member(1, 1), java.util.Optional.of(ring), Map.of(), reachable);
  }

  private Answer ask(Consistency level, String command) {
    Answer answer = new Answer(level, command);
    actor.run(new LaneActor.Execute(new Call[] {answer}));
    turn();
    return answer;
  }

  private Answer quorum(String command) {
    return ask(Consistency.DC_QUORUM, command);
  }

  private void turn() {
    while (!lane.isEmpty()) {
      lane.poll().run();
    }
  }

  private void applied(NodeId peer, long position, Superseded... newer) {
    actor.run(new LaneActor.Applied(peer, position, List.of(newer)));
    turn();
  }

  private String get(String key) {
    Reply reply = ask(Consistency.DC_ONE, "GET " + key).reply();
    return reply instanceof Reply.Bulk bulk
        ? new String(bulk.bytes(), StandardCharsets.US_ASCII)
        : "nothing";
  }

  private Version version(String key) {
    List<Element> found = new ArrayList<>();
    Key place = Elements.key(key);
    shard.store().forEachElement(place.slot(), place.leaf(), found::add);
    return found.get(0).version();
  }

  @Test
  void aWriteIsAnsweredOnceAnotherRackHasAppliedIt() {
    Answer answer = quorum("SET k v");
    assertThat(answer.replies()).isEmpty();
    assertThat(quorum.isWaiting()).isTrue();
    applied(TWO, log.end() - 1);
    assertThat(answer.replies()).isEmpty();
    applied(THREE, log.end());
    assertThat(answer.replies()).containsExactly(Reply.OK);
    assertThat(quorum.isWaiting()).isFalse();
    applied(TWO, log.end());
    assertThat(answer.replies()).hasSize(1);
  }

  @Test
  void whatWritesNothingWaitsForNobody() {
    assertThat(ask(Consistency.DC_ONE, "SET k v").reply()).isEqualTo(Reply.OK);
    assertThat(quorum("SET k w NX").reply()).isEqualTo(Reply.NULL);
    assertThat(quorum("DEL none").reply()).isEqualTo(Reply.ZERO);
    assertThat(quorum("LPUSH k x").reply()).isInstanceOf(Reply.Failure.class);
    assertThat(quorum.isWaiting()).isFalse();
  }

  @Test
  void aRingOfOneRackIsItsOwnMajority() throws IOException {
    start(1, Fsync.EVERYSEC);
    assertThat(quorum("SET k v").reply()).isEqualTo(Reply.OK);
  }

  @Test
  void withoutAMajorityInReachNothingIsWritten() {
    board.show(view(Rings.of(3, 1)));
    Reply.Failure failure = (Reply.Failure) quorum("SET k v").reply();
    assertThat(failure.text())
        .isEqualTo(
            "NOQUORUM 1 of 3 racks are in reach, and it takes 2: out of reach are n2, n3;"
                + " nothing was written");
    assertThat(get("k")).isEqualTo("nothing");
  }

  @Test
  void whoWaitsForRacksThatGoAwayIsToldWhatBecameOfIt() {
    Answer answer = quorum("SET k v");
    board.show(view(Rings.of(3, 1)));
    actor.run(tend());
    assertThat(((Reply.Failure) answer.reply()).text())
        .isEqualTo(
            "NOQUORUM 1 racks have it, and it takes 2: nothing was heard of n2, n3; it stays"
                + " written here and may still spread");
    assertThat(get("k")).isEqualTo("v");
    assertThat(quorum.isWaiting()).isFalse();
  }

  private LaneActor.Command tend() {
    return actor.getAllEffects().stream()
        .filter(org.apache.pekko.actor.testkit.typed.Effect.TimerScheduled.class::isInstance)
        .map(org.apache.pekko.actor.testkit.typed.Effect.TimerScheduled.class::cast)
        .map(timer -> (LaneActor.Command) timer.msg())
        .findFirst()
        .orElseThrow();
  }

  /**
   * Counter-example 21: a rack whose clock was ahead wrote before, and a majority has that. The
   * later write must not lose.
   */
  @Test
  void aLaterWriteDoesNotLoseToAFastClock() {
    Answer answer = quorum("SET k 2");
    long fast = HybridClock.ofMillis(NOW + 300);
    applied(TWO, log.end(), new Superseded(log.end(), Elements.key("k").hashCode(), fast));
    assertThat(answer.replies()).as("not before it has won").isEmpty();
    assertThat(version("k").time()).isGreaterThan(fast);
    applied(TWO, log.end());
    assertThat(answer.replies()).containsExactly(Reply.OK);

    // And the other's value, when it comes, changes nothing.
    shard.merge(Element.string(Elements.key("k"), new Version(fast, 9), new byte[] {'1'}));
    assertThat(get("k")).isEqualTo("2");
  }

  @Test
  void itWinsAlsoWhereTheOtherHadArrivedHereMeanwhile() {
    Answer answer = quorum("SET k 2");
    long fast = HybridClock.ofMillis(NOW + 300);
    shard.merge(Element.string(Elements.key("k"), new Version(fast, 9), new byte[] {'1'}));
    applied(TWO, log.end(), new Superseded(log.end(), Elements.key("k").hashCode(), fast));
    applied(TWO, log.end());
    assertThat(answer.replies()).containsExactly(Reply.OK);
    assertThat(get("k")).isEqualTo("2");
  }

  @Test
  void ofTwoWritesOfOneClientTheLaterStays() {
    Answer first = quorum("SET k 1");
    Answer second = quorum("SET k 2");
    long fast = HybridClock.ofMillis(NOW + 300);
    applied(TWO, log.end(), new Superseded(log.end(), Elements.key("k").hashCode(), fast));
    assertThat(first.replies()).as("nobody could read it yet").isEmpty();
    assertThat(second.replies()).isEmpty();
    applied(TWO, log.end());
    assertThat(first.replies()).containsExactly(Reply.OK);
    assertThat(second.replies()).containsExactly(Reply.OK);
    assertThat(get("k")).isEqualTo("2");
    assertThat(version("k").time()).isGreaterThan(fast);
  }

  @Test
  void aLaterWriteAtDcOneIsNotUndone() {
    Answer first = quorum("SET k 1");
    assertThat(ask(Consistency.DC_ONE, "SET k 2").reply()).isEqualTo(Reply.OK);
    long fast = HybridClock.ofMillis(NOW + 300);
    applied(TWO, log.end(), new Superseded(log.end(), Elements.key("k").hashCode(), fast));
    applied(TWO, log.end());
    assertThat(first.replies()).containsExactly(Reply.OK);
    assertThat(get("k")).isEqualTo("2");
    assertThat(version("k").time()).isGreaterThan(fast);
    assertThat(quorum.isWaiting()).isFalse();
  }

  @Test
  void whatWritesNothingBehindItDoesNotMakeItLose() {
    Answer first = quorum("SET k 1");
    assertThat(quorum("SET k 2 NX").reply()).isEqualTo(Reply.NULL);
    assertThat(ask(Consistency.DC_ONE, "SETNX k 2").reply()).isEqualTo(Reply.ZERO);
    long fast = HybridClock.ofMillis(NOW + 300);
    applied(TWO, log.end(), new Superseded(log.end(), Elements.key("k").hashCode(), fast));
    assertThat(first.replies()).isEmpty();
    applied(TWO, log.end());
    assertThat(first.replies()).containsExactly(Reply.OK);
    assertThat(version("k").time()).isGreaterThan(fast);
  }

  @Test
  void aPeerWhoseFeedGaveUpHasNothingOfIt() {
    Answer answer = quorum("SET k v");
    actor.run(new LaneActor.GaveUp(TWO, log.end()));
    applied(TWO, log.end() + 100);
    assertThat(answer.replies()).isEmpty();
    applied(THREE, log.end());
    assertThat(answer.replies()).containsExactly(Reply.OK);
  }

  @Test
  void whatIsStampedBeyondAnExpiryKeepsTheExpiry() {
    assertThat(ask(Consistency.DC_ONE, "SET k v PX 100").reply()).isEqualTo(Reply.OK);
    Answer answer = quorum("APPEND k w");
    long fast = HybridClock.ofMillis(NOW + 300);
    applied(TWO, log.end(), new Superseded(log.end(), Elements.key("k").hashCode(), fast));
    applied(TWO, log.end());
    assertThat(answer.replies()).containsExactly(Reply.of(2));
    assertThat(shard.store().string(Elements.key("k"), NOW + 101)).isNull();
  }

  @Test
  void allThatACommandMadeIsWrittenAgain() {
    Answer answer = quorum("HSET h f 1 g 2");
    long fast = HybridClock.ofMillis(NOW + 300);
    applied(TWO, log.end(), new Superseded(log.end(), Elements.key("h").hashCode(), fast));
    shard.merge(Element.clear(Elements.key("h"), new Version(fast, 9)));
    applied(TWO, log.end());
    assertThat(answer.replies()).hasSize(1);
    assertThat(shard.store().fieldCount(Elements.key("h"), NOW)).isEqualTo(2);
  }

  @Test
  void underAlwaysItWaitsForItsOwnDiskToo() throws IOException {
    start(3, Fsync.ALWAYS);
    Answer answer = new Answer(Consistency.DC_QUORUM, "SET k v");
    actor.run(new LaneActor.Execute(new Call[] {answer}));
    applied(TWO, Long.MAX_VALUE - 1);
    assertThat(answer.replies()).containsExactly(Reply.OK);
  }

  @Test
  void aLogThatFailsAnswersOnce() {
    disk.setRoom(0);
    Answer answer = quorum("SET k v");
    assertThat(((Reply.Failure) answer.reply()).text()).startsWith("MISCONF");
    assertThat(answer.replies()).hasSize(1);
    assertThat(quorum.isWaiting()).isFalse();
  }
}
