package io.kindred.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a receiver says of what was older than what it has. */
class SupersededToldTest {

  private final InboxProgress progress = new InboxProgress(9);

  private Span arrived(long from, long to) {
    return progress.onPiece(1, 0, new Piece(from, to, 0, 1, new byte[] {1})).orElseThrow();
  }

  SupersededToldTest() {
    progress.onHello(1, new LaneFeed.Hello(1, 0, 1, 1));
  }

  @Test
  void itIsToldUntilTheSenderHasHeard() {
    Superseded one = new Superseded(10, 77, 4711);
    progress.onMerged(1, arrived(0, 10), List.of(one));
    assertThat(progress.receipt().superseded()).containsExactly(one);
    progress.onHeard(1, 9);
    assertThat(progress.receipt().superseded()).containsExactly(one);
    progress.onHeard(1, 10);
    assertThat(progress.receipt().superseded()).isEmpty();
  }

  @Test
  void aReceiptNeverGrowsBeyondAFrame() {
    for (int span = 0; span < 4; span++) {
      List<Superseded> older = new ArrayList<>();
      for (int key = 0; key < InboxProgress.SUPERSEDED_MAX; key++) {
        older.add(new Superseded(10L * (span + 1), key, 100L * span + key));
      }
      progress.onMerged(1, arrived(10L * span, 10L * (span + 1)), older);
      assertThat(progress.receipt().superseded().size())
          .isLessThanOrEqualTo(InboxProgress.SUPERSEDED_MAX + 4);
    }
    long newest = 300 + InboxProgress.SUPERSEDED_MAX - 1;
    assertThat(progress.receipt().superseded())
        .contains(new Superseded(40, Superseded.ANY, newest));
  }
}
