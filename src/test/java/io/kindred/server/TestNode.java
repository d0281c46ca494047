package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.entry.HybridClock;
import io.kindred.membership.ClusterView;
import io.kindred.membership.ViewBoard;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.ring.Ring;
import io.kindred.ring.Seat;
import io.kindred.ring.Shards;
import io.kindred.storage.LaneLog;
import io.kindred.storage.MemoryBudget;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import io.kindred.storage.actor.LaneActor;
import io.kindred.storage.actor.LaneQuorum;
import io.kindred.storage.actor.LocalShards;
import io.kindred.storage.actor.ShardActor;
import io.kindred.storage.actor.ShardDesk;
import io.kindred.storage.actor.ShardProtocol;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * The front half of a node: real shards without a disk, gateway and front door. Who serves is told
 * by hand.
 */
final class TestNode implements AutoCloseable {

  static final Shards SHARDS = new Shards(16);

  private static final Config CONFIG =
      ConfigFactory.parseString(
              """
              pekko {
                actor.provider = cluster
                actor.allow-java-serialization = off
                actor.serialization-bindings { "io.kindred.wire.WireMessage" = jackson-cbor }
                remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                fail-mixed-versions = off
                loglevel = WARNING
                actor.debug.unhandled = on
                cluster.jmx.multi-mbeans-in-same-jvm = on
                coordinated-shutdown.exit-jvm = off
              }
              """)
          .withFallback(ConfigFactory.defaultReference());

  static final NodeFacts.Loading LOADING = new NodeFacts.Loading(1_000, 1, 4, 20, 300);

  static final Duration GATEWAY_FORGETS_AFTER = Duration.ofSeconds(1);

  private final ActorSystem<SpawnProtocol.Command> system;
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final List<ForgetfulLog> logs = new ArrayList<>();
  private final LocalShards shards;
  private final ServerStats stats = new ServerStats();
  private final ViewBoard board;
  private final Member member;
  private final FrontDoor door;

  TestNode(String name, String rack, int store) throws Exception {
    this(name, rack, store, ServerLimits.DEFAULT);
  }

  TestNode(String name, String rack, int store, ServerLimits limits) throws Exception {
    system = ActorSystem.create(SpawnProtocol.create(), "kindred", CONFIG);
    List<ActorRef<ShardProtocol.Command>> actors = new ArrayList<>();
    List<ActorRef<LaneActor.Command>> lanes = new ArrayList<>();
    List<LaneQuorum> quorums = new ArrayList<>();
    MemoryBudget budget = new MemoryBudget(SHARDS.count(), 0);
    board = new ViewBoard(null);
    for (int i = 0; i < SHARDS.count(); i++) {
      ForgetfulLog log = new ForgetfulLog();
      ShardStore shardStore = new ShardStore(SHARDS.firstSlot(i), SHARDS.lastSlot(i), 5);
      HybridClock clock = new HybridClock(System::currentTimeMillis, time -> time + (1L << 40), 0);
      Shard shard =
          new Shard(i, shardStore, log, clock, System::currentTimeMillis, (long) store << 32 | 1);
      logs.add(log);
      ShardDesk desk = new ShardDesk(shard, SHARDS);
      actors.add(spawn(ShardActor.create(desk, log), "shard-" + i));
      LaneQuorum quorum = new LaneQuorum(board, log, Duration.ofSeconds(1));
      quorums.add(quorum);
      lanes.add(spawn(LaneActor.create(i, List.of(desk), log, budget, quorum), "lane-" + i));
    }
    shards =
        new LocalShards(
            actors, lanes, List.<LaneLog>copyOf(logs), 1, (long) store << 32 | 1, quorums);
    int artery = Cluster.get(system).selfMember().address().getPort().orElseThrow();
    Member unbound = new Member(new NodeId(name, store), rack, "127.0.0.1", 1, 1, artery);
    board.show(alone(unbound));
    door =
        new FrontDoor(
            loops,
            "127.0.0.1",
            0,
            limits,
            Levels.ONE,
            board,
            system,
            stats,
            () -> facts(Optional.of(LOADING)));
    spawn(Gateway.create(shards, door::runSafe, stats, GATEWAY_FORGETS_AFTER), Gateway.NAME);
    int port = door.bind().toCompletableFuture().get().getPort();
    member = new Member(unbound.id(), rack, "127.0.0.1", port, 1, artery);
    board.show(alone(member));
  }

