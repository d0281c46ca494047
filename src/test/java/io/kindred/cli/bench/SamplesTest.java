package io.kindred.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {

  @Test
  void theMedianIsTheMiddleOneHoweverTheyCame() {
    assertThat(Samples.of(9.0, 1.0, 5.0).median()).isEqualTo(5);
    assertThat(Samples.of(4.0, 1.0, 2.0, 90.0).median()).isEqualTo(3);
    assertThat(Samples.of(7.0).median()).isEqualTo(7);
  }

  @Test
  void theSpreadIsTheLeastAndTheGreatest() {
    Samples samples = Samples.of(9.0, 1.0, 5.0);
    assertThat(samples.min()).isEqualTo(1);
    assertThat(samples.max()).isEqualTo(9);
  }

  @Test
  void roundsAreComparedWithTheirOwn() {
    assertThat(Samples.of(10.0, 30.0).with(Samples.of(5.0, 10.0), (a, b) -> a / b).values())
        .containsExactly(2.0, 3.0);
    assertThatThrownBy(() -> Samples.of(1.0).with(Samples.of(1.0, 2.0), Double::sum))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFigureNeedsARound() {
    assertThatThrownBy(() -> new Samples(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
