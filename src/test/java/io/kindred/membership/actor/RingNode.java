package io.kindred.membership.actor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.entry.TimeSource;
import io.kindred.membership.ClockLimits;
import io.kindred.membership.ClusterView;
import io.kindred.membership.RingSettings;
import io.kindred.membership.ViewBoard;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** One node's actor system with nothing but a ring keeper, for tests. */
final class RingNode {

  static final int SHARDS = 8;

  // Coordinated shutdown is off so that a node ends as if it were killed.
  private static final String CONFIG =
      """
      pekko.loglevel = WARNING
      pekko.remote.artery.canonical.hostname = "127.0.0.1"
      pekko.remote.artery.canonical.port = %d
      pekko.cluster.jmx.enabled = off
      pekko.cluster.gossip-interval = 200 ms
      pekko.cluster.leader-actions-interval = 200 ms
      pekko.cluster.unreachable-nodes-reaper-interval = 200 ms
      pekko.cluster.retry-unsuccessful-join-after = 1 s
      pekko.cluster.allow-weakly-up-members = 1 s
      pekko.cluster.failure-detector.heartbeat-interval = 250 ms
      pekko.cluster.failure-detector.acceptable-heartbeat-pause = 1500 ms
      pekko.coordinated-shutdown.run-by-actor-system-terminate = off
      pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
      pekko.coordinated-shutdown.exit-jvm = off
      pekko.remote.artery.advanced.shutdown-flush-timeout = 100 ms
      pekko.actor.debug.unhandled = on
      """;

  final Member member;
  final Path dir;
  final ActorSystem<Void> system;
  final ViewBoard board;
  final ActorRef<RingProtocol.Command> keeper;

  private RingNode(Started started, Path dir, ActorSystem<Void> system) {
    this.member = started.member();
    this.board = started.board();
    this.keeper = started.keeper();
    this.dir = dir;
    this.system = system;
  }

  private record Started(Member member, ViewBoard board, ActorRef<RingProtocol.Command> keeper) {}

  /**
   * Rack and name are told apart by the first letters: node {@code a1} stands in rack {@code a}.
   */
  static RingNode start(String name, int store, int port, Path dir, Duration declareLostAfter)
      throws Exception {
    return start(name, store, port, dir, declareLostAfter, System::currentTimeMillis);
  }

  /** The same with a clock of its own. */
  static RingNode start(
      String name, int store, int port, Path dir, Duration declareLostAfter, TimeSource wall)
      throws Exception {
    RingSettings settings =
        new RingSettings(
            "dc",
            List.of("a", "b", "c"),
            1,
            SHARDS,
            declareLostAfter,
            Duration.ofMillis(250),
            new ClockLimits(Duration.ofMillis(250), Duration.ofMillis(400)));
    CompletableFuture<Started> started = new CompletableFuture<>();
    Config config =
        ConfigFactory.parseString(CONFIG.formatted(port)).withFallback(ConfigFactory.load());
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.setup(
                context -> {
                  Address address = Cluster.get(context.getSystem()).selfMember().address();
                  int bound = address.getPort().orElseThrow();
                  Member member =
                      new Member(
                          new NodeId(name, store),
                          name.substring(0, 1),
                          "127.0.0.1",
                          7000,
                          8000,
                          bound);
                  ViewBoard board =
                      new ViewBoard(new ClusterView(member, Optional.empty(), Map.of(), Set.of()));
                  ActorRef<RingProtocol.Command> keeper =
                      context.spawn(
                          RingKeeper.create(member, dir, settings, wall, board), RingKeeper.NAME);
                  started.complete(new Started(member, board, keeper));
                  return Behaviors.empty();
                }),
            "kindred",
            config);
    return new RingNode(started.get(10, TimeUnit.SECONDS), dir, system);
  }

  void join(RingNode other) {
    cluster().manager().tell(Join.create(other.cluster().selfMember().address()));
  }

  Cluster cluster() {
    return Cluster.get(system);
  }

  MemberStatus status() {
    return cluster().selfMember().status();
  }

  /** What this node thinks of another's membership; empty where it knows none at that address. */
  Optional<MemberStatus> statusOf(RingNode other) {
    for (org.apache.pekko.cluster.Member known : cluster().state().getMembers()) {
      if (known.address().toString().equals(other.member.arteryAddress())) {
        return Optional.of(known.status());
      }
    }
    return Optional.empty();
  }

  boolean seesUnreachable(RingNode other) {
    for (org.apache.pekko.cluster.Member known : cluster().state().getUnreachable()) {
      if (known.address().toString().equals(other.member.arteryAddress())) {
        return true;
      }
    }
    return false;
  }

  NodeId id() {
    return member.id();
  }

  Ring ring() {
    return board.current().ring().orElseThrow();
  }

  long epoch() {
    return board.current().ring().map(Ring::epoch).orElse(0L);
  }

  CompletableFuture<RingProtocol.Outcome> propose(RingChange change) {
    return AskPattern.<RingProtocol.Command, RingProtocol.Outcome>ask(
            keeper,
            replyTo -> new RingProtocol.Propose(change, replyTo),
            Duration.ofSeconds(20),
            system.scheduler())
        .toCompletableFuture();
  }

  /** An operator's word at this node that the ring is to go on without these. */
  RingProtocol.Outcome recover(NodeId... without) throws Exception {
    return AskPattern.<RingProtocol.Command, RingProtocol.Outcome>ask(
            keeper,
            replyTo -> new RingProtocol.Recover(new TreeSet<>(List.of(without)), replyTo),
            Duration.ofSeconds(20),
            system.scheduler())
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  /** Ends the process, as far as one can within one. */
  void kill() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
