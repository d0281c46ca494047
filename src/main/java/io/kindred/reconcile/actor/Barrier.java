package io.kindred.reconcile.actor;

import io.kindred.reconcile.Roster;
import io.kindred.reconcile.actor.Questions.Answers;
import io.kindred.ring.NodeId;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.FeedAwaited;
import io.kindred.storage.actor.NodeProtocol.FeedEnds;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The feed barrier: asks every participant how far its own writes have come, then has every target
 * wait until it has applied all of that. Whatever any participant had accepted from a client before
 * the barrier has arrived at the targets behind it, as far as the feeds carry it.
 */
final class Barrier {

  private final Questions questions;
  private final Duration within;

  /**
   * A barrier.
   *
   * @param within how long a feed may take
   */
  Barrier(Questions questions, Duration within) {
    this.questions = questions;
    this.within = within;
  }

  /**
   * Waits for the feeds from all with whom the targets are compared.
   *
   * @return the targets that are not known to have everything, and why
   */
  CompletionStage<SortedMap<NodeId, String>> pass(Roster roster, Collection<NodeId> targets) {
    List<NodeId> origins =
        roster.nodes().stream()
            .filter(node -> targets.stream().anyMatch(to -> isFed(roster, node, to)))
            .toList();
    return questions
        .<FeedEnds>askAll(origins, within, (node, replyTo) -> new NodeProtocol.GetFeedEnds(replyTo))
        .thenCompose(ends -> await(roster, targets, ends));
  }

  private static boolean isFed(Roster roster, NodeId origin, NodeId target) {
    return !origin.equals(target) && roster.areCompared(origin, target);
  }

  private CompletionStage<SortedMap<NodeId, String>> await(
      Roster roster, Collection<NodeId> targets, Answers<FeedEnds> ends) {
    SortedMap<NodeId, String> unknown = new TreeMap<>();
    ends.silent()
        .forEach(
            (origin, why) ->
                targets.stream()
                    .filter(target -> isFed(roster, origin, target))
                    .forEach(
                        target ->
                            unknown.put(target, origin + " did not tell its feed's end: " + why)));
    CompletionStage<SortedMap<NodeId, String>> late = CompletableFuture.completedFuture(unknown);
    for (Map.Entry<NodeId, FeedEnds> row : ends.given().entrySet()) {
      List<NodeId> fed =
          targets.stream().filter(target -> isFed(roster, row.getKey(), target)).toList();
      late = late.thenCombine(arrived(row.getKey(), row.getValue(), fed), Barrier::firstOfEach);
    }
    return late;
  }

  private CompletionStage<SortedMap<NodeId, String>> arrived(
      NodeId origin, FeedEnds ends, List<NodeId> fed) {
    // The node itself gives up after `within`; twice that is for a node that gives no answer.
    return questions
        .<FeedAwaited>askAll(
            fed,
            within.multipliedBy(2),
            (node, replyTo) -> new NodeProtocol.AwaitFeed(ends, within.toMillis(), replyTo))
        .thenApply(
            answers -> {
              SortedMap<NodeId, String> late = new TreeMap<>(answers.silent());
              late.replaceAll((node, why) -> "writes of " + origin + " may be in flight: " + why);
              answers
                  .given()
                  .forEach(
                      (node, answer) -> {
                        if (!answer.reached()) {
                          late.put(
                              node,
                              "writes of "
                                  + origin
                                  + " did not arrive within "
                                  + within.toMillis()
                                  + " ms; some may be counted");
                        }
                      });
              return late;
            });
  }

  private static SortedMap<NodeId, String> firstOfEach(
      SortedMap<NodeId, String> one, SortedMap<NodeId, String> other) {
    SortedMap<NodeId, String> joined = new TreeMap<>(other);
    joined.putAll(one);
    return joined;
  }
}
