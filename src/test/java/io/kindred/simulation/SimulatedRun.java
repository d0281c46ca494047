package io.kindred.simulation;

import static io.kindred.reconcile.RunState.BARRIER;
import static io.kindred.reconcile.RunState.COMPARING;
import static io.kindred.reconcile.RunState.COMPLETED;
import static io.kindred.reconcile.RunState.LISTING;
import static io.kindred.reconcile.RunState.NARROWING;
import static io.kindred.reconcile.RunState.RECHECKING;
import static io.kindred.reconcile.RunState.RECOMMENDING;

import io.kindred.entry.Element;
import io.kindred.reconcile.ElementMerge;
import io.kindred.reconcile.Narrowing;
import io.kindred.reconcile.Roster;
import io.kindred.reconcile.RunEvent;
import io.kindred.reconcile.RunPlan;
import io.kindred.reconcile.RunReport;
import io.kindred.reconcile.RunState;
import io.kindred.reconcile.RunTable;
import io.kindred.reconcile.RunTally;
import io.kindred.ring.NodeId;
import io.kindred.storage.LogFailedException;
import io.kindred.storage.MergeOutcome;
import io.kindred.storage.Shard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A reconciliation run: {@code reconcile}'s rules say what differs, who lacks what and what follows
 * what; this asks and tells over the network. All shards in one go.
 */
final class SimulatedRun {

  /** What became of the elements that one node was sent, by shard: added, replaced, superseded. */
  private record Merged(SortedMap<Integer, long[]> byShard) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Ends(long generation, long[] ends) {}

  private final Simulation simulation;
  private final SimulatedNode engine;
  private final int engineBoot;
  private final RunPlan plan;
  private final RunTally tally;
  private final Consumer<RunReport> whenDone;
  private static final int STEPS_ASKED_MAX = 10;

  private Map<Integer, Long> steps = Map.of();
  private RunState state = COMPARING;
  private List<Integer> slotsDiffering = List.of();
  private Map<NodeId, List<Element>> lacked = Map.of();
  private final Map<NodeId, Merged> merged = new HashMap<>();

  SimulatedRun(
      Simulation simulation, SimulatedNode engine, RunPlan plan, Consumer<RunReport> whenDone) {
    this.simulation = simulation;
    this.engine = engine;
    this.engineBoot = engine.boot();
    this.plan = plan;
    this.tally = new RunTally(plan, simulation.millis());
    this.whenDone = whenDone;
  }

  /** What a node's manifest says. */
  private record Digests(Map<Integer, Long> steps, Map<Integer, long[]> slots) {}

  void start() {
    start(STEPS_ASKED_MAX);
  }

  /** As {@code Narrower} does: owners at different steps are asked again, then left out. */
  private void start(int left) {
    ask(
        roster().nodes(),
        node -> {
          List<Integer> shards = roster().shardsOf(node.id());
          return new Digests(node.steps(shards), node.slotDigests(shards));
        },
        (answers, silent) -> {
          Map<Integer, Long> newest = new HashMap<>();
          answers
              .values()
              .forEach(a -> a.steps().forEach((s, at) -> newest.merge(s, at, Math::max)));
          List<NodeId> behind =
              answers.keySet().stream()
                  .filter(node -> isBehind(answers.get(node).steps(), newest))
                  .toList();
          if (!behind.isEmpty()) {
            simulation.happened(Happening.STEPS_DIFFERED);
          }
          if (!behind.isEmpty() && left > 0) {
            simulation.scheduler().after(60_000, () -> start(left - 1));
            return;
          }
          behind.forEach(node -> tally.skip(node, "at another step"));
          steps = newest;
          compare(
              answers.entrySet().stream()
                  .filter(row -> !behind.contains(row.getKey()))
                  .map(row -> row.getValue().slots())
                  .toList());
        });
  }

  private static boolean isBehind(Map<Integer, Long> steps, Map<Integer, Long> newest) {
    return steps.entrySet().stream()
        .anyMatch(
            row ->
                row.getValue() == Shard.PURGING
                    || !row.getValue().equals(newest.get(row.getKey())));
  }

