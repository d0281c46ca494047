package io.kindred.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.replication.Cursor;
import io.kindred.replication.FeedStatus;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Node n2 was an island; n9 has its seats now. */
class DrainTest {

  private static final NodeId SELF = Rings.node(2);
  private static final Member TAKER = Rings.member(9, 2);
  private static final Ring RING = taken();
  private static final Set<NodeId> OWNERS = Set.of(Rings.node(1), Rings.node(3), TAKER.id());

  private static Ring taken() {
    Ring ring = Rings.of(3, 4, TAKER);
    ring = Rings.changed(ring, new RingChange.DeclareLost(SELF));
    ring = Rings.changed(ring, new RingChange.Succeed(SELF, TAKER.id()));
    return Rings.changed(ring, new RingChange.Promote(TAKER.id()));
  }

  /** A log of two lanes, 100 bytes each. */
  private static FeedStatus.Peer peer(int number, long first, long second) {
    return peer(number, OptionalLong.empty(), first, second);
  }

  private static FeedStatus.Peer peer(int number, OptionalLong diverged, long first, long second) {
    return new FeedStatus.Peer(
        Rings.node(number),
        List.of(
            new FeedStatus.Lane(100, new Cursor(1, 100, first)),
            new FeedStatus.Lane(100, new Cursor(1, 100, second))),
        diverged,
        0,
        0);
  }

  private static Drain.Next next(FeedStatus.Peer... peers) {
    return Drain.next(RING, new FeedStatus(SELF, RING.epoch(), Arrays.asList(peers)), OWNERS);
  }

  private static void assertWaits(Drain.Next next, String... words) {
    assertThat(next)
        .isInstanceOfSatisfying(
            Drain.Wait.class, wait -> assertThat(wait.waitingFor()).contains(words));
  }

  @Test
  void itIsOverOnceEveryOwnerHasAllLanesOnItsDisk() {
    assertThat(next(peer(1, 100, 100), peer(3, 100, 100), peer(9, 100, 100)))
        .isEqualTo(new Drain.Done(new TreeSet<>(OWNERS)));
  }

  @Test
  void appliedIsNotSyncedAndOneLaneIsNotAll() {
    assertWaits(next(peer(1, 100, 100), peer(3, 100, 99), peer(9, 0, 0)), "n3#3", "1 bytes", "n9");
  }

  @Test
  void anOwnerThatIsNotFedOrOutOfReachHoldsItUpAndIsNamed() {
    assertWaits(next(peer(1, 100, 100), peer(9, 100, 100)), "n3#3 (not fed yet)");
    FeedStatus status =
        new FeedStatus(
            SELF, RING.epoch(), List.of(peer(1, 100, 100), peer(3, 7, 100), peer(9, 100, 100)));
    assertWaits(Drain.next(RING, status, Set.of(Rings.node(1))), "n3#3 (out of reach; 93 bytes");
  }

  @Test
  void feedsByAnOlderRingProveNothing() {
    FeedStatus old =
        new FeedStatus(
            SELF,
            RING.epoch() - 1,
            List.of(peer(1, 100, 100), peer(3, 100, 100), peer(9, 100, 100)));
    assertWaits(Drain.next(RING, old, OWNERS), "epoch " + RING.epoch());
  }

  @Test
  void whoWasGivenUpSomethingIsComparedOnceTheFeedsHaveEnded() {
    FeedStatus.Peer diverged = peer(9, OptionalLong.of(5), 100, 100);
    assertWaits(next(peer(1, 100, 100), peer(3, 50, 50), diverged), "n3#3");
    assertThat(next(peer(1, 100, 100), peer(3, 100, 100), diverged))
        .isEqualTo(new Drain.Compare(new TreeSet<>(Set.of(TAKER.id()))));
  }

  @Test
  void aForgottenOwnerHoldsNobodyUp() {
    Ring ring = Rings.changed(RING, new RingChange.DeclareLost(Rings.node(3)));
    ring = Rings.changed(ring, new RingChange.Forget(Rings.node(3)));
    FeedStatus status =
        new FeedStatus(SELF, ring.epoch(), List.of(peer(1, 100, 100), peer(9, 100, 100)));
    assertThat(Drain.next(ring, status, OWNERS))
        .isEqualTo(new Drain.Done(new TreeSet<>(Set.of(Rings.node(1), TAKER.id()))));
  }
}
