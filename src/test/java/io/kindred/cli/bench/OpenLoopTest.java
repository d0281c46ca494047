package io.kindred.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

  private static LoadPlan plan(double perSecond, Duration lasts) {
    return new LoadPlan(4, perSecond, lasts, 100, 1000, 7);
  }

  /**
   * A load of 1.5 s and a stall of 0.5 s: what was due in the stall waited for its rest, so about a
   * third of all requests took long. A generator that stops sending meanwhile would count four.
   */
  @Test
  void aStallIsCountedForEveryRequestThatWasDueInIt() throws IOException {
    try (StallingServer server = new StallingServer(500, Duration.ofMillis(500))) {
      OpenLoop.Outcome outcome = OpenLoop.run(server.port(), plan(1000, Duration.ofMillis(1500)));

      assertThat(outcome.micros().getTotalCount()).isEqualTo(1500);
      assertThat(outcome.errors()).isZero();
      assertThat(outcome.millisMax()).isGreaterThan(490);
      assertThat(outcome.millisAt(99)).isGreaterThan(400);
      long waited100ms = outcome.micros().getCountBetweenValues(100_000, 100_000_000);
      assertThat(waited100ms).isGreaterThan(350);
    }
  }

  @Test
  void everyRequestIsSentOnceAndAnswered() throws IOException {
    try (StallingServer server = new StallingServer(Long.MAX_VALUE, Duration.ZERO)) {
      OpenLoop.Outcome outcome = OpenLoop.run(server.port(), plan(5000, Duration.ofMillis(400)));

      assertThat(outcome.micros().getTotalCount()).isEqualTo(2000);
      assertThat(server.requests()).isEqualTo(2000);
    }
  }

  @Test
  void theScheduleDoesNotDependOnTheAnswers() {
    LoadPlan plan = plan(1000, Duration.ofSeconds(2));
    assertThat(plan.requests()).isEqualTo(2000);
    assertThat(plan.dueNanos(0)).isZero();
    assertThat(plan.dueNanos(1500)).isEqualTo(1_500_000_000L);
  }

  @Test
  void aStoreThatIsNotThereIsNoResult() {
    assertThatThrownBy(() -> OpenLoop.run(1, plan(10, Duration.ofSeconds(1))))
        .isInstanceOf(IOException.class);
  }
}
