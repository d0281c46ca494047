package io.kindred.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FeedWindowTest {

  private static final FeedSettings.Window LIMITS = new FeedSettings.Window(40, 4, 10);

  @Test
  void aLargeSpanTravelsInPiecesThatLeaveAsTheyArrive() {
    FeedWindow window = new FeedWindow(0, LIMITS);
    window.load(new Span(0, 100, new byte[55]));
    List<Piece> sent = sendAll(window);
    assertThat(sent).extracting(Piece::index).containsExactly(0, 1, 2, 3);
    assertThat(sent).allMatch(piece -> piece.total() == 6);

    assertThat(window.acknowledge(0, 0, 3)).isTrue();
    assertThat(sendAll(window)).extracting(Piece::index).containsExactly(4, 5);
    assertThat(window.wantsSpan()).isTrue();

    window.acknowledge(0, 100, 0);
    assertThat(window.isWaiting()).as("arrived, but not applied").isTrue();
    window.acknowledge(100, 100, 0);
    assertThat(window.isWaiting()).isFalse();
    assertThat(window.bytesOnTheWay()).isZero();
  }

  @Test
  void anEmptySpanIsOnePiece() {
    FeedWindow window = new FeedWindow(5, LIMITS);
    window.load(new Span(5, 9, new byte[0]));
    assertThat(sendAll(window)).singleElement().matches(piece -> piece.total() == 1);
  }

  @Test
  void goesBackToWhatHasNotArrived() {
    FeedWindow window = new FeedWindow(0, LIMITS);
    for (int at = 0; at < 3; at++) {
      window.load(new Span(at, at + 1, new byte[4]));
      assertThat(sendAll(window)).hasSize(1);
    }
    window.acknowledge(0, 1, 0);
    assertThat(window.goBack(1)).as("sent after the question").isZero();
    assertThat(window.goBack(2)).isEqualTo(2);
    assertThat(sendAll(window)).extracting(Piece::from).containsExactly(1L, 2L);
  }

  @Test
  void lateAndRepeatedAcknowledgementsChangeNothing() {
    FeedWindow window = new FeedWindow(0, LIMITS);
    window.load(new Span(0, 1, new byte[4]));
    sendAll(window);
    window.load(new Span(1, 2, new byte[4]));
    sendAll(window);
    assertThat(window.acknowledge(2, 2, 0)).isTrue();
    assertThat(window.acknowledge(1, 1, 0)).isFalse();
    assertThat(window.acknowledge(2, 2, 0)).isFalse();
    assertThat(window.acknowledge(3, 3, 0)).as("beyond what was loaded").isFalse();
    assertThat(window.isWaiting()).isFalse();
  }

  @Test
  void refusesAGap() {
    FeedWindow window = new FeedWindow(0, LIMITS);
    assertThatThrownBy(() -> window.load(new Span(1, 2, new byte[0])))
        .isInstanceOf(IllegalStateException.class);
  }

  @Property(tries = 500)
  void staysWithinItsBoundsWhateverIsLoadedAndAcknowledged(
      @ForAll @Size(max = 60) List<@IntRange(max = 70) Integer> sizes,
      @ForAll @Size(max = 60) List<@IntRange(max = 60) Integer> acknowledged) {
    FeedWindow window = new FeedWindow(0, LIMITS);
    int at = 0;
    for (int turn = 0; turn < 200; turn++) {
      if (at < sizes.size() && window.wantsSpan()) {
        window.load(new Span(at, at + 1, new byte[sizes.get(at)]));
        at++;
      }
      sendAll(window);
      assertThat(window.piecesOnTheWay()).isLessThanOrEqualTo(LIMITS.pieces());
      assertThat(window.bytesOnTheWay()).isLessThanOrEqualTo(LIMITS.bytes());
      long position = turn < acknowledged.size() ? acknowledged.get(turn) : window.sent();
      window.acknowledge(position, position, turn % 8);
    }
    assertThat(at).as("nothing stays behind").isEqualTo(sizes.size());
    assertThat(window.isWaiting()).isFalse();
  }

  private static List<Piece> sendAll(FeedWindow window) {
    List<Piece> sent = new ArrayList<>();
    for (Optional<Piece> next = window.next(1); next.isPresent(); next = window.next(1)) {
      sent.add(next.get());
    }
    return sent;
  }
}
