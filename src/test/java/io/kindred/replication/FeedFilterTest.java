package io.kindred.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Seat;
import io.kindred.ring.Shards;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FeedFilterTest {

  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);
  private static final NodeId SPARE = new NodeId("spare", 3);

  @Test
  void ownersAndSuccessorsAreFedTheirShards() {
    Ring ring = ring(Optional.of(SPARE));
    assertThat(FeedFilter.of(ring, A).carries(0, true)).isTrue();
    assertThat(FeedFilter.of(ring, A).carries(1, true)).isFalse();
    assertThat(FeedFilter.of(ring, SPARE).carries(1, true)).isTrue();
    assertThat(FeedFilter.of(ring, SPARE).carries(0, true)).isFalse();
  }

  @Test
  void whatOthersAcceptedIsForThemToSend() {
    assertThat(FeedFilter.of(ring(Optional.empty()), A).carries(0, false)).isFalse();
  }

  @Test
  void tellsWhetherItWidened() {
    FeedFilter before = FeedFilter.of(ring(Optional.empty()), SPARE);
    FeedFilter after = FeedFilter.of(ring(Optional.of(SPARE)), SPARE);
    assertThat(before.isEmpty()).isTrue();
    assertThat(after.widens(before)).isTrue();
    assertThat(before.widens(after)).isFalse();
    assertThat(after.widens(after)).isFalse();
  }

  private static Ring ring(Optional<NodeId> successorOfB) {
    TreeMap<String, List<Seat>> seats = new TreeMap<>();
    seats.put("r", List.of(Seat.of(A), new Seat(B, successorOfB)));
    List<Member> members =
        List.of(A, B, SPARE).stream().map(id -> new Member(id, "r", "h", 1, 2, 3)).toList();
    return new Ring(1, 1, "dc", new Shards(2), members, List.of(), seats);
  }
}
