package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FedBeforeTest {

  private static final long SECOND = 1_000_000_000L;

  private final FedBefore fed = new FedBefore();

  @Test
  void onlyWhatIsTwoSecondsOldCounts() {
    assertThat(fed.turn(Optional.of(List.of(10L)), 0)).isEmpty();
    assertThat(fed.turn(Optional.of(List.of(20L)), SECOND)).isEmpty();
    assertThat(fed.turn(Optional.of(List.of(30L)), 2 * SECOND)).contains(List.of(10L));
    assertThat(fed.turn(Optional.of(List.of(40L)), 3 * SECOND)).isEmpty();
    assertThat(fed.turn(Optional.empty(), 7 * SECOND)).contains(List.of(30L));
    assertThat(fed.turn(Optional.of(List.of(50L)), 8 * SECOND)).as("nobody could tell").isEmpty();
    assertThat(fed.turn(Optional.of(List.of(60L)), 10 * SECOND)).contains(List.of(50L));
  }

  @Test
  void whereNobodyIsFedNothingIsWaitedFor() {
    Optional<List<Long>> nobody = Optional.of(List.of(Long.MAX_VALUE, Long.MAX_VALUE));
    assertThat(fed.turn(nobody, 0)).isEqualTo(nobody);
    assertThat(fed.turn(Optional.of(List.of(Long.MAX_VALUE, 20L)), SECOND)).isEmpty();
  }
}
