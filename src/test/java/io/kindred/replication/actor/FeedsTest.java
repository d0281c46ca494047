package io.kindred.replication.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kindred.replication.FeedSettings;
import io.kindred.replication.FeedStatus;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Seat;
import io.kindred.storage.LaneLog;
import io.kindred.storage.actor.NodeProtocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feeds and inboxes of real nodes over Artery, with shards and logs in memory. */
class FeedsTest {

  private static final FeedSettings SETTINGS = settings(1 << 20, 1L << 30);

  @TempDir private Path dir;
  private FeedNode one;
  private FeedNode two;
  private FeedNode spare;

  private static FeedSettings settings(long windowBytes, long retentionBytes) {
    return new FeedSettings(
        windowBytes,
        32,
        64 * 1024,
        retentionBytes,
        Duration.ofMillis(200),
        Duration.ofMillis(400),
        Duration.ofMillis(20));
  }

  @BeforeEach
  void start() {
    one = new FeedNode("one", 1, dir);
    two = new FeedNode("two", 2, dir);
  }

  @AfterEach
  void stop() {
    Stream.of(one, two, spare).filter(node -> node != null).forEach(FeedNode::close);
  }

  @Test
  void aPeerThatWasAwayIsFedWhatItMissed() {
    one.write(0, 500);
    one.startFeeds(SETTINGS);
    one.show(ring(1), Set.of(one.id));
    one.write(500, 1000);
    assertThat(two.strings).isEmpty();

    two.startInbox();
    awaitEqual();
    one.write(1000, 1100);
    awaitEqual();
    awaitCursorsAtTheEnd();
  }

  @Test
  void whatWasLostWithAnInboxIsSentAgain() {
    two.startInbox();
    one.startFeeds(SETTINGS);
    one.show(ring(1), Set.of(one.id, two.id));
    one.write(0, 300);
    awaitEqual();

    two.deafenInbox();
    one.write(300, 2000);
    await().until(() -> peer(one, two.id).lagBytes() > 0);
    two.failInbox();
    one.write(2000, 2100);
    awaitEqual();
    awaitCursorsAtTheEnd();
  }

  @Test
  void anElementLargerThanAFrameAndTheWindowTravelsInPieces() {
    byte[] large = new byte[10 << 20];
    new Random(5).nextBytes(large);
    two.startInbox();
    one.startFeeds(SETTINGS);
    one.show(ring(1), Set.of(one.id, two.id));
    one.write("small", new byte[1]);
    one.write("large", large);
    one.write("after", new byte[2]);
    awaitEqual();
    awaitCursorsAtTheEnd();
  }

  @Test
  void nothingIsTakenFromWhoLeftTheRingForGood() {
    two.departed.add(one.id);
    two.startInbox();
    one.startFeeds(SETTINGS);
    one.show(ring(1), Set.of(one.id, two.id));
    one.write(0, 100);
    await().until(() -> two.heard() >= 4);
    assertThat(two.strings).isEmpty();

    two.departed.clear();
    awaitEqual();
  }

  @Test
  void aPeerBeyondTheRetentionIsDivergedAndFedFromTheEndOn() {
    one.startFeeds(settings(1 << 20, 5_000));
    one.show(ring(1), Set.of(one.id));
    one.write(0, 2000);
    await().until(() -> peer(one, two.id).divergedSince().isPresent());

    two.startInbox();
    awaitCursorsAtTheEnd();
    one.write(5000, 5010);
    await().until(() -> two.strings.size() >= 10);
    assertThat(two.strings.size()).as("what it missed is for a reconciliation").isLessThan(2000);
    awaitCursorsAtTheEnd();

    long since = peer(one, two.id).divergedSince().getAsLong();
    long later = System.currentTimeMillis() + 1;
    TreeSet<NodeId> whole = new TreeSet<>(Set.of(one.id, two.id));
    one.feeds().tell(new Feeds.Reconciled(new TreeSet<>(Set.of(one.id)), later));
    one.feeds().tell(new Feeds.Reconciled(whole, since));
    assertThat(peer(one, two.id).divergedSince())
        .as("one that did not take part, or began before")
        .isPresent();
    one.feeds().tell(new Feeds.Reconciled(whole, later));
    await().until(() -> peer(one, two.id).divergedSince().isEmpty());
  }

