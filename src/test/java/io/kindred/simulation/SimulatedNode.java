package io.kindred.simulation;

import io.kindred.command.Commands;
import io.kindred.command.Reply;
import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Origin;
import io.kindred.entry.Version;
import io.kindred.reconcile.Narrowing;
import io.kindred.replication.Cursor;
import io.kindred.replication.FeedFilter;
import io.kindred.replication.FeedStart;
import io.kindred.replication.Watermarks;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Shards;
import io.kindred.storage.LogFailedException;
import io.kindred.storage.MergeOutcome;
import io.kindred.storage.Merging;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One node: what is on its disk stays, the rest is built anew at each start. It serves once a run
 * has proven its copy complete, as in life.
 */
final class SimulatedNode {

  static final int LANES = 2;
  static final long EPOCH = 1;

  /** How far ahead of the clock its bound on disk is kept. */
  private static final long BOUND_AHEAD_MILLIS = 1000;

  private static final long START_AGAIN_MICROS = 300_000;
  private static final long MERGE_AGAIN_MICROS = 200_000;

  private static final List<String> EXPECTED_FAILURES =
      List.of(
          "WRONGTYPE", "ERR value is not an integer", "ERR no such key", "ERR index out of range");

  private record Link(NodeId peer, int lane) {}

  private final Simulation simulation;
  private final Member member;
  private final long skewMillis;

  // On disk.
  private final SimulatedDisks disks;
  private final List<SimulatedLane> lanes = new ArrayList<>();
  private final Map<Link, Cursor> storedCursors = new HashMap<>();
  private final Set<Link> diverged = new HashSet<>();
  private Watermarks.Stored storedWatermarks = Watermarks.Stored.NOTHING;
  private long clockBound;
  private int boot;

  // In memory.
  private boolean up;
  private boolean serving;
  private final List<Shard> shards = new ArrayList<>();
  private final Map<Link, SimulatedFeed> feeds = new LinkedHashMap<>();
  private SimulatedInbox inbox;
  private SimulatedWatermark watermark;
  private SimulatedSnapshots snapshots;
  private long sessions;

  SimulatedNode(Simulation simulation, Member member, long skewMillis) {
    this.simulation = simulation;
    this.member = member;
    this.skewMillis = skewMillis;
    this.disks =
        new SimulatedDisks(
            simulation.scheduler(), LANES, simulation.plan().sabotage() == Sabotage.DISKS_LIE);
    for (int lane = 0; lane < LANES; lane++) {
      lanes.add(new SimulatedLane(simulation, this, lane));
    }
  }

  NodeId id() {
    return member.id();
  }

  int boot() {
    return boot;
  }

  boolean isUp() {
    return up;
  }

  boolean isServing() {
    return up && serving;
  }

  /** Its own idea of the time. */
  long millis() {
    return simulation.millis() + skewMillis;
  }

  /** A clock that no skew and no restart touches, for waits. */
  long monotonicMillis() {
    return simulation.millis();
  }

  /** Every stop here is an unclean one. */
  long generation() {
    return boot;
  }

  /**
   * Starts with what is on disk; serves at once only where there never was anything. A start that
   * fails is tried again a little later, as whoever runs a node has it done.
   */
  void start() {
    boot++;
    up = true;
    serving = boot == 1;
    sessions = 0;
    int thisBoot = boot;
    try {
      openDisks();
    } catch (IOException failed) {
      simulation.happened(Happening.START_FAILED);
      up = false;
      simulation.scheduler().after(START_AGAIN_MICROS, () -> startAgain(thisBoot));
      return;
    }
    inbox = new SimulatedInbox(this, simulation.scheduler().random().nextLong());
    startFeeds(simulation.ring());
    watermark = new SimulatedWatermark(simulation, this, lanes, storedWatermarks);
    simulation.scheduler().after(0, () -> tick(thisBoot));
    simulation.started(this);
    if (!serving) {
      simulation.prove(this);
    }
  }

  private void startAgain(int ofBoot) {
    if (!up && boot == ofBoot) {
      start();
    }
  }

