package io.kindred.reconcile.actor;

import io.kindred.reconcile.Narrowing;
import io.kindred.reconcile.Roster;
import io.kindred.reconcile.actor.Questions.Answers;
import io.kindred.ring.NodeId;
import io.kindred.storage.Shard;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.Branch;
import io.kindred.storage.actor.NodeProtocol.Branches;
import io.kindred.storage.actor.NodeProtocol.Leaves;
import io.kindred.storage.actor.NodeProtocol.Manifest;
import io.kindred.storage.actor.NodeProtocol.ShardManifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/** Asks the nodes of a roster for digests, level by level, and lets {@link Narrowing} judge. */
final class Narrower {

  /** How many rows of 16 digests fit an answer comfortably; {@link NodeProtocol} says the same. */
  private static final int ROWS_MAX = 512;

  /**
   * Where the nodes differ.
   *
   * @param cells numbers of slots, or of leaves, ascending; see {@link Narrowing}
   * @param silent who did not answer, and why
   * @param damaged the shards that somebody said to have lost something of
   * @param steps of shards: that all were at who were compared
   */
  record Narrowed(
      List<Integer> cells,
      SortedMap<NodeId, String> silent,
      SortedMap<NodeId, List<Integer>> damaged,
      SortedMap<Integer, Long> steps) {
    Narrowed {
      cells = List.copyOf(cells);
      silent = Collections.unmodifiableSortedMap(new TreeMap<>(silent));
      damaged = Collections.unmodifiableSortedMap(new TreeMap<>(damaged));
      steps = Collections.unmodifiableSortedMap(new TreeMap<>(steps));
    }

    Narrowed(List<Integer> cells, SortedMap<NodeId, String> silent) {
      this(cells, silent, Collections.emptySortedMap(), Collections.emptySortedMap());
    }
  }

  private static final int BEHIND_ASKED_MAX = 10;
  private static final long BEHIND_RESTS_MILLIS = 500;

  private final Questions questions;
  private final Duration within;

  Narrower(Questions questions, Duration within) {
    this.questions = questions;
    this.within = within;
  }

  /**
   * The slots that differ among those of a roster's shards. Owners of a shard are at different
   * steps for a moment only, so who is behind is asked again a few times before it is left out.
   */
  CompletionStage<Narrowed> slots(Roster roster) {
    return slots(roster, BEHIND_ASKED_MAX);
  }

  private CompletionStage<Narrowed> slots(Roster roster, int left) {
    return questions
        .<Manifest>askAll(
            roster.nodes(),
            within,
            (node, replyTo) -> new NodeProtocol.GetManifest(roster.shardsOf(node), replyTo))
        .thenCompose(
            answers -> {
              Steps steps = Steps.of(answers.given().values());
              return steps.behind().isEmpty() || left == 0
                  ? CompletableFuture.completedFuture(slots(roster, answers, steps))
                  : new CompletableFuture<Void>()
                      .completeOnTimeout(null, BEHIND_RESTS_MILLIS, TimeUnit.MILLISECONDS)
                      .thenCompose(rested -> slots(roster, left - 1));
            });
  }

  private static Narrowed slots(Roster roster, Answers<Manifest> answers, Steps steps) {
    int width = roster.shards().slotsPerShard();
    SortedMap<NodeId, Manifest> given = new TreeMap<>(answers.given());
    given.keySet().removeAll(steps.behind().keySet());
    SortedMap<NodeId, String> silent = new TreeMap<>(answers.silent());
    silent.putAll(steps.behind());
    Narrowed found =
        judged(width, new Answers<>(given, silent), roster::shardsOf, Narrower::rowsOfManifest);
    SortedMap<NodeId, List<Integer>> damaged = new TreeMap<>();
    given.forEach((node, answer) -> damaged.put(node, answer.damaged()));
    return new Narrowed(found.cells(), found.silent(), damaged, steps.newest());
  }

  /** The newest step of each shard, and who is not there, and why that leaves it out. */
  private record Steps(SortedMap<Integer, Long> newest, SortedMap<NodeId, String> behind) {

    static Steps of(Collection<Manifest> answers) {
      SortedMap<Integer, Long> newest = new TreeMap<>();
      for (Manifest answer : answers) {
        answer.shards().forEach(row -> newest.merge(row.shard(), row.step(), Math::max));
      }
      SortedMap<NodeId, String> behind = new TreeMap<>();
      for (Manifest answer : answers) {
        for (ShardManifest row : answer.shards()) {
          if (row.step() != newest.get(row.shard()) || row.step() == Shard.PURGING) {
            behind.putIfAbsent(
                answer.node(), "purges shard " + row.shard() + ", which others have done");
          }
        }
      }
      return new Steps(newest, behind);
    }
  }

  private static Map<Integer, long[]> rowsOfManifest(Manifest manifest, List<Integer> asked) {
    Map<Integer, long[]> rows = new HashMap<>();
    manifest.shards().forEach(shard -> rows.put(shard.shard(), shard.slots()));
    return rows;
  }

