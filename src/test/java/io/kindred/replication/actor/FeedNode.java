package io.kindred.replication.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.membership.ClusterView;
import io.kindred.membership.ViewBoard;
import io.kindred.membership.actor.RingProtocol;
import io.kindred.replication.FeedSettings;
import io.kindred.replication.FeedStatus;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Shards;
import io.kindred.storage.LaneLog;
import io.kindred.storage.actor.LaneActor;
import io.kindred.storage.actor.LaneQuorum;
import io.kindred.storage.actor.LocalShards;
import io.kindred.storage.actor.Peers;
import io.kindred.storage.actor.ShardProtocol;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;

/** A node with a real actor system, feeds and inbox, and with shards and logs in memory. */
final class FeedNode implements AutoCloseable {

  static final Shards SHARDS = new Shards(4);
  static final int LANES = 2;

  final ActorTestKit kit;
  final NodeId id;
  final Member member;
  final Map<Key, Element> strings = new ConcurrentHashMap<>();
  final AtomicLong merges = new AtomicLong();
  final List<MemoryLaneLog> logs = List.of(new MemoryLaneLog(), new MemoryLaneLog());

  private final Path dataDir;
  private final TestProbe<RingProtocol.Command> ring;
  private final List<ActorRef<ShardProtocol.Command>> actors = new ArrayList<>();
  private final Faults faults = new Faults();
  private int boot;
  private long time;
  private ActorRef<Feeds.Command> feeds;

  /** From whom its inbox takes nothing. */
  final Set<NodeId> departed = ConcurrentHashMap.newKeySet();

  private ActorRef<ClusterView> follower;
  private ActorRef<FeedInbox.Command> inbox;

  FeedNode(String name, int store, Path dataDir) {
    this.dataDir = dataDir.resolve(name);
    assertThat(this.dataDir.toFile().mkdirs()).isTrue();
    this.kit =
        ActorTestKit.create(
            "kindred",
            ConfigFactory.parseMap(
                    Map.of(
                        "pekko.remote.artery.canonical.port", 0,
                        "pekko.remote.artery.bind.port", 0,
                        "pekko.loglevel", "WARNING"))
                .withFallback(ConfigFactory.load()));
    int port = Cluster.get(kit.system()).selfMember().address().getPort().orElseThrow();
    this.id = new NodeId(name, store);
    this.member = new Member(id, "rack-" + name, "127.0.0.1", 1, 2, port);
    this.ring = kit.createTestProbe(RingProtocol.Command.class);
    for (int shard = 0; shard < SHARDS.count(); shard++) {
      actors.add(kit.spawn(shard(shard), "shard-" + shard));
    }
  }

  private Behavior<ShardProtocol.Command> shard(int number) {
    return Behaviors.receive(ShardProtocol.Command.class)
        .onMessage(
            ShardProtocol.Merge.class,
            merge -> {
              for (Element element : merge.elements()) {
                merges.incrementAndGet();
                Element known = strings.get(element.key());
                if (known == null || element.beats(known)) {
                  strings.put(element.key(), element);
                  logs.get(number % LANES).append(number, false, element);
                }
              }
              merge.replyTo().tell(new ShardProtocol.Merged(number, merge.ticket(), 0, 0, 0, 0));
              return Behaviors.same();
            })
        .build();
  }

  /** A client's write. */
  void write(String key, byte[] value) {
    Key written = Key.of(key.getBytes(StandardCharsets.UTF_8));
    Element element = Element.string(written, new Version(++time, id.store()), value);
    int shard = SHARDS.shardOf(written.slot());
    strings.put(written, element);
    logs.get(shard % LANES).append(shard, true, element);
  }

  void write(int from, int to) {
    for (int key = from; key < to; key++) {
      write("key-" + key, ("value-" + key).getBytes(StandardCharsets.UTF_8));
    }
  }

  LocalShards shards() {
    return new LocalShards(
        actors,
        logs.stream().map(log -> kit.createTestProbe(LaneActor.Command.class).ref()).toList(),
        List.<LaneLog>copyOf(logs),
        77,
        ((long) id.store() << 32) | boot,
        logs.stream()
            .map(log -> new LaneQuorum(new ViewBoard(null), log, Duration.ofSeconds(1)))
            .toList());
  }

  void startFeeds(FeedSettings settings) {
    boot++;
    feeds =
        kit.spawn(
            Feeds.create(id, shards(), dataDir, settings, ring.getRef(), new Peers(kit.system())));
    follower = ring.expectMessageClass(RingProtocol.Subscribe.class).subscriber();
  }

  void show(Ring newest, Set<NodeId> reachable) {
    follower.tell(new ClusterView(member, Optional.of(newest), Map.of(), reachable));
  }

  void stopFeeds() {
    kit.stop(feeds);
  }

  void startInbox() {
    inbox =
        kit.spawn(
            Behaviors.supervise(
                    Behaviors.intercept(
                        () -> faults, FeedInbox.create(id, SHARDS, shards(), departed::contains)))
                .onFailure(Injected.class, SupervisorStrategy.restart()),
            FeedInbox.NAME);
  }

  /** How many messages of feeds have come to the inbox. */
  int heard() {
    return faults.heard.get();
  }

  /** The inbox loses every message. */
  void deafenInbox() {
    faults.mode = Faults.Mode.LOSE;
  }

  /** The inbox fails, forgets everything, and hears again. */
  void failInbox() {
    faults.mode = Faults.Mode.FAIL;
  }

  /** Of its own class, or Pekko would take the inbox's own supervisor for this one's double. */
  private static final class Injected extends RuntimeException {
    Injected() {
      super("the test wanted it to fail");
    }
  }

  /**
   * Loses messages, or fails once. The inbox keeps its reference: one that was stopped and started
   * anew would not hear, see {@link FeedInbox}.
   */
  private static final class Faults
      extends BehaviorInterceptor<FeedInbox.Command, FeedInbox.Command> {
    enum Mode {
      PASS,
      LOSE,
      FAIL
    }

    private final AtomicInteger heard = new AtomicInteger();
    private volatile Mode mode = Mode.PASS;

    Faults() {
      super(FeedInbox.Command.class);
    }

    @Override
    public Behavior<FeedInbox.Command> aroundReceive(
        TypedActorContext<FeedInbox.Command> context,
        FeedInbox.Command message,
        ReceiveTarget<FeedInbox.Command> target) {
      if (message instanceof FeedInbox.FeedHello || message instanceof FeedInbox.FeedBatch) {
        heard.incrementAndGet();
      }
      return switch (mode) {
        case PASS -> target.apply(context, message);
        case LOSE -> Behaviors.same();
        case FAIL -> {
          mode = Mode.PASS;
          throw new Injected();
        }
      };
    }
  }

  ActorRef<FeedInbox.Command> inbox() {
    return inbox;
  }

  ActorRef<Feeds.Command> feeds() {
    return feeds;
  }

  FeedStatus status() {
    TestProbe<FeedStatus> probe = kit.createTestProbe(FeedStatus.class);
    feeds.tell(new Feeds.GetStatus(probe.getRef()));
    return probe.receiveMessage();
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
