package io.kindred.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindred.management.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowTest {

  private static final Samples FASTER = Samples.of(100.0, 120.0, 90.0);
  private static final Samples SLOWER = Samples.of(80.0, 60.0, 90.0);

  @Test
  void aRatioIsThatOfTheMediansAndItsSpreadThatOfTheRounds() {
    Row row = Row.ratio("r", "req/s", FASTER, "redis", SLOWER, Optional.of(Goal.atLeast(1.2)));
    assertThat(row.value()).contains(1.25);
    assertThat(row.spread()).contains(new Row.Spread(1.0, 2.0));
    assertThat(row.target()).contains(">= 1.2");
    assertThat(row.holds()).contains(true);
  }

  @Test
  void theBoundItselfIsGoodAndTheNextIsNot() {
    assertThat(Goal.atLeast(1.5).holds(1.5)).isTrue();
    assertThat(Goal.atLeast(1.5).holds(1.499)).isFalse();
    assertThat(Goal.atMost(2).holds(2)).isTrue();
    assertThat(Goal.atMost(2).holds(2.001)).isFalse();
    assertThat(Goal.atLeast(1_000_000)).hasToString(">= 1,000,000");
    assertThat(Goal.atMost(209)).hasToString("<= 209");
  }

  @Test
  void aLossIsInPercentOfWhatItIsWithout() {
    Row row =
        Row.loss(
            "l",
            "req/s",
            Samples.of(94.0),
            "without",
            Samples.of(100.0),
            Optional.of(Goal.atMost(3)));
    assertThat(row.value().orElseThrow()).isCloseTo(6.0, within(1e-9));
    assertThat(row.holds()).contains(false);
    Row gain = Row.gain("g", "ms", Samples.of(1.1), "without", Samples.of(1.0), Optional.empty());
    assertThat(gain.value().orElseThrow()).isCloseTo(10.0, within(1e-9));
    assertThat(gain.holds()).isEmpty();
  }

  @Test
  void whatWasNotMeasuredIsNeitherGoodNorBad() {
    Row row = Row.notMeasured("recovery", "the node ended");
    assertThat(row.holds()).isEmpty();
    assertThat(row.remark()).isEqualTo("not measured: the node ended");
    assertThat(report(row).complete()).isFalse();
  }

  @Test
  void aMissedTargetLeavesTheReportComplete() {
    Row row = Row.ratio("r", "req/s", SLOWER, "redis", FASTER, Optional.of(Goal.atLeast(1)));
    assertThat(row.holds()).contains(false);
    assertThat(report(row).complete()).isTrue();
  }

  @Test
  void theJsonNamesWhatScriptsRead() throws Exception {
    Row good =
        Row.ratio("a SET P1", "req/s", FASTER, "redis", SLOWER, Optional.of(Goal.atLeast(1)))
            .detail("kindred_p99_ms", 2.5);
    JsonNode tree =
        new ObjectMapper().readTree(Json.bytes(report(good, Row.notMeasured("b", "no"))));

    assertThat(tree.at("/machine/cores").asInt()).isEqualTo(2);
    assertThat(tree.at("/machine/redis").asText()).isEqualTo("7.0.15");
    assertThat(tree.at("/settings/rounds").asText()).isEqualTo("3");
    assertThat(tree.at("/sections/0/othersPercent").asDouble()).isEqualTo(1.5);
    JsonNode row = tree.at("/rows/0");
    assertThat(row.at("/name").asText()).isEqualTo("a SET P1");
    assertThat(row.at("/value").asDouble()).isEqualTo(1.25);
    assertThat(row.at("/unit").asText()).isEqualTo("x");
    assertThat(row.at("/target").asText()).isEqualTo(">= 1.0");
    assertThat(row.at("/holds").asBoolean()).isTrue();
    assertThat(row.at("/spread/min").asDouble()).isEqualTo(1.0);
    assertThat(row.at("/spread/max").asDouble()).isEqualTo(2.0);
    assertThat(row.at("/kindred/median").asDouble()).isEqualTo(100);
    assertThat(row.at("/against/of").asText()).isEqualTo("redis");
    assertThat(row.at("/details/kindred_p99_ms").asDouble()).isEqualTo(2.5);
    assertThat(tree.at("/rows/1/value").isNull()).isTrue();
    assertThat(tree.at("/rows/1/holds").isNull()).isTrue();
  }

  private static BenchReport report(Row... rows) {
    return new BenchReport(
        new Machine(2, "cpu", 1L << 34, "Linux 6", "17.0.15", "7.0.15", "0.1.0"),
        Map.of("rounds", "3"),
        List.of(new BenchReport.SectionRun("a", 12, 1.5)),
        List.of(rows));
  }
}
