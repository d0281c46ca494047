package io.kindred.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.membership.ClusterView;
import io.kindred.membership.ViewBoard;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.reconcile.RunReport;
import io.kindred.reconcile.actor.ReconcilerProtocol;
import io.kindred.ring.Member;
import io.kindred.ring.Phase;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.warmup.Progress;
import io.kindred.warmup.actor.WarmUpProtocol;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Asks real actors: those of this system by its own address, and those of a node that is not there.
 */
class ClusterSourcesTest {

  private static final Progress PROGRESS =
      new Progress(
          Sample.NODE_1,
          "rack-1",
          Phase.MASTER,
          "proven",
          "",
          2,
          2,
          10,
          2048,
          0,
          0,
          List.of(new Progress.SourceShare(Sample.NODE_3, 2, 2048)),
          1,
          1_000,
          2,
          List.of(
              new Progress.Move(1_000, Phase.STANDBY, Phase.STREAMING, "cause", "a seat was free"),
              new Progress.Move(3_500, Phase.PROMOTING, Phase.MASTER, "cause", "decided")));

  private static ActorTestKit testKit;
  private static int port;

  @BeforeAll
  static void open() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Config config =
        ConfigFactory.parseString("kindred { node.host = 127.0.0.1, artery.port = " + port + " }")
            .withFallback(ConfigFactory.defaultApplication())
            .withFallback(ConfigFactory.defaultReference())
            .resolve();
    testKit = ActorTestKit.create("kindred", config);
    testKit.spawn(
        Behaviors.receive(NodeProtocol.Command.class)
            .onMessage(
                NodeProtocol.GetStats.class,
                asked -> {
                  asked.replyTo().tell(Sample.stats(Sample.NODE_1));
                  return Behaviors.same();
                })
            .build(),
        "node");
    testKit.spawn(
        Behaviors.receive(WarmUpProtocol.Command.class)
            .onMessage(
                WarmUpProtocol.GetProgress.class,
                asked -> {
                  asked.replyTo().tell(PROGRESS);
                  return Behaviors.same();
                })
            .build(),
        "node-manager");
  }

  @AfterAll
  static void close() {
    testKit.shutdownTestKit();
  }

  @Test
  void whoDoesNotAnswerIsMissingAndHoldsNobodyUp() throws Exception {
    // The others' ports have nobody behind them, yet they are in reach as far as the view knows.
    assertThat(get(sources(here(Set.of())).stats()))
        .isEqualTo(Map.of(Sample.NODE_1, Sample.stats(Sample.NODE_1)));
  }

  @Test
  void whoIsOutOfReachIsNotAsked() throws Exception {
    Set<io.kindred.ring.NodeId> others = Set.of(Sample.NODE_2, Sample.NODE_3, Sample.NODE_4);

    assertThat(get(sources(here(others)).stats())).containsOnlyKeys(Sample.NODE_1);
  }

  @Test
  void everyMemberHasAWarmUpRowWithWhatItToldOrOnlyItsPhase() throws Exception {
    List<WarmUpsPage.WarmUpRow> rows = get(sources(here(Set.of(Sample.NODE_2))).warmUps());

    assertThat(rows).hasSize(4);
    assertThat(rows.get(0).answered()).isTrue();
    assertThat(rows.get(0).sources()).containsExactly("node-3");
    assertThat(rows.get(0).tookMillis()).isEqualTo(2_500);
    assertThat(rows.get(0).moves())
        .contains(new WarmUpsPage.Move(Phase.STANDBY, Phase.STREAMING, 1_000, "a seat was free"));
    assertThat(rows.get(1).node()).isEqualTo(Sample.NODE_2);
    assertThat(rows.get(1).answered()).isFalse();
    assertThat(rows.get(1).phase()).isEqualTo(Phase.MASTER);
  }

  @Test
  void theEngineIsAskedForRuns() throws Exception {
    RunReport running = Sample.report("r-1", RunReport.State.RUNNING);
    ClusterSources sources = sources(here(Set.of()));
    sources.engine(engine(new ReconcilerProtocol.RunStarted(running, true)));

    assertThat(get(sources.reconcile())).isEqualTo(running);
    assertThat(get(sources.reconciliations())).containsExactly(running);
    assertThat(get(sources.reconciliation("r-1"))).contains(running);
    assertThat(get(sources.reconciliation("r-2"))).isEmpty();
  }

  @Test
  void aRunThatTheEngineRefusesFailsWithItsReason() {
    ClusterSources sources = sources(here(Set.of()));
    assertThatThrownBy(() -> get(sources.reconcile())).hasRootCauseInstanceOf(Refused.class);

    sources.engine(engine(new ReconcilerProtocol.RunRefused("there is no ring")));
    assertThatThrownBy(() -> get(sources.reconcile())).hasRootCauseMessage("there is no ring");
  }

  private static ActorRef<ReconcilerProtocol.Command> engine(
      ReconcilerProtocol.StartAnswer toStart) {
    RunReport known = Sample.report("r-1", RunReport.State.RUNNING);
    return testKit.spawn(
        Behaviors.receive(ReconcilerProtocol.Command.class)
            .onMessage(
                ReconcilerProtocol.StartRun.class,
                asked -> {
                  asked.replyTo().tell(toStart);
                  return Behaviors.same();
                })
            .onMessage(
                ReconcilerProtocol.ListRuns.class,
                asked -> {
                  asked.replyTo().tell(new ReconcilerProtocol.Runs(List.of(known)));
                  return Behaviors.same();
                })
            .onMessage(
                ReconcilerProtocol.ShowRun.class,
                asked -> {
                  List<RunReport> found = asked.id().equals("r-1") ? List.of(known) : List.of();
                  asked.replyTo().tell(new ReconcilerProtocol.RunShown("", found));
                  return Behaviors.same();
                })
            .build());
  }

  /** The sample's view, in which node-1 alone has this system's address. */
  private static ClusterView here(Set<io.kindred.ring.NodeId> outOfReach) {
    ClusterView sample = Sample.view(outOfReach, Map.of());
    Member self = new Member(Sample.NODE_1, "rack-1", "127.0.0.1", 1, 2, port);
    io.kindred.ring.Ring ring = sample.ring().orElseThrow();
    List<Member> members =
        ring.members().stream()
            .map(member -> member.id().equals(self.id()) ? self : member)
            .toList();
    return new ClusterView(
        self,
        Optional.of(
            new io.kindred.ring.Ring(
                ring.id(), 7, "dc-1", ring.shards(), members, List.of(), ring.seats())),
        sample.phases(),
        sample.reachable());
  }

  private static ClusterSources sources(ClusterView view) {
    return new ClusterSources(
        testKit.system(),
        new ViewBoard(view),
        testKit.<RingProtocol.Command>createTestProbe().ref());
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
