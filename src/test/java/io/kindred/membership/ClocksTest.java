package io.kindred.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.ring.NodeId;
import org.junit.jupiter.api.Test;

class ClocksTest {

  private static final NodeId NODE = new NodeId("n1", 1);

  @Test
  void saysOnceThatAClockStaysOff() {
    Clocks clocks = new Clocks();
    int alarms = 0;
    for (int pulse = 0; pulse < 20; pulse++) {
      alarms += clocks.isOff(NODE, 300) ? 1 : 0;
    }
    assertThat(alarms).isEqualTo(1);
  }

  @Test
  void aLatePulseNowAndThenIsNoAlarm() {
    Clocks clocks = new Clocks();
    for (int pulse = 0; pulse < 20; pulse++) {
      assertThat(clocks.isOff(NODE, pulse % 4 == 3 ? 0 : -5000)).isFalse();
    }
  }
}
