package io.kindred.replication;

import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The watermarks of all shards as one node knows them, and what the others have told. Decides what
 * is adopted and purged; who carries it out tells time, cursors and news. For one thread.
 *
 * <p>A node that is missing holds what it has a part in, since nothing is decided but from rows of
 * all owners, each of the very ring that this node follows. A node that lost its seat still is an
 * origin: it holds every shard until a reconciliation that began after its loss was noticed has
 * made the owners equal. So does this node's own log while its end may be missing.
 */
public final class Watermarks {

  /** No log has it. */
  private static final long NO_GENERATION = -1;

  /**
   * What survives a restart.
   *
   * @param generation of the logs
   * @param gone nodes that lost shards, or their seat, and still hold all
   * @param shards of each shard what was adopted and purged
   */
  public record Stored(long generation, List<NodeId> gone, List<Limits> shards) {
    public static final Stored NOTHING = new Stored(NO_GENERATION, List.of(), List.of());

    /** What is known of a shard. */
    public Limits limits(int shard) {
      return shards.stream()
          .filter(limits -> limits.shard() == shard)
          .findFirst()
          .orElse(new Limits(shard, 0, 0));
    }
  }

  /** How far a shard's owner has come. */
  public record Limits(int shard, long adopted, long step) {}

  private record News(long epoch, Map<Integer, WatermarkRow> rows) {}

  /** Something to adopt, once this node's logs are synced up to these ends. */
  private record Wish(long watermark, List<Long> ends) {}

  private final NodeId self;
  private final int lanes;
  private final long inFlightMillis;
  private final List<ShardWatermark> shards = new ArrayList<>();
  private final Map<NodeId, News> heard = new HashMap<>();
  private final Map<Integer, Wish> wishes = new HashMap<>();
  private final Map<NodeId, Long> gone = new TreeMap<>();
  private OptionalLong tailLostAt = OptionalLong.empty();
  private Ring ring;

  /**
   * As they were stored.
   *
   * @param inFlightMillis what a node had on its way when it stopped has arrived by then, or never
   *     will
   */
  public Watermarks(NodeId self, int shardCount, int lanes, long inFlightMillis, Stored stored) {
    this.self = self;
    this.lanes = lanes;
    this.inFlightMillis = inFlightMillis;
    // Noticed in an earlier boot: any run from now on has begun after that.
    stored.gone().forEach(node -> gone.put(node, 0L));
    for (int shard = 0; shard < shardCount; shard++) {
      Limits limits = stored.limits(shard);
      shards.add(new ShardWatermark(shard, limits.adopted(), limits.step()));
    }
  }

  /** The end of this node's log may be gone, and with it what some peer has taken already. */
  public void tailMayBeLost(long nowMillis) {
    tailLostAt = OptionalLong.of(nowMillis + inFlightMillis);
  }

  /** The ring that counts from now on. */
  public void follow(Ring next, long nowMillis) {
    List<NodeId> members = next.members().stream().map(member -> member.id()).toList();
    next.former().forEach(member -> gone.put(member.id(), nowMillis));
    if (ring != null) {
      // What a former node had to give has come by now, or was given up.
      ring.former().forEach(member -> gone.put(member.id(), nowMillis));
      ring.members().stream()
          .map(member -> member.id())
          .filter(node -> !members.contains(node))
          .forEach(node -> gone.putIfAbsent(node, nowMillis));
      // Who was an owner of a shard and is one no more may have written what is on its way.
      for (int shard = 0; shard < shards.size(); shard++) {
        for (NodeId owner : ring.fed(shard)) {
          if (!next.fed(shard).contains(owner)) {
            gone.putIfAbsent(owner, nowMillis);
          }
        }
      }
    }
    heard.keySet().retainAll(members);
    ring = next;
  }

  /** Takes what another node tells. */
  public void hear(NodeId node, long epoch, Collection<WatermarkRow> rows) {
    News before = heard.get(node);
    News news =
        before != null && before.epoch() == epoch ? before : new News(epoch, new HashMap<>());
    rows.forEach(row -> news.rows().put(row.shard(), row));
    heard.put(node, news);
  }

