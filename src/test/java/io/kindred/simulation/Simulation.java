package io.kindred.simulation;

import io.kindred.entry.Key;
import io.kindred.reconcile.RunPlan;
import io.kindred.reconcile.RunReport;
import io.kindred.ring.Founding;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.Shards;
import io.kindred.storage.Shard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.IntStream;

/** One run of a whole cluster: clients and faults for a while, then peace, then rest. */
final class Simulation implements AutoCloseable {

  private static final long FAULTS_MICROS = 12_000_000;
  private static final long REST_WITHIN_MICROS = 120_000_000;
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(400);

  private final SimulationPlan plan;
  private final List<Invariant> invariants;
  private final Scheduler scheduler;
  private final FakeNetwork network;
  private final Ledger ledger = new Ledger();
  private final Map<NodeId, SimulatedNode> nodes = new LinkedHashMap<>();
  private final Ring ring;
  private final Workload workload;
  private final Map<Happening, Integer> happened = new EnumMap<>(Happening.class);
  private long faultsUntil;
  private int runs;
  private long events;
  private RunReport lastReport;

  Simulation(long seed, SimulationPlan plan, List<Invariant> invariants) {
    this.plan = plan;
    this.invariants = List.copyOf(invariants);
    this.scheduler = new Scheduler(seed);
    this.network = new FakeNetwork(scheduler, 0.02, 0.02);
    this.workload = new Workload(scheduler.random());
    this.ring = found();
    for (Member member : ring.members()) {
      nodes.put(member.id(), new SimulatedNode(this, member, scheduler.between(-200, 200)));
    }
  }

  private Ring found() {
    List<Member> members = new ArrayList<>();
    List<String> racks =
        IntStream.rangeClosed(1, SimulationPlan.RACKS).mapToObj(i -> "r" + i).toList();
    for (String rack : racks) {
      for (int i = 1; i <= plan.nodesPerRack(); i++) {
        int number = members.size() + 1;
        NodeId id = new NodeId("node-" + number, number);
        members.add(new Member(id, rack, "host", 7100 + number, 8100 + number, 9100 + number));
      }
    }
    Founding founding =
        new Founding("dc", racks, plan.nodesPerRack(), new Shards(SimulationPlan.SHARDS));
    return ((Founding.Ready) founding.with(members, scheduler.random().nextLong())).ring();
  }

  /** Runs it to its end; throws the first {@link Violation}. */
  void run() {
    nodes.values().forEach(SimulatedNode::start);
    // Now and then hardly a node serves, and clients get next to nothing done.
    do {
      writeAmongFaults();
    } while (ledger.acknowledged() <= plan.clientCommands() / 10);
    network.heal();
    for (SimulatedNode node : nodes.values()) {
      node.disks().makeRoom();
      node.disks().mend();
      startAgainIfAsked(node);
      if (!node.isUp()) {
        node.start();
      }
    }
    comeToRest();
    if (plan.repairs() && anythingWasGivenUp()) {
      repairUntilEqual();
    }
    invariants.forEach(invariant -> invariant.atRest(this));
  }

  private void writeAmongFaults() {
    faultsUntil = scheduler.micros() + FAULTS_MICROS;
    for (int i = 0; i < plan.clientCommands(); i++) {
      scheduler.after(scheduler.between(0, FAULTS_MICROS), this::command);
    }
    scheduler.after(scheduler.between(0, 2_000_000), this::fault);
    if (plan.disksFail()) {
      scheduler.after(scheduler.between(0, 2_000_000), this::diskFault);
    }
    if (plan.repairs()) {
      scheduler.after(scheduler.between(0, 6_000_000), this::reconcile);
    }
    runUntil(faultsUntil);
  }

  private void command() {
    List<String> words = workload.next();
    List<SimulatedNode> owners = owners(Key.of(Workload.bytes(words)[1]));
    SimulatedNode owner = anyOf(owners);
    // A client that is refused tries once more.
    (owner.isServing() ? owner : anyOf(owners)).execute(words);
    if (scheduler.chance(0.4)) {
      Key other = Key.of(Workload.bytes(workload.next())[1]);
      anyOf(owners(other)).show(other);
    }
  }

  private void fault() {
    if (scheduler.micros() >= faultsUntil) {
      return;
    }
    List<SimulatedNode> all = List.copyOf(nodes.values());
    SimulatedNode node = anyOf(all);
    long outage = scheduler.between(5_000, 2_500_000);
    switch (scheduler.random().nextInt(plan.powerFails() ? 6 : 4)) {
      case 0, 1 -> down(node, false, outage);
      case 2 -> cutOff(node, all, outage);
      case 3 -> {
        SimulatedNode other = anyOf(all);
        network.cut(node.id(), other.id());
        scheduler.after(outage, () -> network.join(node.id(), other.id()));
      }
      case 4 -> down(node, true, outage);
      default -> all.forEach(each -> down(each, true, outage));
    }
    scheduler.after(scheduler.between(100_000, 2_500_000), this::fault);
  }

