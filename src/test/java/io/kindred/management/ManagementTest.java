package io.kindred.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.reconcile.RunReport;
import io.kindred.ring.Phase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The management port as the configuration makes it, with set sources behind it. */
class ManagementTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static ActorTestKit testKit;
  private static FixedSources sources;
  private static int port;

  @BeforeAll
  static void open() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Config config =
        ConfigFactory.parseString(
                "kindred { node.host = 127.0.0.1, management.port = "
                    + port
                    + ", artery.port = 0, ring.racks = [rack-1] }")
            .withFallback(ConfigFactory.defaultApplication())
            .withFallback(ConfigFactory.defaultReference())
            .resolve();
    testKit = ActorTestKit.create("kindred", config);
    sources = new FixedSources();
    Management.start(testKit.system(), sources).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @AfterAll
  static void close() {
    testKit.shutdownTestKit();
  }

  @BeforeEach
  void healthy() {
    sources.view = Sample.view(Set.of(), Map.of());
    sources.runs = List.of();
    sources.failure = Optional.empty();
    sources.started.set(0);
  }

  @Test
  void readyIsExactlyWhoServes() throws Exception {
    for (Phase phase : Phase.values()) {
      sources.view = Sample.view(Set.of(), Map.of(Sample.NODE_1, phase));
      assertThat(get("/ready").statusCode())
          .as(phase.name())
          .isEqualTo(Set.of(Phase.MASTER, Phase.STALE).contains(phase) ? 200 : 500);
      assertThat(get("/alive").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void clusterMembersAreToldAndCannotBeChanged() throws Exception {
    assertThat(get("/cluster/members/").statusCode()).isEqualTo(200);
    HttpResponse<byte[]> refused =
        send(request("/cluster/members/" + testKit.system().address()).DELETE());
    assertThat(refused.statusCode()).isIn(404, 405);
  }

  @Test
  void statusTellsWhetherEveryShardIsServedInEveryRack() throws Exception {
    StatusPage whole = page("/kindred/v1/status", StatusPage.class);
    assertThat(whole.whole()).isTrue();
    assertThat(whole.serves()).isTrue();

    sources.view = Sample.view(Set.of(Sample.NODE_3), Map.of(Sample.NODE_2, Phase.STREAMING));
    StatusPage parts = page("/kindred/v1/status", StatusPage.class);
    assertThat(parts.whole()).isFalse();
    assertThat(parts.membersReachable()).isEqualTo(3);
    assertThat(parts.racks())
        .containsExactly(
            new StatusPage.RackRow("rack-1", 2, 4), new StatusPage.RackRow("rack-2", 2, 4));
  }

  @Test
  void theRingIsToldInRanges() throws Exception {
    RingPage ring = page("/kindred/v1/ring", RingPage.class);

    assertThat(ring.id()).isEqualTo("ffffffffffffffff");
    assertThat(ring.epoch()).isEqualTo(7);
    assertThat(ring.racks()).extracting(RingPage.RackRow::name).containsExactly("rack-1", "rack-2");
    assertThat(ring.racks().get(0).owners().get(1).node()).isEqualTo(Sample.NODE_2);
    assertThat(ring.racks().get(0).owners().get(1).ranges())
        .containsExactly(new RingPage.ShardRange(2, 3, 8192, 16383));
  }

  @Test
  void snapshotsAreToldAndStarted() throws Exception {
    SnapshotsPage told = page("/kindred/v1/snapshots", SnapshotsPage.class);
    assertThat(told.node()).isEqualTo(Sample.NODE_1);
    assertThat(told.snapshots().underWay()).isFalse();

    HttpResponse<byte[]> started =
        send(
            request("/kindred/v1/snapshots")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(started.statusCode()).isEqualTo(202);
    assertThat(Json.read(started.body(), SnapshotsPage.class).snapshots().shardsWaiting())
        .isEqualTo(7);
    assertThat(send(request("/kindred/v1/snapshots").POST(BodyPublishers.noBody())).statusCode())
        .isEqualTo(415);
    assertThat(sources.started).hasValue(1);
  }

  @Test
  void aNodeThatDoesNotAnswerIsShownWithoutFigures() throws Exception {
    NodesPage nodes = page("/kindred/v1/nodes", NodesPage.class);

    assertThat(nodes.askedOf()).isEqualTo(Sample.NODE_1);
    assertThat(nodes.nodes()).hasSize(4);
    assertThat(nodes.nodes().get(0).stats()).contains(Sample.stats(Sample.NODE_1));
    assertThat(nodes.nodes().get(1).stats()).isEmpty();
  }

  @Test
  void withoutARingTheNodeTellsOfItself() throws Exception {
    sources.view = Sample.alone();

    assertThat(page("/kindred/v1/ring", RingPage.class).formed()).isFalse();
    assertThat(page("/kindred/v1/status", StatusPage.class).whole()).isFalse();
    assertThat(page("/kindred/v1/nodes", NodesPage.class).nodes())
        .extracting(NodesPage.NodeRow::node)
        .containsExactly(Sample.NODE_1);
  }

  @Test
  void runsAreListedShownAndStarted() throws Exception {
    RunReport done = Sample.report("r-1", RunReport.State.COMPLETED);
    sources.runs = List.of(done);

    assertThat(page("/kindred/v1/reconciliations", ReconciliationsPage.class).reconciliations())
        .containsExactly(done);
    assertThat(page("/kindred/v1/reconciliations/r-1", RunReport.class)).isEqualTo(done);

    HttpResponse<byte[]> accepted = send(post("application/json"));
    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(Json.read(accepted.body(), RunReport.class).id()).isEqualTo("r-new");
  }

  @Test
  void aChangeThatAForeignPageCouldSendIsRefused() throws Exception {
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
      assertThat(problem(send(post(type)), 415).remedy()).contains("application/json");
    }
    assertThat(sources.started).hasValue(0);
  }

  @Test
  void changesComeFromThisMachineOnly() {
    assertThat(KindredRoutes.isFromThisMachine(from("127.0.0.1"))).isTrue();
    assertThat(KindredRoutes.isFromThisMachine(from("192.0.2.1"))).isFalse();
    assertThat(
            KindredRoutes.isFromThisMachine(
                org.apache.pekko.http.javadsl.model.HttpRequest.POST("/")))
        .isFalse();
  }

  @Test
  void whatFailsIsToldWithWhereAndWhatToDo() throws Exception {
    assertThat(problem(get("/kindred/v1/reconciliations/none"), 404).where())
        .isEqualTo("node-1#11 /kindred/v1/reconciliations/none");
    assertThat(problem(get("/kindred/v1/no-such-page"), 404).remedy()).contains("warmups");
    assertThat(problem(send(request("/kindred/v1/ring").DELETE()), 405).what()).contains("GET");

    sources.failure = Optional.of(new TimeoutException("asked for 2 s"));
    assertThat(problem(get("/kindred/v1/warmups"), 504).remedy()).contains("ask again");
    sources.failure = Optional.of(new Refused("no ring yet"));
    assertThat(problem(send(post("application/json")), 409).what()).isEqualTo("no ring yet");
    sources.failure = Optional.of(new IllegalStateException("a broken part"));
    assertThat(problem(get("/kindred/v1/nodes"), 500).what()).contains("a broken part");
  }

  private static org.apache.pekko.http.javadsl.model.HttpRequest from(String address) {
    try {
      return org.apache.pekko.http.javadsl.model.HttpRequest.POST("/")
          .addAttribute(
              AttributeKeys.remoteAddress, RemoteAddress.create(InetAddress.getByName(address)));
    } catch (java.net.UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Problem problem(HttpResponse<byte[]> response, int status) throws Exception {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    return Json.read(response.body(), Problem.class);
  }

  private static <T> T page(String path, Class<T> type) throws Exception {
    HttpResponse<byte[]> response = get(path);
    assertThat(response.statusCode()).isEqualTo(200);
    return Json.read(response.body(), type);
  }

  private static HttpResponse<byte[]> get(String path) throws Exception {
    return send(request(path).GET());
  }

  private static HttpRequest.Builder post(String type) {
    return request("/kindred/v1/reconciliations")
        .header("Content-Type", type)
        .POST(BodyPublishers.ofString("{}"));
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), BodyHandlers.ofByteArray());
  }
}