  /** A reconciliation has ended that left these nodes equal in all that they own. */
  public void reconciled(Set<NodeId> whole, long startedAtMillis) {
    if (ring == null) {
      return;
    }
    for (int shard = 0; shard < shards.size(); shard++) {
      if (!whole.containsAll(ring.fed(shard))) {
        return;
      }
    }
    gone.entrySet()
        .removeIf(
            each -> !isFormer(each.getKey()) && startedAtMillis > each.getValue() + inFlightMillis);
    if (tailLostAt.isPresent() && startedAtMillis > tailLostAt.getAsLong()) {
      tailLostAt = OptionalLong.empty();
    }
  }

  /** Whether nothing but a reconciliation makes it move again. */
  public boolean needsReconciliation() {
    return tailLostAt.isPresent() || !gone.keySet().stream().allMatch(this::isFormer);
  }

  /**
   * Whether a node has lost its seat and is neither drained nor forgotten: that the owners are
   * equal says nothing of what it has accepted alone, and may still bring back.
   */
  private boolean isFormer(NodeId node) {
    return ring != null && ring.former().stream().anyMatch(member -> member.id().equals(node));
  }

  /**
   * A lane promises: every own entry behind {@code logEnd} is above the floor.
   *
   * @param clock own writes above that time know of what was adopted
   * @param adopted of the lane's shards, how much that was
   */
  public void promise(long logEnd, long floor, long clock, Map<Integer, Long> adopted) {
    adopted.forEach(
        (shard, known) -> {
          shards.get(shard).settles(clock, known);
          if (tailLostAt.isEmpty()) {
            shards.get(shard).promise(logEnd, floor);
          }
        });
  }

  /** Whether an owner's shard keeps something that a step would take out. */
  public void waits(int shard, boolean something) {
    shards.get(shard).waits(something);
  }

  /**
   * How far all owners have this node's logs.
   *
   * @param synced of each lane of this node's own logs, up to where
   * @param feeds how the feeds stand; those of a ring other than the one that is followed say
   *     nothing
   */
  public void synced(List<Long> synced, FeedStatus feeds) {
    if (ring == null || feeds.epoch() != ring.epoch()) {
      return;
    }
    Map<NodeId, FeedStatus.Peer> peers = new HashMap<>();
    feeds.peers().forEach(peer -> peers.put(peer.peer(), peer));
    for (int shard = 0; shard < shards.size(); shard++) {
      int lane = shard % lanes;
      long position = synced.get(lane);
      for (NodeId owner : ring.fed(shard)) {
        if (!owner.equals(self)) {
          FeedStatus.Peer peer = peers.get(owner);
          // What was given up a cursor has passed too.
          boolean whole = peer != null && peer.divergedSince().isEmpty();
          position = whole ? Math.min(position, peer.lanes().get(lane).cursor().synced()) : 0;
        }
      }
      shards.get(shard).syncedByAll(position);
    }
  }

  /**
   * Adopts, makes steps, takes steps.
   *
   * @param proven whether this node's copy of a shard is proven complete
   * @param ends where this node's logs end
   * @param synced up to where they are synced
   * @param leastAdvance see {@link ShardWatermark#advance}
   * @return the shards that have moved
   */
  public List<Move> turn(
      Predicate<Integer> proven, List<Long> ends, List<Long> synced, long leastAdvance) {
    List<Move> moves = new ArrayList<>();
    if (ring == null) {
      return moves;
    }
    for (int shard = 0; shard < shards.size(); shard++) {
      if (ring.fed(shard).contains(self)) {
        turn(shard, proven.test(shard), ends, synced, leastAdvance).ifPresent(moves::add);
      }
    }
    return moves;
  }

  /**
   * How far a shard has come.
   *
   * @param forget whether what it holds at or below the step must go
   */
  public record Move(int shard, long adopted, long step, boolean forget) {}