  private void compare(List<Map<Integer, long[]>> digests) {
    int width = plan.ring().shards().slotsPerShard();
    slotsDiffering = Narrowing.differing(width, digests);
    tally.compared(width * plan.shards().size(), slotsDiffering.size());
    if (slotsDiffering.isEmpty()) {
      move(RunEvent.SHARDS_ALIKE, COMPARING);
      finish();
    } else {
      move(RunEvent.SLOTS_DIFFER, NARROWING);
      narrow();
    }
  }

  private void narrow() {
    ask(
        roster().nodes(),
        node -> node.branchDigests(slotsDiffering),
        (branchRows, silent) -> {
          List<Integer> branches = Narrowing.differing(Narrowing.WIDTH, branchRows.values());
          ask(
              roster().nodes(),
              node -> node.leafDigests(branches),
              (leafRows, alsoSilent) -> {
                List<Integer> leaves = Narrowing.differing(Narrowing.WIDTH, leafRows.values());
                if (leaves.isEmpty()) {
                  move(RunEvent.LEAVES_ALIKE, RECHECKING);
                  recheck();
                } else {
                  move(RunEvent.LEAVES_DIFFER, LISTING);
                  list(leaves);
                }
              });
        });
  }

  private void list(List<Integer> leaves) {
    ask(
        roster().nodes(),
        node -> node.listing(leaves),
        (listings, silent) -> {
          lacked = merge(listings);
          if (lacked.isEmpty()) {
            move(RunEvent.ELEMENTS_ALIKE, LISTING);
            endListing();
          } else {
            move(RunEvent.ELEMENTS_LACKING, BARRIER);
            barrier();
          }
        });
  }

  private Map<NodeId, List<Element>> merge(Map<NodeId, List<Element>> listings) {
    List<ElementMerge.Listed> all = new ArrayList<>();
    listings.forEach(
        (node, elements) ->
            elements.forEach(element -> all.add(new ElementMerge.Listed(node, element))));
    all.sort(Comparator.comparing(ElementMerge.Listed::element, Element::comparePlace));
    Roster roster = roster();
    ElementMerge merge = new ElementMerge(roster::ofSlot);
    Map<NodeId, List<Element>> found = new TreeMap<>();
    for (ElementMerge.Listed listed : all) {
      merge.accept(listed).ifPresent(difference -> note(found, difference));
    }
    merge.finish().ifPresent(difference -> note(found, difference));
    return found;
  }

  private void note(Map<NodeId, List<Element>> found, ElementMerge.Difference difference) {
    for (NodeId node : difference.lacking()) {
      if (plan.targets().contains(node)) {
        found.computeIfAbsent(node, any -> new ArrayList<>()).add(difference.winner());
      }
    }
  }

  private void barrier() {
    ask(
        roster().nodes(),
        node -> new Ends(node.generation(), node.logEnds()),
        (ends, silent) -> awaitFeeds(ends, simulation.millis() + plan.answerWithin().toMillis()));
  }

  /** Asks the targets again and again whether all has come, until it has or the time is over. */
  private void awaitFeeds(Map<NodeId, Ends> ends, long deadline) {
    ask(
        List.copyOf(lacked.keySet()),
        node ->
            ends.entrySet().stream()
                .filter(other -> !other.getKey().equals(node.id()))
                .filter(other -> roster().areCompared(node.id(), other.getKey()))
                .allMatch(
                    other ->
                        node.inbox()
                            .reached(
                                other.getKey(),
                                other.getValue().generation(),
                                other.getValue().ends())),
        (arrived, silent) -> {
          boolean all = arrived.values().stream().allMatch(Boolean::booleanValue);
          if (all || simulation.millis() >= deadline) {
            move(all ? RunEvent.FEEDS_ARRIVED : RunEvent.FEEDS_LATE, RECOMMENDING);
            recommend();
          } else {
            simulation.scheduler().after(20_000, () -> awaitFeeds(ends, deadline));
          }
        });
  }

  private void recommend() {
    Map<NodeId, List<Element>> sent = lacked;
    this.<Merged>askLater(
        sent.keySet().stream().filter(roster().nodes()::contains).toList(),
        (node, reply) -> mergeOnce(node, sent.get(node.id()), reply),
        (answers, silent) -> {
          answers.forEach(
              (node, merged) ->
                  merged
                      .byShard()
                      .forEach(
                          (shard, counts) ->
                              tally.merged(node, shard, counts[0], counts[1], counts[2])));
          move(RunEvent.MERGED, LISTING);
          endListing();
        });
  }