  /**
   * One node's disks are full, or fail to sync, for a while; whatever else befalls it meanwhile.
   */
  private void diskFault() {
    if (scheduler.micros() >= faultsUntil) {
      return;
    }
    SimulatedNode node = anyOf(List.copyOf(nodes.values()));
    SimulatedDisks disks = node.disks();
    if (scheduler.random().nextInt(3) > 0) {
      disks.fill();
      scheduler.after(scheduler.between(20_000, 1_500_000), disks::makeRoom);
    } else {
      disks.failSyncs();
      scheduler.after(
          scheduler.between(20_000, 1_500_000),
          () -> {
            disks.mend();
            scheduler.after(scheduler.between(0, 500_000), () -> startAgainIfAsked(node));
          });
    }
    scheduler.after(scheduler.between(300_000, 4_000_000), this::diskFault);
  }

  /** What an operator does who has read why a node takes no writes. */
  private void startAgainIfAsked(SimulatedNode node) {
    if (node.asksForAnotherStart()) {
      happened(Happening.STARTED_AGAIN_AFTER_FAILED_SYNC);
      node.kill();
      node.start();
    }
  }

  private <T> T anyOf(List<T> some) {
    return some.get(scheduler.random().nextInt(some.size()));
  }

  private void down(SimulatedNode node, boolean power, long outage) {
    if (!node.isUp()) {
      return;
    }
    if (power) {
      node.losePower();
    } else {
      node.kill();
    }
    int boot = node.boot();
    scheduler.after(
        outage,
        () -> {
          if (!node.isUp() && node.boot() == boot) {
            node.start();
          }
        });
  }

  private void cutOff(SimulatedNode node, List<SimulatedNode> all, long outage) {
    if (node.disks().areFaulty()) {
      happened(Happening.CUT_OFF_WHILE_DISK_FAILED);
    }
    for (SimulatedNode other : all) {
      if (other != node) {
        network.cut(node.id(), other.id());
        network.cut(other.id(), node.id());
        scheduler.after(
            outage,
            () -> {
              network.join(node.id(), other.id());
              network.join(other.id(), node.id());
            });
      }
    }
  }

  private void reconcile() {
    if (scheduler.micros() >= faultsUntil) {
      return;
    }
    nodes.values().stream()
        .filter(SimulatedNode::isUp)
        .findFirst()
        .ifPresent(engine -> run(engine, nodes.keySet(), report -> {}));
    scheduler.after(scheduler.between(1_000_000, 6_000_000), this::reconcile);
  }

  /**
   * Compares a returning node with the other owners until a run proves it complete.
   *
   * <p>Not before all of them have heard its feeds. Until then one of them may still take something
   * that an earlier boot had sent and then lost with its disk's tail: the comparison would find the
   * two equal, and the late arrival would make them differ.
   *
   * <p>And it repairs all of them, not the returning node alone. What that node had sent to one
   * peer, not yet to another, and then lost, no feed will bring to the other.
   */
  void prove(SimulatedNode node) {
    if (!plan.repairs()) {
      node.serveFromNowOn();
      return;
    }
    int boot = node.boot();
    if (!node.feeds().stream().allMatch(SimulatedFeed::isOpen)) {
      scheduler.after(20_000, () -> proveAgain(node, boot));
      return;
    }
    run(
        node,
        nodes.keySet(),
        report -> {
          if (!node.isUp() || node.boot() != boot) {
            return;
          }
          if (report.provesComplete(node.id())) {
            node.serveFromNowOn();
          } else {
            scheduler.after(50_000, () -> proveAgain(node, boot));
          }
        });
  }

  private void proveAgain(SimulatedNode node, int boot) {
    if (node.isUp() && node.boot() == boot) {
      prove(node);
    }
  }

  private void run(
      SimulatedNode engine,
      Collection<NodeId> targets,
      java.util.function.Consumer<RunReport> whenDone) {
    RunPlan run =
        new RunPlan(
            "run-" + ++runs,
            ring,
            IntStream.range(0, SimulationPlan.SHARDS)
                .filter(shard -> targets.stream().anyMatch(ring.owners(shard)::contains))
                .boxed()
                .toList(),
            List.copyOf(nodes.keySet()),
            List.copyOf(targets),
            ANSWER_WITHIN);
    long startedAt = millis();
    int boot = engine.boot();
    new SimulatedRun(
            this,
            engine,
            run,
            report -> {
              if (engine.isUp() && engine.boot() == boot) {
                tellWhole(engine, report, startedAt);
              }
              whenDone.accept(report);
            })
        .start();
  }

