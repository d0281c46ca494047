package io.kindred.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunTableTest {

  @Test
  void everyPairHasOneRowOrIsRefused() {
    for (RunState state : RunState.values()) {
      for (RunEvent event : RunEvent.values()) {
        List<RunTable.Row> rows = rows(state, event);
        assertThat(rows).as(state + " on " + event).hasSizeLessThanOrEqualTo(1);
        if (rows.isEmpty()) {
          assertThatThrownBy(() -> RunTable.move(state, event))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining(state.name())
              .hasMessageContaining(event.name());
        } else {
          assertThat(RunTable.move(state, event)).isEqualTo(rows.get(0));
        }
      }
    }
  }

  @Test
  void onlyTheFinalStatesHaveNoWayOn() {
    for (RunState state : RunState.values()) {
      boolean leaves = RunTable.ROWS.stream().anyMatch(row -> row.from() == state);
      assertThat(leaves).as("moves from " + state).isEqualTo(!state.isFinal());
    }
  }

  @Test
  void everyStateIsReachedFromTheFirst() {
    Set<RunState> reached = EnumSet.of(RunState.COMPARING);
    boolean grew = true;
    while (grew) {
      grew = false;
      for (RunTable.Row row : RunTable.ROWS) {
        grew |= reached.contains(row.from()) && reached.add(row.to());
      }
    }
    assertThat(reached).containsExactlyInAnyOrder(RunState.values());
  }

  @Test
  void everyEventMovesSomethingAndEveryRowSaysWhy() {
    for (RunEvent event : RunEvent.values()) {
      assertThat(RunTable.ROWS).as("rows of " + event).anyMatch(row -> row.when() == event);
    }
    assertThat(RunTable.ROWS).allMatch(row -> row.because().length() > 10);
  }

  @Test
  void aRunCanAlwaysBeStoppedUntilItHasEnded() {
    for (RunState state : RunState.values()) {
      for (RunEvent event : List.of(RunEvent.STOPPED, RunEvent.BROKE)) {
        if (!state.isFinal()) {
          assertThat(RunTable.move(state, event).to()).isEqualTo(RunState.FAILED);
        }
      }
    }
  }

  @Test
  void theMatrixIsTheOneThatWasReviewed() throws IOException {
    try (InputStream file = RunTableTest.class.getResourceAsStream("/reconcile/moves.txt")) {
      assertThat(file).as("src/test/resources/reconcile/moves.txt").isNotNull();
      assertThat(matrix()).isEqualTo(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static List<RunTable.Row> rows(RunState state, RunEvent event) {
    return RunTable.ROWS.stream()
        .filter(row -> row.from() == state && row.when() == event)
        .toList();
  }

  /** Events downwards, since there are more of them than states. */
  private static String matrix() {
    int widest = Arrays.stream(RunEvent.values()).mapToInt(e -> e.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder(pad("", widest));
    for (RunState state : RunState.values()) {
      text.append("  ").append(pad(state.name(), 12));
    }
    for (RunEvent event : RunEvent.values()) {
      text.append('\n').append(pad(event.name(), widest));
      for (RunState state : RunState.values()) {
        List<RunTable.Row> rows = rows(state, event);
        text.append("  ").append(pad(rows.isEmpty() ? "-" : rows.get(0).to().name(), 12));
      }
    }
    return text.toString().lines().map(String::stripTrailing).reduce("", (a, b) -> a + b + "\n");
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