  /**
   * Answers once all is committed; not at all where a log takes nothing. The second arrival of one
   * message answers what the first did.
   */
  private void mergeOnce(SimulatedNode node, List<Element> elements, Consumer<Merged> reply) {
    for (Element element : elements) {
      int shard = plan.ring().shards().shardOf(element.key().slot());
      if (node.shard(shard).refusesBelow() > steps.get(shard)) {
        simulation.happened(Happening.CARRIER_REFUSED);
        tally.notRepaired(node.id(), "it has purged since");
        reply.accept(new Merged(new TreeMap<>()));
        return;
      }
    }
    try {
      Merged done = merged.computeIfAbsent(node.id(), any -> merge(node, elements));
      node.afterCommitOfAllLanes(() -> reply.accept(done));
    } catch (LogFailedException failed) {
      simulation.happened(Happening.MERGE_REFUSED);
    }
  }

  private Merged merge(SimulatedNode node, List<Element> elements) {
    SortedMap<Integer, long[]> byShard = new TreeMap<>();
    for (Element element : elements) {
      MergeOutcome outcome = node.mergeRecommended(element);
      int shard = plan.ring().shards().shardOf(element.key().slot());
      long[] counts = byShard.computeIfAbsent(shard, any -> new long[3]);
      switch (outcome) {
        case ADDED -> counts[0]++;
        case REPLACED -> counts[1]++;
        case SUPERSEDED -> counts[2]++;
        case KNOWN -> {}
      }
    }
    return new Merged(byShard);
  }

  private void endListing() {
    move(RunEvent.LEAVES_DONE, RECHECKING);
    recheck();
  }

  private void recheck() {
    ask(
        roster().nodes(),
        node -> node.slotDigests(roster().shardsOf(node.id())),
        (answers, silent) -> {
          int width = plan.ring().shards().slotsPerShard();
          Set<Integer> still = new HashSet<>(Narrowing.differing(width, answers.values()));
          still.retainAll(Set.copyOf(slotsDiffering));
          tally.stillDiffering(still.size());
          move(RunEvent.COMPARED_AGAIN, COMPARING);
          finish();
        });
  }

  private void finish() {
    tally.done(plan.shards());
    move(RunEvent.PLAN_DONE, COMPLETED);
    whenDone.accept(tally.report(RunReport.State.COMPLETED, simulation.millis(), ""));
  }

  private void move(RunEvent event, RunState expected) {
    state = RunTable.move(state, event).to();
    if (state != expected) {
      throw new IllegalStateException("the table says " + state + ", not " + expected);
    }
  }

  private Roster roster() {
    return tally.roster(plan.shards());
  }

  /**
   * Asks some nodes the same, and goes on once all have answered or the time for it is over; who
   * has not answered then takes no further part.
   */
  private <T> void ask(
      Collection<NodeId> nodes,
      Function<SimulatedNode, T> question,
      BiConsumer<Map<NodeId, T>, Set<NodeId>> goOn) {
    this.<T>askLater(nodes, (node, reply) -> reply.accept(question.apply(node)), goOn);
  }

  /** The same of what takes its time to answer, or never does. */
  private <T> void askLater(
      Collection<NodeId> nodes,
      BiConsumer<SimulatedNode, Consumer<T>> question,
      BiConsumer<Map<NodeId, T>, Set<NodeId>> goOn) {
    Map<NodeId, T> answers = new HashMap<>();
    List<NodeId> asked = List.copyOf(nodes);
    boolean[] over = new boolean[1];
    Runnable end =
        () -> {
          if (!over[0] && engine.isUp() && engine.boot() == engineBoot) {
            over[0] = true;
            Set<NodeId> silent = new HashSet<>(asked);
            silent.removeAll(answers.keySet());
            silent.forEach(node -> tally.skip(node, "no answer"));
            goOn.accept(new TreeMap<>(answers), silent);
          }
        };
    for (NodeId node : asked) {
      engine.send(
          node,
          there ->
              question.accept(
                  there,
                  answer ->
                      there.send(
                          engine.id(),
                          back -> {
                            answers.put(node, answer);
                            if (answers.size() == asked.size()) {
                              end.run();
                            }
                          })));
    }
    simulation.scheduler().after(asked.isEmpty() ? 0 : plan.answerWithin().toMillis() * 1000, end);
  }
}
