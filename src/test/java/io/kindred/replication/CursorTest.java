package io.kindred.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CursorTest {

  @Test
  void syncedNeverPassesApplied() {
    assertThatThrownBy(() -> new Cursor(1, 10, 11)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Cursor(1, 10, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(new Cursor(1, 10, 5).advanced(12, 40)).isEqualTo(new Cursor(1, 12, 12));
  }

  @Test
  void onlyMovesForwards() {
    assertThat(new Cursor(1, 10, 5).advanced(7, 3)).isEqualTo(new Cursor(1, 10, 5));
    assertThat(new Cursor(1, 10, 5).advanced(7, 8)).isEqualTo(new Cursor(1, 10, 8));
  }

  @Test
  void afterARestartItStandsAtWhatThePeerHadSynced() {
    assertThat(new Cursor(1, 10, 5).inLog(1, 100)).isEqualTo(Cursor.at(1, 5));
    assertThat(new Cursor(1, 10, 5).inLog(2, 100)).isEqualTo(Cursor.at(2, 5));
  }

  @Test
  void doesNotPointBehindALogThatLostItsTail() {
    assertThat(new Cursor(1, 10, 8).inLog(2, 6)).isEqualTo(Cursor.at(2, 6));
  }
}
