package io.kindred.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DivergenceTest {

  private static final FeedStart WHOLE = new FeedStart(Cursor.at(7, 0), false);
  private static final FeedStart CUT = new FeedStart(Cursor.at(7, 400), true);

  @Test
  void itLastsFromTheFirstGivingUpAndEndsWithAReconciliationBegunBehindTheLast() {
    Divergence once = Divergence.gaveUp(Optional.empty(), 1000);
    Divergence twice = Divergence.gaveUp(Optional.of(once), 2000);

    assertThat(twice).isEqualTo(new Divergence(1000, 2000));
    assertThat(once.reconciled(1001)).isEmpty();
    assertThat(twice.reconciled(1001)).as("begun between the two").contains(twice);
    assertThat(twice.reconciled(2000)).contains(twice);
    assertThat(twice.reconciled(2001)).isEmpty();
  }

  @Test
  void aFeedThatBeginsWithoutWhatTheLogHadGivesUpOnceMore() {
    Optional<Divergence> before = Optional.of(new Divergence(1000, 1000));

    assertThat(FeedStart.divergence(List.of(WHOLE, CUT), before, 5000))
        .contains(new Divergence(1000, 5000));
    assertThat(FeedStart.divergence(List.of(WHOLE, CUT), Optional.empty(), 5000))
        .contains(new Divergence(5000, 5000));
    assertThat(FeedStart.divergence(List.of(WHOLE), before, 5000)).isEqualTo(before);
    assertThat(FeedStart.divergence(List.of(WHOLE), Optional.empty(), 5000)).isEmpty();
  }
}