  private void tellWhole(SimulatedNode engine, RunReport report, long startedAt) {
    SortedSet<NodeId> whole = report.whole();
    for (NodeId id : whole) {
      engine.send(id, there -> there.watermark().reconciled(whole, startedAt));
    }
  }

  Collection<SimulatedNode> nodes() {
    return nodes.values();
  }

  private void comeToRest() {
    long deadline = scheduler.micros() + REST_WITHIN_MICROS;
    do {
      if (scheduler.micros() > deadline) {
        throw new AssertionError("does not come to rest: " + restlessness());
      }
      // Longer than any commit waits, so that what was appended is in the logs.
      runUntil(scheduler.micros() + 100_000);
    } while (!isAtRest());
  }

  private boolean isAtRest() {
    boolean arrived =
        nodes.values().stream()
            .allMatch(
                node -> node.isServing() && node.feeds().stream().allMatch(SimulatedFeed::isDone));
    return arrived
        && areAtOneStep()
        && nodes.values().stream().noneMatch(n -> n.watermark().sweep());
  }

  private boolean areAtOneStep() {
    for (int shard = 0; shard < ring.shards().count(); shard++) {
      Set<Long> steps = new HashSet<>();
      for (SimulatedNode owner : owners(shard)) {
        steps.add(owner.shard(shard).step());
      }
      if (steps.size() > 1 || steps.contains(Shard.PURGING)) {
        return false;
      }
    }
    return true;
  }

  private String restlessness() {
    return nodes.values().stream()
        .map(
            node ->
                node.id()
                    + (node.isServing() ? " serves" : " does not serve")
                    + node.feeds().stream().map(SimulatedFeed::cursor).toList())
        .toList()
        .toString();
  }

  private boolean anythingWasGivenUp() {
    return nodes.values().stream().anyMatch(SimulatedNode::hasDivergedPeers);
  }

  /** A feed has given something up: one run brings it, and the next finds nothing to do. */
  private void repairUntilEqual() {
    SimulatedNode engine = nodes.values().iterator().next();
    for (int i = 0; i < 2; i++) {
      lastReport = null;
      run(engine, nodes.keySet(), report -> lastReport = report);
      long deadline = scheduler.micros() + REST_WITHIN_MICROS;
      while (lastReport == null && scheduler.micros() < deadline) {
        runUntil(scheduler.micros() + 100_000);
      }
      comeToRest();
    }
    if (lastReport == null || !nodes.keySet().stream().allMatch(lastReport::provesComplete)) {
      throw new AssertionError("the second run still had something to repair: " + lastReport);
    }
  }

  private void runUntil(long micros) {
    scheduler.after(micros - scheduler.micros(), () -> {});
    while (scheduler.micros() < micros && scheduler.step()) {
      // each step is one event; what it touched has been checked
      events++;
    }
  }

  /** Something about a key has changed at a node. */
  void touched(SimulatedNode node, Key key) {
    invariants.forEach(invariant -> invariant.afterEvent(this, node, key));
  }

  /** A node has read what is on its disk. */
  void started(SimulatedNode node) {
    invariants.forEach(invariant -> invariant.afterStart(this, node));
  }

  void happened(Happening what) {
    happened.merge(what, 1, Integer::sum);
  }

  /** What happened, and how often. */
  Map<Happening, Integer> happenings() {
    return happened;
  }

  /** The owners of a key, one a rack. */
  List<SimulatedNode> owners(Key key) {
    return owners(ring.shards().shardOf(key.slot()));
  }

  List<SimulatedNode> owners(int shard) {
    return ring.owners(shard).stream().map(nodes::get).toList();
  }

  SimulatedNode node(NodeId id) {
    return nodes.get(id);
  }

  SimulationPlan plan() {
    return plan;
  }

  Ring ring() {
    return ring;
  }

  Ledger ledger() {
    return ledger;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  FakeNetwork network() {
    return network;
  }

  long millis() {
    return scheduler.millis();
  }

  /** What happened, for a look at whether a run is worth its time. */
  String summary() {
    return "%d commands answered, %d events, %d messages lost and %d repeated, %d runs, %d boots, %s"
        .formatted(
            ledger.acknowledged(),
            events,
            network.lost(),
            network.repeated(),
            runs,
            nodes.values().stream().mapToInt(SimulatedNode::boot).sum(),
            happened);
  }

  @Override
  public void close() {
    nodes.values().stream().filter(SimulatedNode::isUp).forEach(SimulatedNode::kill);
  }
}
