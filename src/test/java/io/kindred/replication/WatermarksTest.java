package io.kindred.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.replication.Watermarks.Move;
import io.kindred.ring.Founding;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Shards;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three racks of one node, one shard, one lane: what each may adopt and purge, and when not. */
class WatermarksTest {

  private static final long NOW = 1_000_000;

  private final Map<NodeId, Node> nodes = new HashMap<>();
  private Ring ring;
  private Node a;
  private Node b;
  private Node c;

  /** One node: its log's end and what each peer has synced of it. */
  private final class Node {
    final NodeId id;
    Watermarks marks;
    long end;
    long synced;
    long adoptedInShard;
    final Map<NodeId, Long> peers = new HashMap<>();
    final Set<NodeId> diverged = new TreeSet<>();
    boolean proven = true;
    final List<Move> moves = new ArrayList<>();

    Node(NodeId id) {
      this.id = id;
      marks = new Watermarks(id, 1, 1, 5_000, Watermarks.Stored.NOTHING);
      marks.follow(ring, NOW);
      marks.waits(0, true);
    }

    void writesUpTo(long position) {
      end = position;
      synced = position;
    }

    void allHaveEverything() {
      nodes.keySet().forEach(peer -> peers.put(peer, end));
    }

    void promises(long floor) {
      marks.promise(end, floor, floor, Map.of(0, adoptedInShard));
    }

    void turn() {
      List<FeedStatus.Peer> status = new ArrayList<>();
      peers.forEach(
          (peer, position) ->
              status.add(
                  new FeedStatus.Peer(
                      peer,
                      List.of(new FeedStatus.Lane(end, Cursor.at(1, position))),
                      diverged.contains(peer) ? OptionalLong.of(1) : OptionalLong.empty(),
                      0,
                      0)));
      marks.synced(List.of(synced), new FeedStatus(id, ring.epoch(), status));
      List<Move> news = marks.turn(shard -> proven, List.of(end), List.of(synced), 1);
      news.forEach(move -> adoptedInShard = move.adopted());
      moves.addAll(news);
      nodes.values().stream()
          .filter(other -> other != this)
          .forEach(other -> other.marks.hear(id, ring.epoch(), marks.rows()));
    }

    long adopted() {
      return marks.rows().get(0).adopted();
    }

    long step() {
      return marks.step(0);
    }
  }

