package io.kindred.warmup.actor;

import static io.kindred.ring.Phase.DRAINING;
import static io.kindred.ring.Phase.EMPTYING;
import static io.kindred.ring.Phase.FAILED;
import static io.kindred.warmup.actor.Stage.ONE;
import static io.kindred.warmup.actor.Stage.SELF;
import static io.kindred.warmup.actor.Stage.THREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kindred.reconcile.RunReport;
import io.kindred.replication.Cursor;
import io.kindred.replication.FeedStatus;
import io.kindred.replication.actor.Feeds;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.warmup.Rings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Node n9 was the owner of rack r2 until n2 took its seats. */
class DrainingTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final NodeId TAKER = Rings.node(2);

  private final Stage stage = new Stage(List.of(), true);
  private final AtomicReference<Ring> ring = new AtomicReference<>();

  @AfterEach
  void close() {
    stage.close();
  }

  private void formWithoutSelf() {
    Ring owned = Rings.with(Rings.joined(Rings.of(3, 4), SELF), 2, SELF.id(), Optional.empty());
    Ring lost = Rings.changed(owned, new RingChange.DeclareLost(SELF.id()));
    Ring claimed = Rings.changed(lost, new RingChange.Succeed(SELF.id(), TAKER));
    ring.set(Rings.changed(claimed, new RingChange.Promote(TAKER)));
    stage.world(
        world -> {
          world.ring = Optional.of(ring.get());
          world.reachable.addAll(Set.of(ONE, TAKER, THREE, SELF.id()));
        });
  }

  private void until(Phase phase) {
    await().atMost(SOON).until(() -> stage.progress().phase() == phase);
  }

  private void untilWaitingFor(String what) {
    await().atMost(SOON).until(() -> stage.progress().waitingFor().contains(what));
  }

  /** Answers the next question after the feeds; whatever else they are told comes between. */
  private void feedsStand(FeedStatus.Peer... peers) {
    question().replyTo().tell(new FeedStatus(SELF.id(), ring.get().epoch(), List.of(peers)));
  }

  private Feeds.GetStatus question() {
    return stage.feeds.expectMessageClass(Feeds.GetStatus.class, SOON);
  }

  private static FeedStatus.Peer peer(NodeId id, long synced, OptionalLong divergedSince) {
    FeedStatus.Lane lane = new FeedStatus.Lane(10, new Cursor(1, synced, synced));
    return new FeedStatus.Peer(id, List.of(lane), divergedSince, 0, 0);
  }

  private static FeedStatus.Peer peer(NodeId id, long synced) {
    return peer(id, synced, OptionalLong.empty());
  }

  @Test
  void aNodeThatLostItsSeatsIsEmptiedOnceEveryOwnerHasItsLogAndTheRingSaysSo() {
    formWithoutSelf();
    stage.start();
    until(DRAINING);
    feedsStand(peer(ONE, 10), peer(TAKER, 0), peer(THREE, 10));
    untilWaitingFor(TAKER + " (10 bytes of our log");
    assertThat(stage.proposed).isEmpty();
    stage.leaving.expectNoMessage(Duration.ofMillis(100));

    feedsStand(peer(ONE, 10), peer(TAKER, 10), peer(THREE, 10));
    stage.leaving.expectMessage(SOON, new WarmUpProtocol.StartOver());
    until(EMPTYING);
    stage.leaving.expectNoMessage(Duration.ofMillis(100));
    assertThat(stage.proposed)
        .containsExactly(
            new RingChange.Drained(SELF.id(), new TreeSet<>(Set.of(ONE, TAKER, THREE))));
    assertThat(stage.served).as("nothing is served meanwhile").containsExactly(new TreeSet<>());
  }

  @Test
  void aNodeThatCrashedBetweenItsReleaseAndItsEmptyingIsEmptiedWhenItComesBack() {
    formWithoutSelf();
    TreeSet<NodeId> owners = new TreeSet<>(Set.of(ONE, TAKER, THREE));
    Ring released = Rings.changed(ring.get(), new RingChange.Drained(SELF.id(), owners));
    stage.world(world -> world.ring = Optional.of(released));
    stage.start();
    stage.leaving.expectMessage(SOON, new WarmUpProtocol.StartOver());
    assertThat(stage.proposed).isEmpty();
  }

  @Test
  void withoutAMajorityItStaysAsItIsAndSaysSo() {
    formWithoutSelf();
    stage.world(world -> world.majority = false);
    stage.start();
    feedsStand(peer(ONE, 10), peer(TAKER, 10), peer(THREE, 10));
    untilWaitingFor("the link is cut");
    feedsStand(peer(ONE, 10), peer(TAKER, 10), peer(THREE, 10));
    stage.leaving.expectNoMessage(Duration.ofMillis(100));
    assertThat(stage.progress().phase()).isEqualTo(DRAINING);
  }

  @Test
  void whatAFeedGaveUpIsComparedAndOnlyTheOwnersAreRepaired() {
    formWithoutSelf();
    stage.start();
    OptionalLong longAgo = OptionalLong.of(1);
    feedsStand(peer(ONE, 10), peer(TAKER, 10, longAgo), peer(THREE, 10));
    Stage.Asked asked = stage.comparison();
    assertThat(asked.plan().participants()).containsExactlyInAnyOrder(TAKER, SELF.id());
    assertThat(asked.plan().targets()).containsExactly(TAKER);
    assertThat(asked.plan().participantsOf(0)).containsExactlyInAnyOrder(TAKER, SELF.id());
    RunReport report = Stage.report(asked.plan(), 0);
    asked.listener().tell(report);
    Feeds.Reconciled told = stage.feeds.expectMessageClass(Feeds.Reconciled.class, SOON);
    assertThat(told.whole()).containsExactlyInAnyOrder(TAKER, SELF.id());
    assertThat(stage.proposed).as("the feeds have not said that it is whole").isEmpty();
  }

  @Test
  void aForgottenNodeStopsAndIsNotDrained() {
    formWithoutSelf();
    stage.start();
    until(DRAINING);
    stage.world(
        world ->
            world.ring =
                Optional.of(
                    Rings.changed(world.ring.orElseThrow(), new RingChange.Forget(SELF.id()))));
    stage.leaving.expectMessageClass(WarmUpProtocol.Forgotten.class, SOON);
    until(FAILED);
    assertThat(stage.proposed).isEmpty();
  }
}