  private void openDisks() throws IOException {
    Ring ring = simulation.ring();
    Shards layout = ring.shards();
    List<ShardStore> stores = new ArrayList<>();
    for (int shard = 0; shard < layout.count(); shard++) {
      stores.add(new ShardStore(layout.firstSlot(shard), layout.lastSlot(shard), ring.id()));
    }
    Merging merging = new Merging(stores);
    snapshots = new SimulatedSnapshots(simulation, this, lanes, disks, merging);
    for (SimulatedLane lane : lanes) {
      lane.open(disks.log(lane.number()), snapshots.bounds(lane.number()), merging);
    }
    snapshots.started();
    long origin = new Origin(id().store(), boot).bits();
    List<HybridClock> clocks = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      clocks.add(new HybridClock(this::millis, this::raiseBoundAbove, clockBound));
    }
    shards.clear();
    for (int shard = 0; shard < layout.count(); shard++) {
      int lane = laneOf(shard);
      ShardStore store = stores.get(shard);
      Shard own = new Shard(shard, store, lanes.get(lane), clocks.get(lane), this::millis, origin);
      own.adopt(storedWatermarks.limits(shard).adopted());
      own.purgeUpTo(storedWatermarks.limits(shard).step());
      shards.add(own);
    }
  }

  private void startFeeds(Ring ring) {
    feeds.clear();
    for (Member peer : ring.members()) {
      FeedFilter filter = FeedFilter.of(ring, peer.id());
      if (peer.id().equals(id()) || !sharesAShard(ring, peer)) {
        continue;
      }
      for (int lane = 0; lane < LANES; lane++) {
        Link link = new Link(peer.id(), lane);
        SimulatedLane log = lanes.get(lane);
        FeedStart start =
            FeedStart.known(
                Optional.ofNullable(storedCursors.get(link)),
                new FeedStart.Log(generation(), log.oldest(), log.recoveredEnd(), log.end()));
        feeds.put(
            link,
            new SimulatedFeed(
                this,
                peer.id(),
                lane,
                log,
                start,
                filter,
                simulation.plan().feed(),
                () -> ((long) boot << 32) + ++sessions));
      }
    }
  }

  private boolean sharesAShard(Ring ring, Member peer) {
    return ring.ownedBy(peer.id()).stream().anyMatch(shard -> ring.ownedBy(id()).contains(shard));
  }

  /** The bound lies on the same disks. */
  private long raiseBoundAbove(long time) {
    if (disks.isFull()) {
      throw new UncheckedIOException(new IOException("No space left on device"));
    }
    clockBound = Math.max(clockBound, time + HybridClock.ofMillis(BOUND_AHEAD_MILLIS));
    return clockBound;
  }

  /** Now and then: feeds ask, inboxes tell, cursors are stored. */
  private void tick(int ofBoot) {
    if (!isUp() || boot != ofBoot) {
      return;
    }
    feeds.values().forEach(feed -> feed.pump(true));
    inbox.tick();
    feeds.forEach(
        (link, feed) -> {
          if (feed.isDiverged()) {
            diverged.add(link);
          }
        });
    if (!disks.isFull() && simulation.scheduler().chance(0.2)) {
      feeds.forEach((link, feed) -> storedCursors.put(link, feed.cursor()));
    }
    if (simulation.scheduler().chance(0.3)) {
      snapshots.step();
    }
    if (simulation.scheduler().chance(0.3)) {
      watermark.tick(!disks.areFaulty());
    }
    simulation.scheduler().after(20_000, () -> tick(ofBoot));
  }

  /** The process ends; the disk keeps what was written. */
  void kill() {
    up = false;
    feeds.values().forEach(SimulatedFeed::close);
  }

  /** The machine ends; the disk keeps what was forced, and some of the rest. */
  void losePower() {
    kill();
    for (SimulatedLane lane : lanes) {
      simulation.ledger().forgive(id(), lane.number(), lane.synced());
    }
    if (disks.areFaulty()) {
      simulation.happened(Happening.POWER_CUT_WHILE_DISK_FAILED);
    }
    disks.losePower();
  }

  SimulatedWatermark watermark() {
    return watermark;
  }

  /** What a restart finds. */
  void store(Watermarks.Stored watermarks) {
    storedWatermarks = watermarks;
  }

  SimulatedDisks disks() {
    return disks;
  }

  /** Whether a log says that nothing but another start will help it. */
  boolean asksForAnotherStart() {
    return up && lanes.stream().anyMatch(lane -> isSyncFailure(lane.failure()));
  }

  private static boolean isSyncFailure(String reason) {
    return reason != null && reason.contains("start the node again");
  }

  /** What the last start could not read of what it was to find. */
  List<String> damages() {
    return snapshots.damages();
  }

  void serveFromNowOn() {
    serving = true;
  }

  /** Runs a client's command, if this node serves; the ledger learns what comes of it. */
  void execute(List<String> words) {
    if (!isServing()) {
      return;
    }
    Key key = Key.of(Workload.bytes(words)[1]);
    Shard shard = shard(key);
    SimulatedLane lane = laneOf(key);
    List<Element> made = lane.recording(() -> run(shard, words));
    if (made.isEmpty()) {
      return;
    }
    Ledger.Issue issue =
        new Ledger.Issue(
            id(), key, String.join(" ", words), Workload.increment(words), made, lane.number());
    simulation.ledger().add(issue);
    lane.afterCommit(() -> acknowledge(issue), reason -> refuse(issue));
    simulation.touched(this, key);
  }

  private void acknowledge(Ledger.Issue issue) {
    issue.certainty = Ledger.Certainty.ACKNOWLEDGED;
    issue.logEnd = lanes.get(issue.lane).answeredEnd();
    simulation.touched(this, issue.key);
  }

  /** The log could not take what is in memory; answered as a lane does. */
  private void refuse(Ledger.Issue issue) {
    boolean lies = simulation.plan().sabotage() == Sabotage.FAILED_WRITES_ARE_ACKNOWLEDGED;
    if (lies || !lanes.get(issue.lane).heldBack().holds(issue.key)) {
      acknowledge(issue);
    } else {
      simulation.happened(Happening.WRITE_LEFT_IN_DOUBT);
    }
  }

  /** Shows a client what there is of a key, if this node serves; as a lane does. */
  void show(Key key) {
    if (!isServing()) {
      return;
    }
    SimulatedLane lane = laneOf(key);
    List<Element> seen = listing(key);
    Runnable answer =
        () -> simulation.ledger().show(id(), key, seen, lane.number(), lane.answeredEnd());
    boolean lies = simulation.plan().sabotage() == Sabotage.NOTHING_IS_HELD_BACK;
    lane.afterCommit(
        answer,
        reason -> {
          if (!lies && lane.heldBack().holds(key)) {
            simulation.happened(Happening.READ_HELD_BACK);
          } else {
            simulation.happened(Happening.READ_ANSWERED_BY_FAILING_LOG);
            answer.run();
          }
        });
  }

  private void run(Shard shard, List<String> words) {
    byte[][] args = Workload.bytes(words);
    Reply reply;
    try {
      reply = Commands.inShard(args[0]).orElseThrow().run(shard, args);
    } catch (LogFailedException | UncheckedIOException refused) {
      simulation.happened(
          isSyncFailure(shard.failure())
              ? Happening.WRITE_REFUSED_FOR_SYNC
              : Happening.WRITE_REFUSED_FOR_ROOM);
      return;
    }
    if (reply instanceof Reply.Failure failure
        && EXPECTED_FAILURES.stream().noneMatch(failure.text()::startsWith)) {
      throw new IllegalStateException(words + " answered " + failure.text());
    }
  }

  /** Merges what a feed brought; or does worse, where the run is sabotaged. */
  private void mergeFromFeed(Element element) {
    Shard shard = shard(element.key());
    Element arrived = element;
    switch (simulation.plan().sabotage()) {
      case REMOVALS_STAY_AT_HOME -> {
        if (element.isTombstone() || element.kind() == Element.Kind.CLEAR) {
          return;
        }
      }
      case ARRIVALS_ARE_STAMPED_ANEW -> arrived = stampedAnew(shard, element);
      case CONTRIBUTIONS_ARE_ADDED_AGAIN -> arrived = addedAgain(shard, element);
      case NONE,
          DISKS_LIE,
          FEED_LEAKS,
          FAILED_WRITES_ARE_ACKNOWLEDGED,
          NOTHING_IS_HELD_BACK,
          LOGS_ARE_CUT_TOO_FAR,
          PURGED_BY_AGE -> {}
    }
    if (shard.mergeFed(arrived).changed()) {
      simulation.touched(this, element.key());
    }
  }

  /**
   * Merges what a feed brought; {@code done} runs once all of it is committed. What a failing log
   * does not take is merged again later, as nobody was told that it was.
   */
  void mergeFromFeed(List<Element> elements, Runnable done) {
    int ofBoot = boot;
    boolean[] refused = new boolean[1];
    Runnable again =
        () -> {
          if (!refused[0]) {
            refused[0] = true;
            simulation.happened(Happening.MERGE_REFUSED);
            simulation
                .scheduler()
                .after(MERGE_AGAIN_MICROS, () -> mergeAgain(ofBoot, elements, done));
          }
        };
    try {
      elements.forEach(this::mergeFromFeed);
    } catch (LogFailedException failed) {
      again.run();
      return;
    }
    List<SimulatedLane> touched =
        elements.stream().map(element -> laneOf(element.key())).distinct().toList();
    afterCommit(touched, done, again);
  }

  private void mergeAgain(int ofBoot, List<Element> elements, Runnable done) {
    if (up && boot == ofBoot) {
      mergeFromFeed(elements, done);
    }
  }

  private static Element stampedAnew(Shard shard, Element element) {
    if (element.kind().isCount()) {
      return element;
    }
    return new Element(
        element.key(),
        element.kind(),
        element.part(),
        shard.stamp(element.key(), shard.now()),
        element.value(),
        element.number(),
        element.base());
  }

  private Element addedAgain(Shard shard, Element element) {
    if (element.kind() != Element.Kind.COUNT) {
      return element;
    }
    Version version = shard.stamp(element.key(), shard.now());
    long own = shard.store().contribution(element.key(), version.origin(), element.base());
    return Element.count(element.key(), version, element.base(), own + element.number());
  }

  /** Whether what has just arrived is to be thrown away. */
  boolean leaks() {
    return simulation.plan().sabotage() == Sabotage.FEED_LEAKS
        && simulation.scheduler().chance(0.1);
  }

  MergeOutcome mergeRecommended(Element element) {
    MergeOutcome outcome = shard(element.key()).merge(element);
    if (outcome.changed()) {
      simulation.touched(this, element.key());
    }
    return outcome;
  }

  /** Runs something once all that every lane has got so far is committed; never if it cannot be. */
  void afterCommitOfAllLanes(Runnable action) {
    afterCommit(lanes, action, () -> simulation.happened(Happening.MERGE_REFUSED));
  }

  /** Runs one of the two; the second may run more than once. */
  private static void afterCommit(List<SimulatedLane> lanes, Runnable done, Runnable failed) {
    if (lanes.isEmpty()) {
      done.run();
      return;
    }
    int[] left = {lanes.size()};
    for (SimulatedLane lane : lanes) {
      lane.afterCommit(
          () -> {
            if (--left[0] == 0) {
              done.run();
            }
          },
          reason -> failed.run());
    }
  }

  /** Below this no feed needs a lane's log again, not even after a restart. */
  long fedUpTo(int lane) {
    long least = Long.MAX_VALUE;
    for (Link link : feeds.keySet()) {
      if (link.lane() == lane) {
        Cursor stored = storedCursors.get(link);
        boolean known = stored != null && stored.generation() == generation();
        least = Math.min(least, known ? stored.synced() : 0);
      }
    }
    return least;
  }

  /** A lane has committed: what wakes the feeds. */
  void committed(int lane) {
    feeds.forEach(
        (link, feed) -> {
          if (link.lane() == lane) {
            feed.pump(false);
          }
        });
  }

  /** Sends something to a peer, which takes it if it is up when it arrives. */
  void send(NodeId peer, Consumer<SimulatedNode> arrival) {
    SimulatedNode there = simulation.node(peer);
    int sentBy = boot;
    simulation
        .network()
        .send(
            id(),
            peer,
            () -> {
              if (there.isUp() && (sentBy == boot || !peer.equals(id()))) {
                arrival.accept(there);
              }
            });
  }

  SimulatedFeed feed(NodeId peer, int lane) {
    return feeds.get(new Link(peer, lane));
  }

  Collection<SimulatedFeed> feeds() {
    return feeds.values();
  }

  /** Whether any of its feeds ever gave something up. */
  boolean hasDivergedPeers() {
    return !diverged.isEmpty() || feeds.values().stream().anyMatch(SimulatedFeed::isDiverged);
  }

  SimulatedInbox inbox() {
    return inbox;
  }

  long[] logEnds() {
    return lanes.stream().mapToLong(SimulatedLane::end).toArray();
  }

  long[] syncedEnds() {
    return lanes.stream().mapToLong(SimulatedLane::synced).toArray();
  }

  Shard shard(int number) {
    return shards.get(number);
  }

  Shard shard(Key key) {
    return shard(simulation.ring().shards().shardOf(key.slot()));
  }

  private static int laneOf(int shard) {
    return shard % LANES;
  }

  Map<Integer, long[]> slotDigests(List<Integer> ofShards) {
    Map<Integer, long[]> rows = new HashMap<>();
    Shards layout = simulation.ring().shards();
    for (int shard : ofShards) {
      long[] row = new long[layout.slotsPerShard()];
      for (int i = 0; i < row.length; i++) {
        row[i] = shard(shard).store().digests().slot(layout.firstSlot(shard) + i);
      }
      rows.put(shard, row);
    }
    return rows;
  }

  /** The steps that the digests of some shards are of. */
  Map<Integer, Long> steps(List<Integer> ofShards) {
    Map<Integer, Long> steps = new HashMap<>();
    ofShards.forEach(shard -> steps.put(shard, shard(shard).step()));
    return steps;
  }

  Map<Integer, long[]> branchDigests(List<Integer> slots) {
    Map<Integer, long[]> rows = new HashMap<>();
    for (int slot : slots) {
      if (owns(slot)) {
        rows.put(slot, ofSlot(slot).store().digests().branches(slot).clone());
      }
    }
    return rows;
  }

  Map<Integer, long[]> leafDigests(List<Integer> branches) {
    Map<Integer, long[]> rows = new HashMap<>();
    for (int branch : branches) {
      int slot = Narrowing.slotOfBranch(branch);
      if (owns(slot)) {
        rows.put(
            branch, ofSlot(slot).store().digests().leaves(slot, branch % Narrowing.WIDTH).clone());
      }
    }
    return rows;
  }

  /** All elements of some leaves, as a stream would list them. */
  List<Element> listing(List<Integer> leaves) {
    List<Element> elements = new ArrayList<>();
    for (int leaf : leaves) {
      int slot = Narrowing.slotOfLeaf(leaf);
      if (owns(slot)) {
        ofSlot(slot).store().forEachElement(slot, leaf % Narrowing.LEAVES_PER_SLOT, elements::add);
      }
    }
    return elements;
  }

  /** All elements of a shard. */
  List<Element> listing(int shard) {
    Shards layout = simulation.ring().shards();
    List<Element> elements = new ArrayList<>();
    for (int slot = layout.firstSlot(shard); slot <= layout.lastSlot(shard); slot++) {
      if (shard(shard).store().digests().slot(slot) != 0) {
        for (int leaf = 0; leaf < Narrowing.LEAVES_PER_SLOT; leaf++) {
          shard(shard).store().forEachElement(slot, leaf, elements::add);
        }
      }
    }
    elements.sort(Element::comparePlace);
    return elements;
  }

  /** All elements of a key. */
  List<Element> listing(Key key) {
    List<Element> elements = new ArrayList<>();
    shard(key)
        .store()
        .forEachElement(
            key.slot(),
            key.leaf(),
            element -> {
              if (element.key().equals(key)) {
                elements.add(element);
              }
            });
    return elements;
  }

  boolean owns(Key key) {
    return owns(key.slot());
  }

  private SimulatedLane laneOf(Key key) {
    return lanes.get(laneOf(shard(key).number()));
  }

  private boolean owns(int slot) {
    return simulation.ring().ownedBy(id()).contains(simulation.ring().shards().shardOf(slot));
  }

  private Shard ofSlot(int slot) {
    return shard(simulation.ring().shards().shardOf(slot));
  }
}