  @BeforeEach
  void found() {
    List<Member> members = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      NodeId id = new NodeId("node-" + i, i);
      members.add(new Member(id, "r" + i, "host", 7100 + i, 8100 + i, 9100 + i));
    }
    Founding founding = new Founding("dc", List.of("r1", "r2", "r3"), 1, new Shards(1));
    ring = ((Founding.Ready) founding.with(members, 7)).ring();
    for (Member member : members) {
      nodes.put(member.id(), new Node(member.id()));
    }
    a = nodes.get(members.get(0).id());
    b = nodes.get(members.get(1).id());
    c = nodes.get(members.get(2).id());
  }

  private void turns(int count, Node... some) {
    for (int i = 0; i < count; i++) {
      for (Node node : some) {
        node.turn();
      }
    }
  }

  private void allAreQuietAt(long floor) {
    for (Node node : List.of(a, b, c)) {
      node.allHaveEverything();
      node.promises(floor);
    }
  }

  /** Floors, adoption and what was written before it: each needs its own news. */
  private void goOn(long floor) {
    for (int i = 0; i < 4; i++) {
      allAreQuietAt(floor);
      turns(2, a, b, c);
    }
  }

  @Test
  void whatIsSyncedEverywhereIsAdoptedAndThenPurged() {
    goOn(100);
    for (Node node : nodes.values()) {
      assertThat(node.adopted()).isEqualTo(100);
      assertThat(node.step()).isEqualTo(100);
    }
  }

  @Test
  void nothingIsPurgedBeforeAllHaveAdopted() {
    allAreQuietAt(100);
    turns(3, a, b);
    assertThat(a.adopted()).as("c has told nothing").isZero();
    c.turn();
    turns(6, a, b);
    allAreQuietAt(100);
    turns(6, a, b);
    assertThat(a.adopted()).isEqualTo(100);
    assertThat(a.step()).as("c has not adopted").isZero();
  }

  @Test
  void aDeleteThatOneOwnerHasOnlyAppliedIsNotPurged() {
    // Counter-example 5: its cursor is applied to 20, and synced to 10.
    a.writesUpTo(20);
    b.writesUpTo(0);
    goOn(100);
    a.writesUpTo(30);
    a.promises(200);
    b.promises(200);
    c.promises(200);
    a.peers.put(b.id, 30L);
    a.peers.put(c.id, 29L);
    turns(9, a, b, c);
    assertThat(b.adopted()).isEqualTo(100);
    a.peers.put(c.id, 30L);
    turns(9, a, b, c);
    assertThat(b.adopted()).isEqualTo(200);
  }

  @Test
  void theOwnSyncCountsToo() {
    goOn(100);
    a.end = 50;
    a.allHaveEverything();
    a.promises(200);
    b.promises(200);
    c.promises(200);
    turns(9, a, b, c);
    assertThat(b.adopted()).isEqualTo(100);
    a.synced = 50;
    turns(9, a, b, c);
    assertThat(b.adopted()).isEqualTo(200);
  }

  @Test
  void whoIsAwayHoldsIt() {
    goOn(100);
    for (Node node : List.of(a, b)) {
      node.writesUpTo(10);
      node.peers.put(a.id, 10L);
      node.peers.put(b.id, 10L);
      node.promises(200);
    }
    turns(9, a, b);
    assertThat(a.adopted()).isEqualTo(100);
    assertThat(a.marks.heldBy(0)).contains(c.id);
  }

  @Test
  void whatAFeedGaveUpHoldsItThoughTheCursorIsPastIt() {
    goOn(100);
    a.diverged.add(c.id);
    a.writesUpTo(10);
    a.allHaveEverything();
    goOn(200);
    assertThat(b.adopted()).isEqualTo(100);
    a.diverged.clear();
    goOn(200);
    assertThat(b.adopted()).isEqualTo(200);
  }

  @Test
  void aNodeWithoutASeatHoldsItUntilItIsForgottenAndAllAreProvenEqualAfterwards() {
    // Counter-example 3: a's delete reached b alone, and a is gone for good.
    goOn(100);
    Ring without = replaced(a, 4);
    Ring forgotten = forgotten(without);
    Node d = new Node(new NodeId("node-4", 4));
    nodes.remove(a.id);
    nodes.put(d.id, d);
    ring = without;
    for (Node node : nodes.values()) {
      node.marks.follow(without, NOW);
    }
    List<Node> owners = List.of(b, c, d);
    for (int i = 0; i < 9; i++) {
      owners.forEach(Node::allHaveEverything);
      owners.forEach(node -> node.promises(300));
      owners.forEach(Node::turn);
    }
    assertThat(b.adopted()).isEqualTo(100);
    assertThat(b.marks.heldBy(0)).containsExactly(a.id);
    reconciled(owners, Set.of(b.id, c.id, d.id), NOW + 60_000);
    assertThat(b.marks.heldBy(0))
        .as("what a accepted alone may still come, whatever the owners have")
        .containsExactly(a.id);
    assertThat(b.marks.needsReconciliation()).as("none could help").isFalse();
    ring = forgotten;
    for (Node node : nodes.values()) {
      node.marks.follow(forgotten, NOW);
    }
    assertThat(b.marks.needsReconciliation()).isTrue();
    reconciled(owners, Set.of(b.id, c.id, d.id), NOW - 1);
    assertThat(b.marks.needsReconciliation()).as("a run that began before").isTrue();
    reconciled(owners, Set.of(b.id, d.id), NOW + 60_000);
    assertThat(b.marks.needsReconciliation()).as("a run without c").isTrue();
    reconciled(owners, Set.of(b.id, c.id, d.id), NOW + 60_000);
    assertThat(b.marks.needsReconciliation()).isFalse();
    for (int i = 0; i < 9; i++) {
      owners.forEach(Node::allHaveEverything);
      owners.forEach(node -> node.promises(300));
      owners.forEach(Node::turn);
    }
    assertThat(b.step()).isEqualTo(300);
  }

  private static Ring forgotten(Ring with) {
    return new Ring(
        with.id(),
        with.epoch() + 1,
        with.datacenter(),
        with.shards(),
        with.members(),
        with.lost(),
        List.of(),
        with.seats());
  }

  private static void reconciled(List<Node> owners, Set<NodeId> whole, long startedAt) {
    owners.forEach(node -> node.marks.reconciled(whole, startedAt));
  }

  private Ring replaced(Node lost, int number) {
    NodeId id = new NodeId("node-" + number, number);
    List<Member> members = new ArrayList<>(ring.members());
    Member gone = members.get(0);
    assertThat(gone.id()).isEqualTo(lost.id);
    members.set(0, new Member(id, "r1", "host", 7100 + number, 8100 + number, 9100 + number));
    Founding founding = new Founding("dc", List.of("r1", "r2", "r3"), 1, new Shards(1));
    Ring fresh = ((Founding.Ready) founding.with(members, 7)).ring();
    return new Ring(
        fresh.id(),
        ring.epoch() + 1,
        fresh.datacenter(),
        fresh.shards(),
        fresh.members(),
        fresh.lost(),
        List.of(gone),
        fresh.seats());
  }

  @Test
  void aTailThatOnePeerTookHoldsIt() {
    // Counter-example 4.
    goOn(100);
    a.marks.tailMayBeLost(NOW);
    goOn(200);
    assertThat(b.adopted()).isEqualTo(100);
    a.marks.reconciled(nodes.keySet(), NOW + 60_000);
    goOn(200);
    assertThat(b.adopted()).isEqualTo(200);
  }

  @Test
  void aCopyThatIsNotProvenHoldsWhatIsPurgedNotWhatIsAdopted() {
    goOn(100);
    c.proven = false;
    goOn(200);
    assertThat(a.adopted()).isEqualTo(200);
    assertThat(a.step()).isEqualTo(100);
    c.proven = true;
    goOn(200);
    assertThat(a.step()).isEqualTo(200);
  }

  @Test
  void aCopyThatNeverWasAnOwnersForgetsWhatTheOthersHavePurged() {
    goOn(100);
    c.marks = new Watermarks(c.id, 1, 1, 5_000, Watermarks.Stored.NOTHING);
    c.marks.follow(ring, NOW);
    c.proven = false;
    c.moves.clear();
    a.turn();
    c.turn();
    assertThat(c.moves).containsExactly(new Move(0, 100, 100, true));
  }

  @Test
  void oneThatWasAnOwnerPurgesAsTheOthersDid() {
    goOn(100);
    Watermarks.Stored stored = c.marks.toStore(1);
    c.marks =
        new Watermarks(
            c.id,
            1,
            1,
            5_000,
            new Watermarks.Stored(1, List.of(), List.of(new Watermarks.Limits(0, 100, 50))));
    assertThat(stored.limits(0)).isEqualTo(new Watermarks.Limits(0, 100, 100));
    c.marks.follow(ring, NOW);
    c.proven = false;
    c.moves.clear();
    a.turn();
    c.turn();
    assertThat(c.moves).containsExactly(new Move(0, 100, 100, false));
  }

  @Test
  void newsOfAnotherRingSaysNothing() {
    goOn(100);
    allAreQuietAt(200);
    for (int i = 0; i < 9; i++) {
      a.turn();
      b.turn();
      c.turn();
      a.marks.hear(c.id, ring.epoch() - 1, c.marks.rows());
    }
    assertThat(a.adopted()).isEqualTo(100);
  }

  @Test
  void aStepOfAnothersIsTakenOverByAll() {
    goOn(100);
    a.marks.hear(b.id, ring.epoch(), List.of(new WatermarkRow(0, 100, 150, 150, 120, true)));
    turns(1, a);
    assertThat(a.step()).as("not beyond what is adopted here").isEqualTo(100);
  }
}