  @Test
  void aPeerIsDivergedUntilAReconciliationThatBeganAfterAllThatWasGivenUp() {
    one.startFeeds(settings(1 << 20, 5_000));
    one.show(ring(1), Set.of(one.id));
    one.write(0, 2000);
    awaitGivenUpTo(0);
    long since = peer(one, two.id).divergedSince().getAsLong();
    long between = System.currentTimeMillis() + 1;
    await().until(() -> System.currentTimeMillis() > between);
    long given = leastApplied();
    one.write(2000, 4000);
    awaitGivenUpTo(given);

    TreeSet<NodeId> whole = new TreeSet<>(Set.of(one.id, two.id));
    one.feeds().tell(new Feeds.Reconciled(whole, between));
    assertThat(peer(one, two.id).divergedSince()).as("the first time").hasValue(since);
    await()
        .during(Duration.ofMillis(300))
        .until(() -> peer(one, two.id).divergedSince().isPresent());
    one.stopFeeds();
    one.startFeeds(settings(1 << 20, 5_000));
    one.feeds().tell(new Feeds.Reconciled(whole, between));
    assertThat(peer(one, two.id).divergedSince()).as("what was stored").hasValue(since);
    one.feeds().tell(new Feeds.Reconciled(whole, System.currentTimeMillis() + 1));
    assertThat(peer(one, two.id).divergedSince()).isEmpty();
  }

  /** Waits until all lanes' feeds have jumped beyond a position. */
  private void awaitGivenUpTo(long position) {
    await().until(() -> leastApplied() > position);
  }

  private long leastApplied() {
    return peer(one, two.id).lanes().stream()
        .mapToLong(lane -> lane.cursor().applied())
        .min()
        .orElseThrow();
  }

  @Test
  void anOwnerThatTookItsSeatMeanwhileIsFedAllThereIs() {
    spare = new FeedNode("spare", 3, dir);
    spare.startInbox();
    one.startFeeds(SETTINGS);
    // The ring it knew when it went away, and nobody in reach who could say how far it has come.
    one.show(ring(1), Set.of(one.id));
    one.write(0, 200);
    one.show(promoted(), Set.of(one.id));
    await().until(() -> spare.strings.equals(one.strings));
  }

  @Test
  void aSuccessorThatAnIslandHearsOfLateIsFedWhatTheIslandAccepted() {
    spare = new FeedNode("spare", 3, dir);
    spare.startInbox();
    one.startFeeds(SETTINGS);
    one.show(ring(1), Set.of(one.id));
    // Two, out of reach of one, is the source of the copy that the spare makes of one's shards.
    one.write(0, 200);
    one.show(succeedingOne(), Set.of(one.id));
    await().until(() -> spare.strings.equals(one.strings));
  }

  @Test
  void cursorsOutliveARestartSoLittleIsSentAgain() {
    two.startInbox();
    one.startFeeds(SETTINGS);
    one.show(ring(1), Set.of(one.id, two.id));
    one.write(0, 1000);
    awaitEqual();
    awaitCursorsAtTheEnd();
    long merged = two.merges.get();

    one.stopFeeds();
    one.write(1000, 1050);
    one.startFeeds(SETTINGS);
    one.show(ring(1), Set.of(one.id, two.id));
    awaitEqual();
    assertThat(two.merges.get() - merged).isEqualTo(50);
  }

  @Test
  void aFeedCanBeAwaited() {
    TestProbe<NodeProtocol.FeedAwaited> probe =
        two.kit.createTestProbe(NodeProtocol.FeedAwaited.class);
    two.startInbox();
    one.write(0, 100);
    NodeProtocol.FeedEnds ends =
        new NodeProtocol.FeedEnds(one.id, 77, one.logs.stream().map(LaneLog::end).toList());
    two.inbox().tell(new FeedInbox.Await(new NodeProtocol.AwaitFeed(ends, 300, probe.getRef())));
    assertThat(probe.receiveMessage().reached()).as("nobody feeds it").isFalse();

    one.startFeeds(SETTINGS);
    one.show(ring(1), Set.of(one.id, two.id));
    two.inbox().tell(new FeedInbox.Await(new NodeProtocol.AwaitFeed(ends, 9000, probe.getRef())));
    assertThat(probe.receiveMessage(Duration.ofSeconds(10)).reached()).isTrue();
    assertThat(two.strings).hasSize(100);

    NodeProtocol.FeedEnds own = new NodeProtocol.FeedEnds(two.id, 77, List.of(5L, 5L));
    two.inbox().tell(new FeedInbox.Await(new NodeProtocol.AwaitFeed(own, 0, probe.getRef())));
    assertThat(probe.receiveMessage().reached()).as("its own").isTrue();
  }

