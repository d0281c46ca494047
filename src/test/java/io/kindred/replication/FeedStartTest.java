package io.kindred.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FeedStartTest {

  private static final FeedStart.Log WHOLE = new FeedStart.Log(7, 0, 500, 900);
  private static final FeedStart.Log CUT = new FeedStart.Log(7, 400, 500, 900);

  @Test
  void aPeerWithoutACursorIsFedFromTheBeginning() {
    assertThat(FeedStart.known(Optional.empty(), WHOLE))
        .isEqualTo(new FeedStart(Cursor.at(7, 0), false));
  }

  @Test
  void aPeerThatLacksWhatTheLogNoLongerHasIsIncomplete() {
    assertThat(FeedStart.known(Optional.empty(), CUT))
        .isEqualTo(new FeedStart(Cursor.at(7, 400), true));
    assertThat(FeedStart.known(Optional.of(Cursor.at(7, 399)), CUT).incomplete()).isTrue();
    assertThat(FeedStart.known(Optional.of(Cursor.at(7, 400)), CUT).incomplete()).isFalse();
  }

  @Test
  void aCursorOfTheGenerationBeforeHoldsInWhatWasRecovered() {
    assertThat(FeedStart.known(Optional.of(Cursor.at(6, 450)), CUT).cursor())
        .isEqualTo(Cursor.at(7, 450));
    assertThat(FeedStart.known(Optional.of(Cursor.at(6, 800)), CUT).cursor())
        .isEqualTo(Cursor.at(7, 500));
  }

  @Test
  void aCursorOfTwoUncleanStopsAgoTellsNothing() {
    assertThat(FeedStart.known(Optional.of(Cursor.at(5, 450)), WHOLE))
        .isEqualTo(new FeedStart(Cursor.at(7, 0), false));
    assertThat(FeedStart.known(Optional.of(Cursor.at(5, 450)), CUT))
        .isEqualTo(new FeedStart(Cursor.at(7, 400), true));
  }

  @Test
  void aNewcomerGetsWhatSomebodyStillLacks() {
    assertThat(FeedStart.newcomer(OptionalLong.of(700), WHOLE).cursor())
        .isEqualTo(Cursor.at(7, 700));
    assertThat(FeedStart.newcomer(OptionalLong.empty(), WHOLE).cursor())
        .isEqualTo(Cursor.at(7, 900));
  }

  @Test
  void aPeerTooFarBehindIsGivenUp() {
    Retention retention = new Retention(100);
    assertThat(retention.gaveUp(800, 0, 900)).isFalse();
    assertThat(retention.gaveUp(799, 0, 900)).isTrue();
    assertThat(retention.gaveUp(850, 851, 900)).isTrue();
  }
}
