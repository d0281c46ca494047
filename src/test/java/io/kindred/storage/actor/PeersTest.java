package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.wire.WireMessage;
import java.time.Duration;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A well-known actor of another node is reached, whenever it started. */
class PeersTest {

  private static final Duration ADVERTISED_EVERY = Duration.ofMillis(100);
  private static ActorTestKit here;
  private static ActorTestKit there;

  record Numbered(int number) implements WireMessage {}

  @BeforeAll
  static void start() {
    String compression = "pekko.remote.artery.advanced.compression.";
    Config config =
        ConfigFactory.parseMap(
                Map.of(
                    "pekko.remote.artery.canonical.port",
                    0,
                    "pekko.remote.artery.bind.port",
                    0,
                    "pekko.loglevel",
                    "WARNING",
                    compression + "actor-refs.advertisement-interval",
                    ADVERTISED_EVERY,
                    compression + "manifests.advertisement-interval",
                    ADVERTISED_EVERY))
            .withFallback(ConfigFactory.load());
    here = ActorTestKit.create("kindred", config);
    there = ActorTestKit.create("kindred", config);
  }

  @AfterAll
  static void stop() {
    here.shutdownTestKit();
    there.shutdownTestKit();
  }

  @Test
  void whatWasSentBeforeAnActorStartedDoesNotCostItWhatComesAfter() {
    int port = Cluster.get(there.system()).selfMember().address().getPort().orElseThrow();
    Member member = new Member(new NodeId("there", 1), "rack-1", "127.0.0.1", 1, 2, port);
    ActorRef<Numbered> late = new Peers(here.system()).actor(member, "late");
    ActorRef<Numbered> early = new Peers(here.system()).actor(member, "early");
    TestProbe<Numbered> seen = there.createTestProbe(Numbered.class);
    there.spawn(forwardTo(seen), "early");

    // Until they surely came, and often enough to count as a path worth a number of its own.
    for (int i = 0; i < 2_000; i++) {
      late.tell(new Numbered(i));
    }
    early.tell(new Numbered(-1));
    assertThat(seen.receiveMessage(Duration.ofSeconds(20)).number()).isEqualTo(-1);
    there.spawn(forwardTo(seen), "late");

    await()
        .during(ADVERTISED_EVERY.multipliedBy(20))
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(
            () -> {
              late.tell(new Numbered(1));
              assertThat(seen.receiveMessage(Duration.ofSeconds(1)).number()).isEqualTo(1);
            });
  }

  private static Behavior<Numbered> forwardTo(TestProbe<Numbered> probe) {
    return Behaviors.receiveMessage(
        message -> {
          probe.ref().tell(message);
          return Behaviors.same();
        });
  }
}
