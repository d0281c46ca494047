package io.kindred.reconcile.actor;

import io.kindred.reconcile.Roster;
import io.kindred.reconcile.RunEvent;
import io.kindred.reconcile.RunPlan;
import io.kindred.reconcile.RunReport;
import io.kindred.reconcile.RunState;
import io.kindred.reconcile.RunTable;
import io.kindred.reconcile.RunTally;
import io.kindred.reconcile.actor.Delivery.Delivered;
import io.kindred.reconcile.actor.Listing.Found;
import io.kindred.reconcile.actor.Narrower.Narrowed;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.Peers;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * One run, from its first question to its report. What follows what stands in {@link RunTable}; one
 * step is under way at a time, and its result comes back as a message.
 *
 * <p>The listener gets a RUNNING report after each step that changed something worth telling, and a
 * last one, COMPLETED or FAILED; then the actor stops. Should the actor itself fail there is no
 * last report: who depends on it watches it.
 */
public final class Run extends AbstractBehavior<Run.Command> {

  /** At most so many shards' digests fit one answer; {@link NodeProtocol} says the same. */
  private static final int SHARDS_AT_ONCE = 16;

  // Each portion costs a round trip, and a feed barrier where something is lacking; this many
  // leaves are some thousand elements, and in one message 16 KiB.
  private static final int LEAVES_AT_ONCE = 1024;

  /** What a run can be told. */
  public sealed interface Command {}

  /** Ends the run before its time: FAILED, since half a comparison proves nothing. */
  public enum Stop implements Command {
    STOP
  }

  private record SlotsCompared(Narrowed slots) implements Command {}

  private record LeavesFound(Narrowed leaves) implements Command {}

  private record LeavesListed(Found found) implements Command {}

  private record FeedsAwaited(SortedMap<NodeId, String> late) implements Command {}

  private record RecommendationsMerged(SortedMap<NodeId, Delivered> delivered) implements Command {}

  private record SlotsComparedAgain(Narrowed slots) implements Command {}

  private record StepFailed(Throwable failure) implements Command {}

  private final RunPlan plan;
  private final ActorRef<RunReport> listener;
  private final RunTally tally;
  private final Narrower narrower;
  private final Listing listing;
  private final Barrier barrier;
  private final Delivery delivery;

  private RunState state = RunState.COMPARING;
  private int shardAt;
  private List<Integer> shards = List.of();
  private Roster roster;
  private List<Integer> slots = List.of();
  private Map<Integer, Long> steps = Map.of();
  private List<Integer> leaves = List.of();
  private int leafAt;
  private Map<NodeId, Outbox> outboxes = new TreeMap<>();

  /**
   * Starts a run at once.
   *
   * @param listener gets the reports
   */
  public static Behavior<Command> create(RunPlan plan, Peers peers, ActorRef<RunReport> listener) {
    return create(plan, peers::node, listener);
  }

  /** The same, with the nodes found in another way than by their addresses. */
  public static Behavior<Command> create(
      RunPlan plan,
      Function<Member, ActorRef<NodeProtocol.Command>> nodes,
      ActorRef<RunReport> listener) {
    return Behaviors.setup(context -> new Run(context, plan, nodes, listener));
  }

