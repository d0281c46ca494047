package io.kindred.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Join;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a node that has ended by itself needs. */
class KindredNodeTest {

  private final ActorSystem<Void> system =
      ActorSystem.create(
          Behaviors.empty(),
          "ending",
          ConfigFactory.parseString(
                  """
                  pekko {
                    actor.provider = cluster
                    remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    fail-mixed-versions = off
                    loglevel = WARNING
                    cluster.jmx.multi-mbeans-in-same-jvm = on
                    coordinated-shutdown.exit-jvm = off
                  }
                  """)
              .withFallback(ConfigFactory.defaultReference()));

  private void awaitEnd() throws Exception {
    system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void whoLearnsByGossipThatItWasDownedMayStartAgain() throws Exception {
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(new Join(cluster.selfMember().address()));
    Awaitility.await().until(() -> cluster.selfMember().status() == MemberStatus.up());
    cluster.manager().tell(new Down(cluster.selfMember().address()));
    awaitEnd();
    assertThat(KindredNode.wasDowned(system)).isTrue();
  }

  @Test
  void whoEndsForAnotherReasonWasNotDowned() throws Exception {
    assertThat(KindredNode.wasDowned(system)).isFalse();
    CoordinatedShutdown.get(system)
        .runAll(CoordinatedShutdown.jvmExitReason())
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
    awaitEnd();
    assertThat(KindredNode.wasDowned(system)).isFalse();
  }
}