  /** The leaves that differ below some slots. */
  CompletionStage<Narrowed> leaves(Roster roster, List<Integer> slots) {
    return level(
            roster,
            slots,
            (some, node) -> some.stream().filter(s -> roster.ofSlot(s).contains(node)).toList(),
            this::branches)
        .thenCompose(
            branches ->
                level(
                        roster.without(branches.silent().keySet()),
                        branches.cells(),
                        (some, node) ->
                            some.stream()
                                .filter(
                                    b -> roster.ofSlot(Narrowing.slotOfBranch(b)).contains(node))
                                .toList(),
                        this::leavesOf)
                    .thenApply(leaves -> new Narrowed(leaves.cells(), both(branches, leaves))));
  }

  private static SortedMap<NodeId, String> both(Narrowed one, Narrowed other) {
    SortedMap<NodeId, String> silent = new TreeMap<>(other.silent());
    silent.putAll(one.silent());
    return silent;
  }

  /** One question about some rows to every node, and what came of it. */
  private interface Question {
    CompletionStage<Narrowed> ask(Collection<NodeId> nodes, Function<NodeId, List<Integer>> rows);
  }

  /** Asks one level in portions, one after the other; who falls silent is not asked again. */
  private static CompletionStage<Narrowed> level(
      Roster roster,
      List<Integer> rows,
      BiFunction<List<Integer>, NodeId, List<Integer>> ofNode,
      Question question) {
    CompletionStage<Narrowed> found =
        CompletableFuture.completedFuture(new Narrowed(List.of(), new TreeMap<>()));
    for (int from = 0; from < rows.size(); from += ROWS_MAX) {
      List<Integer> some = rows.subList(from, Math.min(rows.size(), from + ROWS_MAX));
      found =
          found.thenCompose(
              before ->
                  question
                      .ask(
                          roster.without(before.silent().keySet()).nodes(),
                          node -> ofNode.apply(some, node))
                      .thenApply(now -> joined(before, now)));
    }
    return found;
  }

  private static Narrowed joined(Narrowed before, Narrowed now) {
    List<Integer> cells = new ArrayList<>(before.cells());
    cells.addAll(now.cells());
    return new Narrowed(cells, both(before, now));
  }

  private CompletionStage<Narrowed> branches(
      Collection<NodeId> nodes, Function<NodeId, List<Integer>> slots) {
    return rows(
        nodes,
        slots,
        (node, replyTo) -> new NodeProtocol.GetBranches(slots.apply(node), replyTo),
        Branches::rows);
  }

  private CompletionStage<Narrowed> leavesOf(
      Collection<NodeId> nodes, Function<NodeId, List<Integer>> branches) {
    return rows(
        nodes,
        branches,
        (node, replyTo) ->
            new NodeProtocol.GetLeaves(
                branches.apply(node).stream().map(Narrower::branch).toList(), replyTo),
        Leaves::rows);
  }

  private static Branch branch(int number) {
    return new Branch(Narrowing.slotOfBranch(number), number % Narrowing.WIDTH);
  }

  private <A> CompletionStage<Narrowed> rows(
      Collection<NodeId> nodes,
      Function<NodeId, List<Integer>> asked,
      BiFunction<NodeId, ActorRef<A>, NodeProtocol.Command> question,
      Function<A, List<long[]>> rows) {
    Set<NodeId> concerned = new java.util.TreeSet<>(nodes);
    concerned.removeIf(node -> asked.apply(node).isEmpty());
    return questions
        .askAll(concerned, within, question)
        .thenApply(
            answers ->
                judged(
                    Narrowing.WIDTH,
                    answers,
                    asked,
                    (answer, numbers) -> numbered(numbers, rows.apply(answer))));
  }

  private static Map<Integer, long[]> numbered(List<Integer> numbers, List<long[]> rows) {
    Map<Integer, long[]> numbered = new HashMap<>();
    for (int i = 0; i < Math.min(numbers.size(), rows.size()); i++) {
      numbered.put(numbers.get(i), rows.get(i));
    }
    return numbered;
  }

  /** An answer that is not what was asked for counts as none. */
  private static <A> Narrowed judged(
      int width,
      Answers<A> answers,
      Function<NodeId, List<Integer>> asked,
      BiFunction<A, List<Integer>, Map<Integer, long[]>> rows) {
    SortedMap<NodeId, String> silent = new TreeMap<>(answers.silent());
    List<Map<Integer, long[]>> good = new ArrayList<>();
    answers
        .given()
        .forEach(
            (node, answer) -> {
              Map<Integer, long[]> own = rows.apply(answer, asked.apply(node));
              boolean fits =
                  own.keySet().equals(Set.copyOf(asked.apply(node)))
                      && own.values().stream().allMatch(row -> row.length == width);
              if (fits) {
                good.add(own);
              } else {
                silent.put(node, "answered with other digests than it was asked for");
              }
            });
    return new Narrowed(Narrowing.differing(width, good), silent);
  }
}
