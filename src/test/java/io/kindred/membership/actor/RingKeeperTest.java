package io.kindred.membership.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kindred.ring.Lineage;
import io.kindred.ring.Member;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.cluster.MemberStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keepers in several actor systems that form a ring, contend, and replace a dead node. */
class RingKeeperTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir Path dirs;
  private final List<RingNode> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(node -> node.system.terminate());
    nodes.forEach(
        node ->
            await().until(() -> node.system.getWhenTerminated().toCompletableFuture().isDone()));
  }

  private RingNode start(String name, int store, int port, Duration declareLostAfter)
      throws Exception {
    RingNode node =
        RingNode.start(name, store, port, dirs.resolve(name + "-" + store), declareLostAfter);
    nodes.add(node);
    return node;
  }

  private void formRing(Duration declareLostAfter) throws Exception {
    RingNode a = start("a1", 501, 0, declareLostAfter);
    RingNode b = start("b1", 77, 0, declareLostAfter);
    RingNode c = start("c1", 9, 0, declareLostAfter);
    for (RingNode node : List.of(a, b, c)) {
      node.join(a);
    }
    awaitEpoch(1);
  }

  private void awaitEpoch(long epoch) {
    for (RingNode node : nodes) {
      await().atMost(20, TimeUnit.SECONDS).until(() -> node.epoch() >= epoch);
    }
  }

  private static Ring decided(RingNode node, RingChange change) throws Exception {
    RingProtocol.Outcome outcome = node.propose(change).get(20, TimeUnit.SECONDS);
    assertThat(outcome).isInstanceOf(RingProtocol.Decided.class);
    return ((RingProtocol.Decided) outcome).ring();
  }

  @Test
  void threeFormOneRingAndAgreeOnWhoeverProposes() throws Exception {
    formRing(LONG);
    RingNode a = nodes.get(0);
    assertThat(a.ring().voters()).containsExactly(a.id(), nodes.get(1).id(), nodes.get(2).id());
    for (RingNode node : nodes) {
      assertThat(node.ring()).isEqualTo(a.ring());
      await().until(() -> node.board.current().reachable().size() == 3);
      await().until(() -> RingDisk.ringIn(node.dir).equals(Optional.of(a.ring())));
    }

    nodes.get(1).keeper.tell(new RingProtocol.AnnouncePhase(Phase.MASTER));
    await().until(() -> a.board.current().serves(nodes.get(1).id()));

    for (int round = 1; round <= 5; round++) {
      List<CompletableFuture<RingProtocol.Outcome>> outcomes = new ArrayList<>();
      for (RingNode node : nodes) {
        outcomes.add(node.propose(new RingChange.Join(moved(node.member, round), false)));
      }
      for (CompletableFuture<RingProtocol.Outcome> outcome : outcomes) {
        assertThat(outcome.get(20, TimeUnit.SECONDS)).isInstanceOf(RingProtocol.Decided.class);
      }
      awaitEpoch(1 + 3L * round);
      for (RingNode node : nodes) {
        assertThat(node.ring()).isEqualTo(a.ring());
        assertThat(a.ring().member(node.id())).contains(moved(node.member, round));
      }
    }
    assertThat(a.epoch()).isEqualTo(16);

    RingNode c = nodes.get(2);
    c.kill();
    RingNode again = start("c1", 9, c.member.arteryPort(), LONG);
    await().until(() -> again.epoch() > 0);
    assertThat(again.ring()).as("the ring comes from the disk").isEqualTo(a.ring());
    await().until(() -> again.board.current().reachable().contains(a.id()));
    await().until(() -> a.board.current().reachable().contains(c.id()));
    assertThat(again.status()).as("nobody told it to join").isEqualTo(MemberStatus.removed());
  }

  @Test
  void oneOfThreeGoesOnByAnOperatorsWordAndOneThatDecidedNothingFollows() throws Exception {
    formRing(LONG);
    RingNode a = nodes.get(0);
    RingNode b = nodes.get(1);
    RingNode c = nodes.get(2);
    Ring before = a.ring();
    assertThat(a.recover(b.id(), c.id()))
        .as("both are in reach")
        .isInstanceOf(RingProtocol.Refused.class);
    b.kill();
    c.kill();
    await().until(() -> a.board.current().reachable().equals(Set.of(a.id())));
    assertThat(a.propose(new RingChange.DeclareLost(b.id())).get(20, TimeUnit.SECONDS))
        .isInstanceOf(RingProtocol.NoMajority.class);

    assertThat(a.recover(b.id(), c.id())).isInstanceOf(RingProtocol.Decided.class);
    assertThat(a.ring().lost()).containsExactly(b.id(), c.id());
    assertThat(a.ring().lineage().relationOf(before.lineage())).isEqualTo(Lineage.Relation.OLDER);
    await().until(() -> RingDisk.ringIn(a.dir).equals(Optional.of(a.ring())));
    decided(a, new RingChange.Forget(c.id()));

    RingNode again = start("b1", 77, b.member.arteryPort(), LONG);
    await().until(() -> again.epoch() == a.epoch());
    assertThat(again.ring()).isEqualTo(a.ring());
  }

  @Test
  void twoRingsThatBothWentOnRefuseEachOther() throws Exception {
    formRing(LONG);
    RingNode a = nodes.get(0);
    RingNode b = nodes.get(1);
    RingNode c = nodes.get(2);
    Ring before = a.ring();
    b.kill();
    await().until(() -> !a.board.current().reachable().contains(b.id()));
    decided(a, new RingChange.DeclareLost(b.id()));
    Ring wentOn = a.ring();
    a.kill();
    c.kill();

    // The other side: it was away while those two went on, and its operator took them for dead.
    RingNode alone = start("b1", 77, b.member.arteryPort(), LONG);
    await().until(() -> alone.epoch() == before.epoch());
    assertThat(alone.recover(a.id(), c.id())).isInstanceOf(RingProtocol.Decided.class);
    Ring recovered = alone.ring();

    RingNode back = start("a1", 501, a.member.arteryPort(), LONG);
    RingNode third = start("c1", 9, c.member.arteryPort(), LONG);
    await().until(() -> back.board.current().reachable().contains(c.id()));
    assertThat(decided(back, new RingChange.DeclareLost(third.id())).epoch())
        .as("the majority goes on")
        .isGreaterThan(wentOn.epoch());
    assertThat(alone.ring()).isEqualTo(recovered);
    assertThat(back.ring().recoveries()).isEmpty();
    // A pulse of before the recovery may have waited for the process that came back; none follows
    // it.
    await().until(() -> alone.board.current().reachable().equals(Set.of(alone.id())));
    await().until(() -> !back.board.current().reachable().contains(alone.id()));
  }

  private static Member moved(Member member, int round) {
    return new Member(
        member.id(),
        member.rack(),
        member.host(),
        member.clientPort() + round,
        member.managementPort(),
        member.arteryPort());
  }

  @Test
  void aDeadNodeIsDeclaredLostAndThenDowned() throws Exception {
    formRing(Duration.ofSeconds(3));
    RingNode a = nodes.get(0);
    RingNode b = nodes.get(1);
    RingNode c = nodes.remove(2);
    c.kill();
    await()
        .atMost(5, TimeUnit.SECONDS)
        .until(() -> !a.board.current().reachable().contains(c.id()));
    awaitEpoch(2);
    assertThat(a.ring().isLost(c.id())).isTrue();
    assertThat(a.ring().voters()).containsExactly(a.id(), b.id());
    assertThat(a.ring().ownedBy(c.id())).as("it keeps its seats").hasSize(RingNode.SHARDS);
    await().atMost(10, TimeUnit.SECONDS).until(() -> a.statusOf(c).isEmpty());
  }

  @Test
  void aReplacementIsGivenWorkWhileWeaklyUp() throws Exception {
    formRing(LONG);
    RingNode a = nodes.get(0);
    RingNode c = nodes.remove(2);
    c.kill();
    await().atMost(10, TimeUnit.SECONDS).until(() -> a.seesUnreachable(c));

    RingNode fresh = start("c1", 10, 0, LONG);
    fresh.join(a);
    await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> fresh.status().equals(MemberStatus.weaklyUp()));
    awaitEpoch(1);
    Ring joined = decided(fresh, new RingChange.Join(fresh.member, true));
    assertThat(joined.isLost(c.id())).isTrue();
    assertThat(joined.memberNamed("c1")).contains(fresh.member);
    decided(fresh, new RingChange.Succeed(c.id(), fresh.id()));
    Ring promoted = decided(fresh, new RingChange.Promote(fresh.id()));
    assertThat(promoted.ownedBy(fresh.id())).hasSize(RingNode.SHARDS);
    assertThat(promoted.former()).containsExactly(c.member);

    awaitEpoch(4);
    await().atMost(15, TimeUnit.SECONDS).until(() -> a.statusOf(c).isEmpty());
    await().atMost(15, TimeUnit.SECONDS).until(() -> fresh.status().equals(MemberStatus.up()));
  }

  @Test
  void aReplacementAtTheSameAddressTakesTheDeadOnesPlace() throws Exception {
    formRing(LONG);
    RingNode a = nodes.get(0);
    RingNode c = nodes.remove(2);
    c.kill();
    RingNode fresh = start("c1", 10, c.member.arteryPort(), LONG);
    fresh.join(a);
    await().atMost(15, TimeUnit.SECONDS).until(() -> fresh.epoch() == 1);
    if (fresh.status().equals(MemberStatus.removed())) {
      // Its address is still the dead one's in the eyes of the cluster.
      assertThat(fresh.propose(new RingChange.Join(fresh.member, true)).get(20, TimeUnit.SECONDS))
          .isInstanceOf(RingProtocol.Refused.class);
    }
    await().atMost(15, TimeUnit.SECONDS).until(() -> fresh.status().equals(MemberStatus.up()));
    decided(fresh, new RingChange.Join(fresh.member, true));
    decided(fresh, new RingChange.Succeed(c.id(), fresh.id()));
    decided(fresh, new RingChange.Promote(fresh.id()));
    awaitEpoch(4);
    assertThat(a.ring().former()).containsExactly(c.member);
    assertThat(a.board.current().reachable()).contains(fresh.id()).doesNotContain(c.id());
  }
}
