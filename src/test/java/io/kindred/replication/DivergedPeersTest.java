package io.kindred.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.ring.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DivergedPeersTest {

  private static final NodeId SELF = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);
  private static final NodeId C = new NodeId("c", 3);

  private final DivergedPeers peers = new DivergedPeers(30_000);

  private static FeedStatus status(NodeId... diverged) {
    List<FeedStatus.Peer> rows = new ArrayList<>();
    for (NodeId peer : List.of(B, C)) {
      OptionalLong since =
          List.of(diverged).contains(peer) ? OptionalLong.of(5) : OptionalLong.empty();
      rows.add(new FeedStatus.Peer(peer, List.of(), since, 0, 0));
    }
    return new FeedStatus(SELF, 1, rows);
  }

  @Test
  void whoIsFedAloneNeedsNoRun() {
    assertThat(peers.due(status(), any -> true, 0)).isEmpty();
  }

  @Test
  void aDivergedPeerIsAskedForOnceAndAgainLater() {
    assertThat(peers.due(status(B), any -> true, 0)).containsExactly(B);
    assertThat(peers.due(status(B), any -> true, 29_999)).isEmpty();
    assertThat(peers.due(status(B, C), any -> true, 29_999)).containsExactly(C);
    assertThat(peers.due(status(B, C), any -> true, 30_000)).containsExactly(B);
  }

  @Test
  void whoIsAwayIsAskedForWhenItIsBack() {
    assertThat(peers.due(status(B), any -> false, 0)).isEmpty();
    assertThat(peers.due(status(B), any -> true, 1)).containsExactly(B);
  }

  @Test
  void whoDivergesAnewIsAskedForAtOnce() {
    assertThat(peers.due(status(B), any -> true, 0)).containsExactly(B);
    assertThat(peers.due(status(), any -> true, 10)).isEmpty();
    assertThat(peers.due(status(B), any -> true, 20)).containsExactly(B);
  }
}
