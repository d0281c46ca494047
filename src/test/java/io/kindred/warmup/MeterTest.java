package io.kindred.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeterTest {

  @Test
  void itAddsUpBySource() {
    Meter meter = new Meter(100, 0);
    meter.asked(Rings.node(1));
    meter.asked(Rings.node(1));
    meter.asked(Rings.node(3));
    meter.arrived(Rings.node(1), 0, 10, 5, 700, 100);
    meter.arrived(Rings.node(3), 1, 10, 1, 300, 200);
    meter.retried();
    assertThat(meter.bytes()).isEqualTo(1000);
    assertThat(meter.elements()).isEqualTo(6);
    assertThat(meter.retries()).isEqualTo(1);
    assertThat(meter.sources())
        .containsExactly(
            new Progress.SourceShare(Rings.node(1), 2, 700),
            new Progress.SourceShare(Rings.node(3), 1, 300));
  }

  @Test
  void theRateIsThatOfTheLastWindowAndFallsWhenNothingComes() {
    Meter meter = new Meter(100, 0);
    meter.arrived(Rings.node(1), 0, 10, 1, 500, 500);
    assertThat(meter.bytesPerSecond(1000)).isEqualTo(500);
    meter.arrived(Rings.node(1), 0, 20, 1, 1500, 1000);
    assertThat(meter.bytesPerSecond(2000)).isEqualTo(1000);
    assertThat(meter.bytesPerSecond(4000)).isZero();
  }

  @Test
  void theTimeLeftFollowsTheSlotsThatAreThere() {
    Meter meter = new Meter(100, 0);
    assertThat(meter.secondsLeft(1000)).isEqualTo(-1);
    meter.arrived(Rings.node(1), 0, 20, 1, 1, 10_000);
    assertThat(meter.secondsLeft(10_000)).isEqualTo(40);
    meter.arrived(Rings.node(1), 0, 10, 1, 1, 20_000);
    assertThat(meter.secondsLeft(20_000)).isEqualTo(80);
    meter.arrived(Rings.node(1), 1, 80, 1, 1, 30_000);
    assertThat(meter.secondsLeft(30_000)).isZero();
    assertThat(new Meter(0, 0).secondsLeft(5)).isZero();
  }
}
