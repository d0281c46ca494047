package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.kindred.management.Json;
import io.kindred.management.LossPage;
import io.kindred.management.NodesPage;
import io.kindred.management.Problem;
import io.kindred.management.ReconciliationsPage;
import io.kindred.management.RingPage;
import io.kindred.management.Sample;
import io.kindred.management.StatusPage;
import io.kindred.management.WarmUpsPage;
import io.kindred.management.WarmUpsPage.Move;
import io.kindred.management.WarmUpsPage.WarmUpRow;
import io.kindred.membership.ClockOffset;
import io.kindred.reconcile.RunReport;
import io.kindred.ring.Phase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands against a port that answers with set pages: parsing, exit status, what is printed. */
class KindredTest {

  private record Outcome(int status, String out, String err) {}

  private record Answer(int status, Object page) {}

  private HttpServer server;
  private String at;
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    at = "127.0.0.1:" + server.getAddress().getPort();
    server.createContext(
        "/",
        exchange -> {
          String key = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
          Deque<Answer> left = answers.getOrDefault(key, new ArrayDeque<>());
          Answer answer =
              left.isEmpty()
                  ? new Answer(404, new Problem("nothing at " + key, "", ""))
                  : left.size() > 1 ? left.poll() : left.peek();
          byte[] body = Json.bytes(answer.page());
          exchange.sendResponseHeaders(answer.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "demo --help",
        "demo stop --help",
        "demo kill --help",
        "demo start --help",
        "demo replace --help",
        "demo pause --help",
        "demo resume --help",
        "status --help",
        "ring --help",
        "nodes --help",
        "forget --help",
        "ring recover --help",
        "reconcile --help",
        "reconcile list --help",
        "reconcile show --help",
        "warmup --help",
        "warmup list --help",
        "warmup watch --help",
        "bench --help",
        "bench store --help",
        "bench racks --help",
        "node --help"
      })
  void everyCommandHasHelp(String line) {
    Outcome outcome = run(line.split(" "));
    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).contains("Usage: kindred").contains("--help");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "status --at nowhere",
        "status --at host:1/path",
        "demo --racks zero",
        "demo --racks 0",
        "demo kill",
        "demo kill two",
        "reconcile show",
        "warmup",
        "warmup watch --timeout soon",
        "bench",
        "bench store --only nonsense",
        "bench racks --only throughput",
        "bench racks --minutes 0",
        "bench store --rounds 0",
        "bench store --data much",
        "bench store --data 1k",
        "status --unknown"
      })
  void whatIsAskedWronglyEndsWithTwo(String line) {
    Outcome outcome = run(line.split(" "));
    assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).isNotBlank();
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void noCommandAtAllIsAskedWrongly() {
    assertThat(run().status()).isEqualTo(2);
  }

  @Test
  void statusTellsWhetherTheClusterIsWhole() {
    answer("GET /kindred/v1/status", StatusPage.of(Sample.view(Set.of(), Map.of())));
    assertThat(run("status", "--at", at).out())
        .startsWith("whole: every shard")
        .contains("datacenter dc-1, ring epoch 7, 4 of 4 members in reach")
        .containsPattern("rack-2 +4 +4");

    answers.clear();
    answer("GET /kindred/v1/status", StatusPage.of(Sample.view(Set.of(Sample.NODE_3), Map.of())));
    Outcome parts = run("status", "--at", at);
    assertThat(parts.status()).isZero();
    assertThat(parts.out()).startsWith("NOT whole").contains("3 of 4").containsPattern("rack-2 +2");
  }

  @Test
  void theRingIsATable() {
    answer("GET /kindred/v1/ring", RingPage.of(Sample.view(Set.of(), Map.of())));

    assertThat(run("ring", "--at", at).out())
        .contains("epoch 7")
        .containsPattern("rack-1 +node-2 +12 +yes +2 +2-3 +8192-16383");
  }

  @Test
  void withoutARingThisIsSaid() {
    answer("GET /kindred/v1/ring", RingPage.of(Sample.alone()));
    answer("GET /kindred/v1/status", StatusPage.of(Sample.alone()));

    assertThat(run("ring", "--at", at).out()).startsWith("no ring yet");
    assertThat(run("status", "--at", at).out()).startsWith("no ring yet");
  }

  @Test
  void jsonIsThePageAsTold() throws Exception {
    RingPage page = RingPage.of(Sample.view(Set.of(), Map.of()));
    answer("GET /kindred/v1/ring", page);

    String out = run("ring", "--at", at, "--json").out();
    assertThat(Json.read(out.getBytes(java.nio.charset.StandardCharsets.UTF_8), RingPage.class))
        .isEqualTo(page);
  }

  @Test
  void nodesShowFiguresWhereThereAreSome() {
    NodesPage.NodeRow known =
        new NodesPage.NodeRow(
            Sample.NODE_1,
            "dc-1",
            "rack-1",
            "h",
            1,
            2,
            3,
            Phase.MASTER,
            NodesPage.Standing.OWNER,
            true,
            true,
            2,
            0,
            java.util.Optional.of(new ClockOffset(0, 0)),
            false,
            java.util.Optional.of(Sample.stats(Sample.NODE_1)));
    NodesPage.NodeRow silent =
        new NodesPage.NodeRow(
            Sample.NODE_2,
            "dc-1",
            "rack-1",
            "h",
            4,
            5,
            6,
            Phase.STREAMING,
            NodesPage.Standing.SPARE,
            false,
            false,
            0,
            2,
            java.util.Optional.of(new ClockOffset(612, 1)),
            true,
            java.util.Optional.empty());
    answer("GET /kindred/v1/nodes", new NodesPage(Sample.NODE_1, List.of(known, silent)));

    assertThat(run("nodes", "--at", at).out())
        .containsPattern(
            "node-1 +11 +h:1 +h:2 +OWNER +MASTER +yes +2 +12,345 +67 +3 +4.0 KiB +7.6 MiB +\\+0 ms\n")
        .containsPattern(
            "node-2 +12 +h:4 +h:5 +SPARE +STREAMING +NO +0\\+2 +- +- +- +- +- +\\+612 ms FENCED\n")
        .contains("node-2#12: its clock is too far off")
        .contains("node-1#11: 3 shards may have lost something on its disk")
        .contains("node-1#11: the digests of 5 slots are not those of what they hold")
        .contains("as node-1#11 sees them");
  }

  private static final LossPage LOSS =
      new LossPage(
          7,
          List.of(Sample.NODE_2),
          true,
          "",
          List.of("what it had is lost"),
          List.of(
              new LossPage.HeldRow(Sample.NODE_1, List.of(123L, -1L)),
              new LossPage.HeldRow(Sample.NODE_3, List.of())));

  @Test
  void aNodeIsForgottenOnceItIsConfirmed() {
    answer("GET /kindred/v1/nodes/node-2/forget", LOSS);
    answer("POST /kindred/v1/nodes/" + Sample.NODE_2 + "/forget", 202, new LossPage.Done(8));

    Outcome outcome = run("forget", "node-2", "--yes", "--at", at);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("- what it had is lost")
        .containsPattern("node-1#11 +123 \\?")
        .containsPattern("node-3#13 +unknown")
        .contains("node-2#12 is forgotten, as of ring epoch 8");
  }

  @Test
  void whoMayNotBeForgottenIsToldWhy() {
    LossPage living =
        new LossPage(7, List.of(Sample.NODE_2), false, "is a living member", List.of(), List.of());
    answer("GET /kindred/v1/nodes/node-2/forget", living);
    Outcome outcome = run("forget", "node-2", "--yes", "--at", at);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("is a living member");
  }

  @Test
  void theRingIsRecoveredWithoutWhomTheOperatorWasTold() {
    answer("GET /kindred/v1/ring/recovery", LOSS);
    answer("POST /kindred/v1/ring/recovery", 202, new LossPage.Done(1_000_000_000));
    Outcome outcome = run("ring", "recover", "--yes", "--at", at);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("goes on as of epoch 1000000000");
  }

  @Test
  void aRunIsStartedAndFollowedToItsReport() {
    answer("POST /kindred/v1/reconciliations", 202, Sample.report("r1", RunReport.State.RUNNING));
    answer("GET /kindred/v1/reconciliations/r1", Sample.report("r1", RunReport.State.RUNNING));
    answer(
        "GET /kindred/v1/reconciliations/r1",
        504,
        new Problem("the engine moved", "", "ask again"));
    answer("GET /kindred/v1/reconciliations/r1", Sample.report("r1", RunReport.State.COMPLETED));

    Outcome outcome = run("reconcile", "--watch", "--at", at);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("run r1: COMPLETED")
        .containsPattern("rack-2 +node-3#13 +2 +41 +2 +1");
    assertThat(outcome.err()).contains("50 % of 4 shards").contains("100 % of 4 shards");
  }

  @Test
  void aRunThatFailedEndsWithOne() {
    answer("POST /kindred/v1/reconciliations", 202, Sample.report("r1", RunReport.State.FAILED));
    answer("GET /kindred/v1/reconciliations/r1", Sample.report("r1", RunReport.State.FAILED));

    Outcome watched = run("reconcile", "--watch", "--at", at);
    assertThat(watched.status()).isEqualTo(1);
    assertThat(watched.out()).contains("FAILED, no owner answered");
    assertThat(run("reconcile", "show", "r1", "--at", at).status()).isEqualTo(1);
    assertThat(run("reconcile", "--at", at).status()).isZero();
  }

  @Test
  void runsAreListed() {
    answer(
        "GET /kindred/v1/reconciliations",
        new ReconciliationsPage(List.of(Sample.report("r1", RunReport.State.COMPLETED))));
    assertThat(run("reconcile", "list", "--at", at).out())
        .containsPattern("r1 +\\S+Z +COMPLETED +1234 ms +4/4 +41 +2");

    answers.clear();
    answer("GET /kindred/v1/reconciliations", new ReconciliationsPage(List.of()));
    assertThat(run("reconcile", "list", "--at", at).out()).contains("no reconciliation");
  }

  @Test
  void watchingTellsEachMoveOnceUntilTheClusterIsWhole() {
    Move first = new Move(Phase.STANDBY, Phase.STREAMING, 1_790_000_000_000L, "a seat was free");
    Move second = new Move(Phase.STREAMING, Phase.VERIFYING, 1_790_000_001_000L, "all streamed");
    answer("GET /kindred/v1/status", StatusPage.of(Sample.view(Set.of(Sample.NODE_2), Map.of())));
    answer("GET /kindred/v1/status", StatusPage.of(Sample.view(Set.of(Sample.NODE_2), Map.of())));
    answer("GET /kindred/v1/status", StatusPage.of(Sample.view(Set.of(), Map.of())));
    answer("GET /kindred/v1/warmups", new WarmUpsPage(List.of(row(Phase.STREAMING, first))));
    answer(
        "GET /kindred/v1/warmups", new WarmUpsPage(List.of(row(Phase.VERIFYING, first, second))));

    Outcome outcome = run("warmup", "watch", "--at", at);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("node-2#12  STANDBY -> STREAMING  a seat was free"),
            line -> assertThat(line).contains("node-2#12  STREAMING -> VERIFYING  all streamed"));
  }

  @Test
  void watchingAFailedWarmUpEndsWithOne() {
    answer("GET /kindred/v1/status", StatusPage.of(Sample.view(Set.of(Sample.NODE_2), Map.of())));
    answer("GET /kindred/v1/warmups", new WarmUpsPage(List.of(row(Phase.FAILED))));

    assertThat(run("warmup", "watch", "--at", at).status()).isEqualTo(1);
    assertThat(run("warmup", "list", "--at", at).out()).containsPattern("node-2#12 +FAILED +1/2");
  }

  @Test
  void watchingGivesUpWhenTold() {
    answer("GET /kindred/v1/status", StatusPage.of(Sample.view(Set.of(Sample.NODE_2), Map.of())));
    answer("GET /kindred/v1/warmups", new WarmUpsPage(List.of(row(Phase.STREAMING))));

    Outcome outcome = run("warmup", "watch", "--timeout", "0", "--at", at);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("not whole after 0 s").contains("do:");
  }

  @Test
  void whatANodeRefusesIsToldWithWhereAndWhatToDo() {
    answer(
        "GET /kindred/v1/reconciliations/none",
        404,
        new Problem("no reconciliation has the id 'none'", "node-1#11 /x", "look the ids up"));

    Outcome outcome = run("reconcile", "show", "none", "--at", at);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .isEqualTo(
            """
            kindred: no reconciliation has the id 'none'
              where: node-1#11 /x
              do:    look the ids up
            """);
  }

  @Test
  void aNodeThatIsNotThereIsNamed() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    Outcome outcome = run("status", "--at", "127.0.0.1:" + free);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("does not answer").contains("127.0.0.1:" + free);
  }

  @Test
  void theDemoSaysWhatIsNotThere(@TempDir Path dir) {
    for (String command : List.of("stop", "kill 1", "start 1", "replace 1", "pause 1")) {
      List<String> line = new ArrayList<>(List.of("demo"));
      line.addAll(List.of(command.split(" ")));
      line.addAll(List.of("--dir", dir.toString()));
      Outcome outcome = run(line.toArray(String[]::new));
      assertThat(outcome.status()).isEqualTo(1);
      assertThat(outcome.err()).contains("there is no demo").contains(dir.toString());
    }
  }

  @Test
  void theDemoNamesAPortThatIsTaken(@TempDir Path dir) throws Exception {
    int port = server.getAddress().getPort();
    int base = port - 1;
    if (base + 2099 > 65535) {
      base = port - 1001;
    }
    Outcome outcome =
        run("demo", "--base-port", Integer.toString(base), "--dir", dir.resolve("d").toString());
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("ports are taken").contains("127.0.0.1:" + port);
    assertThat(Files.exists(dir.resolve("d"))).isFalse();
  }

  private static WarmUpRow row(Phase phase, Move... moves) {
    return new WarmUpRow(
        Sample.NODE_2,
        "rack-1",
        phase,
        true,
        1,
        2,
        2048,
        1024,
        7,
        List.of("node-4"),
        0,
        0,
        1500,
        "",
        List.of(moves));
  }

  private void answer(String key, Object page) {
    answer(key, 200, page);
  }

  private void answer(String key, int status, Object page) {
    answers.computeIfAbsent(key, any -> new ArrayDeque<>()).add(new Answer(status, page));
  }

  private static Outcome run(String... line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Kindred.run(new PrintWriter(out), new PrintWriter(err), line);
    return new Outcome(status, out.toString(), err.toString());
  }
}