  private Optional<Move> turn(
      int shard, boolean proven, List<Long> ends, List<Long> synced, long leastAdvance) {
    ShardWatermark own = shards.get(shard);
    Optional<List<WatermarkRow>> rows = rows(shard);
    if (!proven) {
      wishes.remove(shard);
      long made =
          ring.fed(shard).stream()
              .map(heard::get)
              .filter(news -> news != null && news.rows().containsKey(shard))
              .mapToLong(news -> news.rows().get(shard).step())
              .max()
              .orElse(0);
      boolean forget = made > own.adopted();
      boolean moved = forget ? own.take(made) : own.advance(List.of(step(shard, made)), 1L << 62);
      return moved ? Optional.of(move(shard, forget)) : Optional.empty();
    }
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    long adoptedBefore = own.adopted();
    Wish wish = wishes.get(shard);
    if (wish != null && covers(synced, wish.ends())) {
      own.adopt(wish.watermark());
      wishes.remove(shard);
      wish = null;
    }
    if (wish == null && gone.isEmpty()) {
      own.candidate(rows.get())
          .ifPresent(watermark -> wishes.put(shard, new Wish(watermark, List.copyOf(ends))));
    }
    own.adoptedByAll(rows.get().stream().mapToLong(WatermarkRow::adopted).min().orElse(0));
    boolean moved = own.advance(rows(shard).orElseThrow(), leastAdvance);
    return moved || own.adopted() > adoptedBefore
        ? Optional.of(move(shard, false))
        : Optional.empty();
  }

  private Move move(int shard, boolean forget) {
    ShardWatermark own = shards.get(shard);
    return new Move(shard, own.adopted(), own.step(), forget);
  }

  private static WatermarkRow step(int shard, long step) {
    return new WatermarkRow(shard, 0, 0, 0, step, false);
  }

  private static boolean covers(List<Long> positions, List<Long> wanted) {
    for (int lane = 0; lane < wanted.size(); lane++) {
      if (positions.get(lane) < wanted.get(lane)) {
        return false;
      }
    }
    return true;
  }

  /** Of all owners, each by the ring that is followed here; empty where one is missing. */
  private Optional<List<WatermarkRow>> rows(int shard) {
    List<WatermarkRow> rows = new ArrayList<>();
    for (NodeId owner : ring.fed(shard)) {
      if (owner.equals(self)) {
        rows.add(shards.get(shard).row());
      } else {
        News news = heard.get(owner);
        if (news == null || news.epoch() != ring.epoch() || !news.rows().containsKey(shard)) {
          return Optional.empty();
        }
        rows.add(news.rows().get(shard));
      }
    }
    return Optional.of(rows);
  }

  /** What this node tells the others. */
  public List<WatermarkRow> rows() {
    return shards.stream().map(ShardWatermark::row).toList();
  }

  /**
   * The generation to store: while this node's log may lack its end the one before, so that a
   * restart finds out again.
   */
  public long savesAs(long generation) {
    return tailLostAt.isEmpty() ? generation : NO_GENERATION;
  }

  /** What is to be on the disk before the others are told. */
  public Stored toStore(long generation) {
    List<Limits> limits = new ArrayList<>();
    for (int shard = 0; shard < shards.size(); shard++) {
      ShardWatermark own = shards.get(shard);
      if (own.adopted() > 0) {
        limits.add(new Limits(shard, own.adopted(), own.step()));
      }
    }
    return new Stored(generation, List.copyOf(gone.keySet()), limits);
  }

  /**
   * For whom a shard waits that keeps something to be purged: who has not told, or has told the
   * least; nodes without a seat first.
   */
  public SortedSet<NodeId> heldBy(int shard) {
    SortedSet<NodeId> by = new TreeSet<>(gone.keySet());
    if (ring == null || !by.isEmpty()) {
      return by;
    }
    Map<NodeId, Long> told = new HashMap<>();
    for (NodeId owner : ring.fed(shard)) {
      News news = heard.get(owner);
      WatermarkRow row =
          owner.equals(self)
              ? shards.get(shard).row()
              : news == null ? null : news.rows().get(shard);
      told.put(owner, row == null ? 0 : Math.min(row.known(), row.settled()));
    }
    long least = told.values().stream().mapToLong(Long::longValue).min().orElse(0);
    told.forEach(
        (node, time) -> {
          if (time == least) {
            by.add(node);
          }
        });
    return by;
  }

  /** The step of a shard. */
  public long step(int shard) {
    return shards.get(shard).step();
  }

  /** Whether an owner of a shard keeps something that a step would take out. */
  public boolean waits(int shard) {
    return shards.get(shard).row().waiting();
  }
}