  @Test
  void aSuccessorIsFedWhatTheSourceOfItsCopyMayLack() {
    spare = new FeedNode("spare", 3, dir);
    one.startFeeds(SETTINGS);
    one.show(ring(1), Set.of(one.id, two.id));
    // Accepted at one, not yet applied at two, and before the ring names the spare.
    one.write(0, 200);

    TestProbe<NodeProtocol.FedUnder> probe = spare.kit.createTestProbe(NodeProtocol.FedUnder.class);
    spare.startInbox();
    NodeProtocol.AwaitFedUnder question =
        new NodeProtocol.AwaitFedUnder(
            2, new TreeSet<>(Set.of(one.id)), Duration.ofMillis(300), probe.getRef());
    spare.inbox().tell(new FeedInbox.Await(question));
    assertThat(probe.receiveMessage().missing()).containsExactly(one.id);

    one.show(ring(2), Set.of(one.id, two.id, spare.id));
    spare
        .inbox()
        .tell(
            new FeedInbox.Await(
                new NodeProtocol.AwaitFedUnder(
                    2, question.origins(), Duration.ofSeconds(9), probe.getRef())));
    assertThat(probe.receiveMessage(Duration.ofSeconds(10)).missing()).isEmpty();
    await().until(() -> spare.strings.equals(one.strings));
  }

  @Test
  void whatOthersAcceptedIsNotSentOn() {
    two.startInbox();
    one.startInbox();
    one.startFeeds(SETTINGS);
    two.startFeeds(SETTINGS);
    one.show(ring(1), Set.of(one.id, two.id));
    two.show(ring(1), Set.of(one.id, two.id));
    one.write(0, 300);
    awaitEqual();
    await()
        .untilAsserted(
            () ->
                assertThat(peer(two, one.id).lagBytes())
                    .as("the cursor moves over what is not for the peer")
                    .isZero());
    assertThat(one.merges.get()).isZero();
  }

  private void awaitEqual() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> two.strings.keySet().equals(one.strings.keySet()));
    assertThat(two.strings).isEqualTo(one.strings);
  }

  private void awaitCursorsAtTheEnd() {
    await()
        .untilAsserted(
            () ->
                assertThat(peer(one, two.id).lanes())
                    .allMatch(lane -> lane.cursor().synced() == lane.end()));
  }

  private static FeedStatus.Peer peer(FeedNode node, NodeId id) {
    return node.status().peers().stream()
        .filter(peer -> peer.peer().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** Epoch 1: one and two own everything. Epoch 2: the spare is to follow two. */
  private Ring ring(long epoch) {
    TreeMap<String, List<Seat>> seats = new TreeMap<>();
    Optional<NodeId> successor = epoch == 1 ? Optional.empty() : Optional.of(spare.id);
    seats.put(one.member.rack(), row(Seat.of(one.id)));
    seats.put(two.member.rack(), row(new Seat(two.id, successor)));
    Stream<Member> members = Stream.of(one.member, two.member);
    if (spare != null) {
      Member inTwosRack =
          new Member(spare.id, two.member.rack(), "127.0.0.1", 1, 2, spare.member.arteryPort());
      members = Stream.concat(members, Stream.of(inTwosRack));
    }
    return new Ring(9, epoch, "dc", FeedNode.SHARDS, members.toList(), List.of(), seats);
  }

  /** Epoch 2: the spare is to follow one. */
  private Ring succeedingOne() {
    TreeMap<String, List<Seat>> seats = new TreeMap<>();
    seats.put(one.member.rack(), row(new Seat(one.id, Optional.of(spare.id))));
    seats.put(two.member.rack(), row(Seat.of(two.id)));
    Member successor =
        new Member(spare.id, one.member.rack(), "127.0.0.1", 1, 2, spare.member.arteryPort());
    return new Ring(
        9, 2, "dc", FeedNode.SHARDS, List.of(one.member, two.member, successor), List.of(), seats);
  }

  /** Epoch 3: the spare owns what two owned. */
  private Ring promoted() {
    TreeMap<String, List<Seat>> seats = new TreeMap<>();
    seats.put(one.member.rack(), row(Seat.of(one.id)));
    seats.put(two.member.rack(), row(Seat.of(spare.id)));
    Member owner =
        new Member(spare.id, two.member.rack(), "127.0.0.1", 1, 2, spare.member.arteryPort());
    return new Ring(
        9, 3, "dc", FeedNode.SHARDS, List.of(one.member, owner), List.of(two.member), seats);
  }

  private static List<Seat> row(Seat seat) {
    return Stream.generate(() -> seat).limit(FeedNode.SHARDS.count()).toList();
  }
}
