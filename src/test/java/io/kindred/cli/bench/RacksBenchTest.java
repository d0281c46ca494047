package io.kindred.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.cli.bench.Slope.Point;
import io.kindred.management.NodesPage;
import io.kindred.management.NodesPage.NodeRow;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Plan and rows of the bench of racks, without a server. */
class RacksBenchTest {

  private static final NodeRow NODE =
      new NodeRow(
          new NodeId("node-1", 1),
          "dc",
          "r",
          "h",
          1,
          2,
          3,
          Phase.MASTER,
          NodesPage.Standing.OWNER,
          true,
          true,
          64,
          0,
          Optional.empty(),
          false,
          Optional.empty());

  private static AwaySection.Seen seen(double moved, double owed, boolean replaced) {
    return new AwaySection.Seen(42, moved, owed, 0, replaced, false);
  }

  @Test
  void sectionsAndTimesAreThoseOfThePlan() {
    assertThat(RacksBench.names()).containsExactly("dc_one", "dc_quorum", "away", "memory");
    RacksPlan plan = RacksPlan.whole(5, Duration.ofMinutes(10), Duration.ofMinutes(60));
    StoreBench.Wish wish =
        new StoreBench.Wish(Optional.empty(), Optional.empty(), Optional.empty());
    Duration away = new RacksBench(plan, List.of("away"), wish, said -> {}).takes();
    assertThat(away).isBetween(Duration.ofMinutes(13), Duration.ofMinutes(16));
    assertThat(new RacksBench(plan, List.of(), wish, said -> {}).takes())
        .isGreaterThan(away.plusMinutes(60));
    assertThat(plan.declareLostAfter()).as("nobody is replaced").isGreaterThan(plan.outage());
    assertThat(plan.calm()).isEqualTo(Duration.ofMinutes(1));
    assertThat(RacksPlan.quick().calm()).isEqualTo(RacksPlan.quick().outage());
  }

  @Test
  void targetsAreThoseThatWerePromised() {
    assertThat(ReplicatedSection.dcOne().cases())
        .extracting(asked -> asked.test() + asked.pipeline() + ":" + asked.goal())
        .containsExactly("SET1:0.8", "GET1:1.0", "SET16:1.2", "GET16:1.2");
    assertThat(ReplicatedSection.dcQuorum().cases())
        .extracting(asked -> asked.test() + asked.pipeline() + ":" + asked.goal())
        .containsExactly("SET1:0.6", "SET16:0.7");
    assertThat(ReplicatedSection.dcQuorum().level()).contains("dc_quorum");
  }

  @Test
  void aRowTellsWhatEachProcessTook() {
    BenchmarkLine line = new BenchmarkLine(1000, 0.5, 1, 2);
    Duel.Rounds rounds =
        new Duel.Rounds(
            List.of(new Duel.Turn(line, List.of(20.0, 9.0, 8.0))),
            List.of(new Duel.Turn(line, List.of(12.0, 4.0, 5.0))));
    Row row = ReplicatedSection.row("dc_one SET P1", rounds, 0.8);
    assertThat(row.holds()).contains(true);
    assertThat(row.details())
        .containsEntry("kindred_cpu_us", 37.0)
        .containsEntry("kindred_2_cpu_us", 9.0)
        .containsEntry("redis_3_cpu_us", 5.0);
    assertThat(row.remark()).contains("CPU 20.0+9.0+8.0 : 12.0+4.0+5.0 us");
  }

  @Test
  void anAbsenceIsJudgedByTimeBytesAndPlace() {
    assertThat(AwaySection.back(seen(1, 1, false), Duration.ofMinutes(10)).holds()).contains(true);
    Row replaced = AwaySection.back(seen(1, 1, true), Duration.ofMinutes(10));
    assertThat(replaced.value()).isEmpty();
    assertThat(replaced.remark()).contains("somebody else has taken");
    assertThat(AwaySection.moved(seen(1.19e6, 1e6, false)).holds()).contains(true);
    assertThat(AwaySection.moved(seen(1.21e6, 1e6, false)).holds()).contains(false);
    assertThat(AwaySection.differing(seen(1, 1, false)).holds()).contains(true);
    assertThat(AwaySection.differing(new AwaySection.Seen(1, 1, 1, 3, false, false)).holds())
        .contains(false);
  }

  @Test
  void aSlopeIsTheLineThatFits() throws Exception {
    List<Point> rising =
        IntStream.range(0, 60).mapToObj(i -> new Point(10.0 * i, 100 + i * 0.5 + i % 2)).toList();
    Slope slope = Slope.of(rising);
    assertThat(slope.perHour()).isCloseTo(180.0, within(2.0));
    assertThat(slope.percentPerHour())
        .isCloseTo(100 * slope.perHour() / slope.mean(), within(1e-9));
    assertThat(Slope.of(List.of(new Point(0, 7), new Point(9, 7))).perHour()).isZero();
    assertThatThrownBy(() -> Slope.of(List.of(new Point(3, 1), new Point(3, 2))))
        .isInstanceOf(NotMeasured.class);
  }

  @Test
  void memoryIsJudgedByTheSecondHalf() throws Exception {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i <= 120; i++) {
      points.add(new Point(30.0 * i, Math.min(600, 300 + 5.0 * i)));
    }
    Row flat = GrowthSection.row(points, 7_200_000, NODE);
    assertThat(flat.holds()).contains(true);
    assertThat(flat.details()).containsEntry("first_mib", 300.0).containsKey("at_03600_s_mib");
    for (int i = 60; i <= 120; i++) {
      points.set(i, new Point(30.0 * i, 600.0 + i));
    }
    assertThat(GrowthSection.row(points, 7_200_000, NODE).holds()).contains(false);
  }

  @Test
  void writesOfAllKindsAreDrawnAndDataStaysBounded() {
    MixedRequests requests = new MixedRequests(3);
    Map<String, Integer> kinds = new HashMap<>();
    Map<String, Integer> items = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      List<String> command = requests.command();
      kinds.merge(command.get(0) + command.size(), 1, Integer::sum);
      int step = command.get(0).equals("LPUSH") ? 1 : command.get(0).equals("LPOP") ? -1 : 0;
      assertThat(items.merge(command.get(1), step, Integer::sum)).isBetween(0, 20);
    }
    assertThat(kinds).containsOnlyKeys("SET3", "DEL2", "SET5", "SET4", "LPUSH3", "LPOP2");
    assertThat(kinds.values()).allMatch(count -> count > 5_000);

    ByteBuffer out = ByteBuffer.allocate(1024);
    requests.next(out);
    assertThat(new String(out.array(), 0, out.position(), StandardCharsets.US_ASCII))
        .matches("(?s)\\*\\d\r\n(\\$\\d+\r\n[^\r]+\r\n)+");
  }

  @Test
  void theLoadOfASteadySliceIsWritesAlone() {
    LoadPlan plan = new LoadPlan(2, 100, Duration.ofSeconds(1), 10, 5, 1, true);
    assertThat(plan.withSeed(9).writesOnly()).isTrue();
    assertThat(plan.lasting(Duration.ofSeconds(2)).writesOnly()).isTrue();
    assertThat(plan.withSeed(9).seed()).isEqualTo(9);
  }
}