  private Run(
      ActorContext<Command> context,
      RunPlan plan,
      Function<Member, ActorRef<NodeProtocol.Command>> nodes,
      ActorRef<RunReport> listener) {
    super(context);
    this.plan = plan;
    this.listener = listener;
    this.tally = new RunTally(plan, System.currentTimeMillis());
    ActorSystem<?> system = context.getSystem();
    Questions questions = new Questions(system, plan.ring(), nodes);
    this.narrower = new Narrower(questions, plan.answerWithin());
    this.listing = new Listing(system, questions, plan.answerWithin());
    this.barrier = new Barrier(questions, plan.answerWithin());
    this.delivery = new Delivery(system, questions, plan);
    compareNextShards();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(SlotsCompared.class, this::onSlotsCompared)
        .onMessage(LeavesFound.class, this::onLeavesFound)
        .onMessage(LeavesListed.class, this::onLeavesListed)
        .onMessage(FeedsAwaited.class, this::onFeedsAwaited)
        .onMessage(RecommendationsMerged.class, this::onRecommendationsMerged)
        .onMessage(SlotsComparedAgain.class, this::onSlotsComparedAgain)
        .onMessage(StepFailed.class, this::onStepFailed)
        .onMessage(Stop.class, stop -> fail(RunEvent.STOPPED, "stopped"))
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<Command> compareNextShards() {
    if (shardAt == plan.shards().size()) {
      return endOfPlan();
    }
    int end = Math.min(plan.shards().size(), shardAt + SHARDS_AT_ONCE);
    shards = plan.shards().subList(shardAt, end);
    shardAt = end;
    roster = tally.roster(shards);
    begin(narrower.slots(roster), SlotsCompared::new);
    return this;
  }

  private Behavior<Command> onSlotsCompared(SlotsCompared compared) {
    leaveOut(compared.slots().silent());
    compared.slots().damaged().forEach(tally::damaged);
    steps = compared.slots().steps();
    slots = stillCompared(compared.slots().cells());
    tally.compared(roster.byShard().size() * plan.ring().shards().slotsPerShard(), slots.size());
    if (slots.isEmpty()) {
      move(RunEvent.SHARDS_ALIKE);
      return endOfShards();
    }
    move(RunEvent.SLOTS_DIFFER);
    begin(narrower.leaves(roster, slots), LeavesFound::new);
    return this;
  }

  private List<Integer> stillCompared(List<Integer> some) {
    return some.stream().filter(slot -> !roster.ofSlot(slot).isEmpty()).toList();
  }

  private Behavior<Command> onLeavesFound(LeavesFound found) {
    leaveOut(found.leaves().silent());
    leaves = found.leaves().cells();
    leafAt = 0;
    if (leaves.isEmpty()) {
      move(RunEvent.LEAVES_ALIKE);
      return compareAgain();
    }
    move(RunEvent.LEAVES_DIFFER);
    return listNextLeaves();
  }

  private Behavior<Command> listNextLeaves() {
    if (leafAt == leaves.size()) {
      move(RunEvent.LEAVES_DONE);
      return compareAgain();
    }
    List<Integer> some = leaves.subList(leafAt, Math.min(leaves.size(), leafAt + LEAVES_AT_ONCE));
    begin(listing.read(roster, some, tally.targets()), LeavesListed::new);
    return this;
  }

  private Behavior<Command> onLeavesListed(LeavesListed listed) {
    Found found = listed.found();
    tally.listed(found.bytes());
    if (!found.broken().isEmpty()) {
      leaveOut(found.broken());
      move(RunEvent.LISTING_BROKE);
      return listNextLeaves();
    }
    leafAt = Math.min(leaves.size(), leafAt + LEAVES_AT_ONCE);
    if (found.outboxes().isEmpty()) {
      move(RunEvent.ELEMENTS_ALIKE);
      return listNextLeaves();
    }
    outboxes = found.outboxes();
    move(RunEvent.ELEMENTS_LACKING);
    begin(barrier.pass(roster, outboxes.keySet()), FeedsAwaited::new);
    return this;
  }

  private Behavior<Command> onFeedsAwaited(FeedsAwaited awaited) {
    awaited.late().forEach(tally::remark);
    move(awaited.late().isEmpty() ? RunEvent.FEEDS_ARRIVED : RunEvent.FEEDS_LATE);
    begin(delivery.deliver(outboxes, steps), RecommendationsMerged::new);
    return this;
  }

  private Behavior<Command> onRecommendationsMerged(RecommendationsMerged merged) {
    outboxes = new TreeMap<>();
    merged.delivered().forEach((node, delivered) -> delivered.enter(node, tally));
    move(RunEvent.MERGED);
    tell(RunReport.State.RUNNING, "");
    return listNextLeaves();
  }

  private Behavior<Command> compareAgain() {
    begin(narrower.slots(roster.ofSlots(slots)), SlotsComparedAgain::new);
    return this;
  }

  private Behavior<Command> onSlotsComparedAgain(SlotsComparedAgain compared) {
    leaveOut(compared.slots().silent());
    compared.slots().damaged().forEach(tally::damaged);
    tally.stillDiffering(
        (int) stillCompared(compared.slots().cells()).stream().filter(slots::contains).count());
    move(RunEvent.COMPARED_AGAIN);
    return endOfShards();
  }

  private Behavior<Command> endOfShards() {
    tally.done(shards);
    tell(RunReport.State.RUNNING, "");
    return compareNextShards();
  }

  private Behavior<Command> endOfPlan() {
    if (tally.comparedNothing()) {
      return fail(RunEvent.BROKE, "no shard had two participants that answered");
    }
    move(RunEvent.PLAN_DONE);
    tell(RunReport.State.COMPLETED, "");
    return Behaviors.stopped();
  }

  private Behavior<Command> onStepFailed(StepFailed failed) {
    Throwable cause = Questions.unwrapped(failed.failure());
    getContext().getLog().error("run {} cannot go on", plan.id(), cause);
    return fail(RunEvent.BROKE, cause.toString());
  }

  private Behavior<Command> fail(RunEvent event, String reason) {
    move(event);
    tell(RunReport.State.FAILED, reason);
    return Behaviors.stopped();
  }

  private Behavior<Command> onPostStop() {
    listing.stop();
    outboxes.values().forEach(Outbox::close);
    return this;
  }

  private <T> void begin(CompletionStage<T> step, Function<T, Command> done) {
    getContext()
        .pipeToSelf(
            step,
            (result, failure) -> failure == null ? done.apply(result) : new StepFailed(failure));
  }

  private void leaveOut(Map<NodeId, String> gone) {
    gone.forEach(
        (node, why) -> {
          getContext().getLog().warn("run {} goes on without {}: {}", plan.id(), node, why);
          tally.skip(node, why);
        });
    roster = roster.without(gone.keySet());
  }

  private void move(RunEvent event) {
    RunTable.Row row = RunTable.move(state, event);
    getContext()
        .getLog()
        .debug("run {}: {} -> {} on {}: {}", plan.id(), state, row.to(), event, row.because());
    state = row.to();
  }

  private void tell(RunReport.State now, String reason) {
    listener.tell(tally.report(now, System.currentTimeMillis(), reason));
  }
}
