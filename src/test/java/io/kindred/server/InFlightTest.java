package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** When a link stops waiting. */
class InFlightTest {

  private static final long MOMENT = 1_000_000;
  private static final long LONG_AGO = -InFlight.LONGEST_NANOS;

  private final InFlight inFlight = new InFlight();
  private final InFlight.Entry first =
      new InFlight.Entry(null, 0, 0, false, InFlight.DEADLINE_NANOS);
  private final InFlight.Entry second =
      new InFlight.Entry(null, 1, MOMENT, false, InFlight.DEADLINE_NANOS);

  InFlightTest() {
    inFlight.add(1, first);
    inFlight.add(2, second);
  }

  @Test
  void whatWasSentWaitsForItsDeadline() {
    assertThat(expired(InFlight.DEADLINE_NANOS, LONG_AGO, true)).isEmpty();
    assertThat(expired(InFlight.DEADLINE_NANOS + 1, LONG_AGO, true)).containsExactly(first);
    assertThat(inFlight.remove(1)).isNull();
    assertThat(inFlight.remove(2)).isEqualTo(second);
  }

  @Test
  void aTransferThatGoesOnPutsTheDeadlineOffButNotForEver() {
    long late = 10 * InFlight.DEADLINE_NANOS;
    assertThat(expired(late, late - MOMENT, true)).isEmpty();
    long tooLate = InFlight.LONGEST_NANOS + 1;
    assertThat(expired(tooLate, tooLate - 1, true)).containsExactly(first);
  }

  @Test
  void whatIsNotSentWaitsLonger() {
    assertThat(expired(InFlight.UNSENT_NANOS, LONG_AGO, false)).isEmpty();
    assertThat(expired(InFlight.UNSENT_NANOS + 1, LONG_AGO, false)).containsExactly(first);
  }

  @Test
  void allCanBeTakenOldestFirst() {
    assertThat(inFlight.removeAll()).containsExactly(first, second);
    assertThat(inFlight.removeAll()).isEmpty();
  }

  private List<InFlight.Entry> expired(long now, long progress, boolean sent) {
    return inFlight.removeExpired(now, progress, entry -> sent);
  }
}
