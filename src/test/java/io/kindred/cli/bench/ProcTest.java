package io.kindred.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcTest {

  @Test
  void readsWhatLinuxTells() throws Exception {
    assertThat(Proc.residentBytes(List.of("VmPeak:\t  99 kB", "VmRSS:\t    2048 kB")))
        .isEqualTo(2 << 20);
    assertThat(Proc.ownTicks("12 (a (b) c) S 1 12 12 0 -1 4194304 1 2 3 4 100 20 7 3 20 0"))
        .isEqualTo(130);
    assertThat(Proc.cpuMicros("12 (a (b) c) S 1 12 12 0 -1 4194304 1 2 3 4 100 20 7 3 20 0"))
        .isEqualTo(1_200_000);
    assertThat(Proc.machineTicks("cpu  10 1 5 100 2 3 4 0 0 0")).containsExactly(16, 125);
  }
}
