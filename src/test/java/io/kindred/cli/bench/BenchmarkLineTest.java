package io.kindred.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkLineTest {

  private static final String HEADINGS =
      "\"test\",\"rps\",\"avg_latency_ms\",\"min_latency_ms\",\"p50_latency_ms\",\"p95_latency_ms\","
          + "\"p99_latency_ms\",\"max_latency_ms\"";

  @Test
  void readsWhatVersionSevenPrints() throws Exception {
    BenchmarkLine line =
        BenchmarkLine.parse(
            List.of(
                "WARNING: Could not fetch server CONFIG",
                HEADINGS,
                "\"SET\",\"34482.76\",\"0.905\",\"0.296\",\"0.823\",\"2.247\",\"2.535\",\"2.743\"",
                "\"GET\",\"37037.04\",\"0.833\",\"0.208\",\"0.775\",\"1.215\",\"2.823\",\"2.943\""),
            "GET");
    assertThat(line).isEqualTo(new BenchmarkLine(37037.04, 0.775, 2.823, 2.943));
  }

  @Test
  void whatItCannotReadIsShown() {
    assertThatThrownBy(() -> BenchmarkLine.parse(List.of("Connection refused"), "SET"))
        .isInstanceOf(NotMeasured.class)
        .hasMessageContaining("Connection refused");
    assertThatThrownBy(() -> BenchmarkLine.parse(List.of(HEADINGS, "\"GET\",\"1\""), "SET"))
        .isInstanceOf(NotMeasured.class)
        .hasMessageContaining("no row of SET");
    assertThatThrownBy(
            () -> BenchmarkLine.parse(List.of("\"test\",\"rps\"", "\"SET\",\"x\""), "SET"))
        .isInstanceOf(NotMeasured.class);
  }
}
