package io.kindred.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.reconcile.RunReport.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunLedgerTest {

  private final RunLedger one = RunLedger.empty().started("asked for", report("1", State.RUNNING));

  @Test
  void aRunIsGoingOnUntilItHasEnded() {
    assertThat(RunLedger.empty().running()).isEmpty();
    assertThat(one.running()).map(RunLedger.Entry::because).contains("asked for");

    RunLedger ended = one.ended(report("1", State.COMPLETED));

    assertThat(ended.running()).isEmpty();
    assertThat(ended.find("1")).map(e -> e.report().state()).contains(State.COMPLETED);
    assertThat(ended.find("1")).map(RunLedger.Entry::because).contains("asked for");
    assertThat(ended.find("2")).isEmpty();
  }

  @Test
  void onlyTheRunThatIsGoingOnCanBeEndedAndOnlyByAnEnd() {
    assertThatThrownBy(() -> one.ended(report("2", State.COMPLETED)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> one.ended(report("1", State.RUNNING)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RunLedger.empty().ended(report("1", State.FAILED)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noTwoRunsGoOnAtOnce() {
    assertThatThrownBy(() -> one.started("again", report("2", State.RUNNING)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two runs");
  }

  @Test
  void theOldestAreForgotten() {
    RunLedger ledger = RunLedger.empty();
    for (int i = 0; i < RunLedger.RUNS_MAX + 5; i++) {
      ledger =
          ledger
              .started("schedule", report("" + i, State.RUNNING))
              .ended(report("" + i, State.COMPLETED));
    }

    assertThat(ledger.runs()).hasSize(RunLedger.RUNS_MAX);
    assertThat(ledger.find("4")).isEmpty();
    assertThat(ledger.find("5")).isPresent();
  }

  private static RunReport report(String id, State state) {
    return new RunReport(id, state, 1, 2, 3, 4, 5, 6, 7, 8, 9, List.of(), 10, 11, "");
  }
}
