package io.kindred.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecoveryProgressTest {

  @Test
  void tellsHowFarAllLanesAre() {
    RecoveryProgress progress = new RecoveryProgress(64, 2);
    assertThat(progress.soFar()).startsWith("snapshots of 0 of 64 shards, 0 % of the logs, 0 rec");
    for (int shard = 0; shard < 3; shard++) {
      progress.snapshotRead();
    }
    progress.count();
    progress.logRead(0, 10, 100);
    progress.logRead(1, 400, 900);
    progress.logRead(0, 10, 100);
    assertThat(progress.soFar()).startsWith("snapshots of 3 of 64 shards, 41 % of the logs, 1 rec");
  }
}