  private static NodeFacts facts(Optional<NodeFacts.Loading> loading) {
    return new NodeFacts(loading, "test", 0, "/nowhere", "always", 2, 0);
  }

  /** The shards are loaded: what all but the tests of loading begin with. */
  TestNode loaded() {
    HybridClock ballots = new HybridClock(System::currentTimeMillis, time -> time + (1L << 40), 0);
    door.serve(shards, () -> facts(Optional.empty()), ballots, Duration.ofSeconds(5));
    return this;
  }

  private static ClusterView alone(Member self) {
    return new ClusterView(self, Optional.empty(), Map.of(), Set.of(self.id()));
  }

  private <T> ActorRef<T> spawn(Behavior<T> behavior, String name) throws Exception {
    CompletionStage<ActorRef<T>> spawned =
        AskPattern.ask(
            system,
            replyTo -> new SpawnProtocol.Spawn<>(behavior, name, Props.empty(), replyTo),
            Duration.ofSeconds(20),
            system.scheduler());
    return spawned.toCompletableFuture().get();
  }

  /** A ring of one node a rack, each of which owns all shards of its rack. */
  static Ring ring(TestNode... nodes) {
    List<Member> members = new ArrayList<>();
    TreeMap<String, List<Seat>> seats = new TreeMap<>();
    for (TestNode node : nodes) {
      members.add(node.member);
      List<Seat> row = new ArrayList<>();
      for (int i = 0; i < SHARDS.count(); i++) {
        row.add(Seat.of(node.member.id()));
      }
      seats.put(node.member.rack(), row);
    }
    return new Ring(9, 1, "dc-1", SHARDS, members, List.of(), seats);
  }

  /** What this node shall believe, and whether it shall serve. */
  void believe(Ring ring, Map<NodeId, Phase> phases, Set<NodeId> reachable) {
    board.show(new ClusterView(member, Optional.of(ring), phases, reachable));
  }

  /** Tells the shards whether to take clients' commands. */
  void serve(boolean serving) {
    shards.actors().forEach(shard -> shard.tell(new ShardProtocol.Serve(serving)));
    // Behind which they have heard it.
    for (ActorRef<ShardProtocol.Command> shard : shards.actors()) {
      CompletionStage<ShardProtocol.ShardStats> heard =
          AskPattern.ask(
              shard, ShardProtocol.ReadStats::new, Duration.ofSeconds(20), system.scheduler());
      assertThat(heard.toCompletableFuture().join().serving()).isEqualTo(serving);
    }
  }

  /** A ring of itself alone, which it serves. */
  TestNode formAlone() {
    loaded();
    serve(true);
    believe(ring(this), Map.of(member.id(), Phase.MASTER), Set.of(member.id()));
    return this;
  }

  Member member() {
    return member;
  }

  NodeId id() {
    return member.id();
  }

  int port() {
    return member.clientPort();
  }

  ServerStats stats() {
    return stats;
  }

  FrontDoor door() {
    return door;
  }

  /** The log of one shard. */
  ForgetfulLog log(int shard) {
    return logs.get(shard);
  }

  /** Ends all actors at once, as a crash would for whoever talks to them. */
  void kill() {
    ActorTestKit.shutdown(system);
  }

  @Override
  public void close() {
    door.close().toCompletableFuture().join();
    ActorTestKit.shutdown(system);
    loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
  }
}
