package io.kindred.reconcile.actor;

import io.kindred.reconcile.RunPlan;
import io.kindred.reconcile.RunTally;
import io.kindred.reconcile.actor.Outbox.Piece;
import io.kindred.ring.NodeId;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.MergeResult;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Sends recommendations: to each node one piece after the other, the next when the last was
 * answered; to different nodes at once.
 */
final class Delivery {

  /** How many elements a node lacked, had older ones of, and had newer ones of, in one shard. */
  record Counts(long added, long replaced, long superseded) {
    Counts plus(Counts more) {
      return new Counts(added + more.added, replaced + more.replaced, superseded + more.superseded);
    }
  }

  /**
   * What became of one node's recommendations.
   *
   * @param byShard what it answered
   * @param bytes sent to it
   * @param failure why it got no more; empty where it got everything
   */
  record Delivered(SortedMap<Integer, Counts> byShard, long bytes, String failure) {
    static final Delivered NOTHING = new Delivered(new TreeMap<>(), 0, "");

    Delivered {
      byShard = Collections.unmodifiableSortedMap(new TreeMap<>(byShard));
    }

    /** Enters what became of them into a run's tally. */
    void enter(NodeId node, RunTally tally) {
      tally.recommended(bytes);
      byShard.forEach(
          (shard, counts) ->
              tally.merged(node, shard, counts.added(), counts.replaced(), counts.superseded()));
      if (!failure.isEmpty()) {
        tally.notRepaired(node, failure);
      }
    }

    private Delivered plus(Sent sent) {
      SortedMap<Integer, Counts> counts = new TreeMap<>(byShard);
      MergeResult result = sent.result();
      if (result != null) {
        counts.merge(
            sent.piece().shard(),
            new Counts(result.added(), result.replaced(), result.superseded()),
            Counts::plus);
      }
      return new Delivered(counts, bytes + sent.piece().bytes().length, sent.failure());
    }
  }

  /** A piece and its answer, or, the answer being null, why there is none. */
  private record Sent(Piece piece, MergeResult result, String failure) {}

  private final ActorSystem<?> system;
  private final Questions questions;
  private final String run;
  private final Duration within;
  private int deliveries;

  Delivery(ActorSystem<?> system, Questions questions, RunPlan plan) {
    this.system = system;
    this.questions = questions;
    this.run = plan.id();
    this.within = plan.answerWithin();
  }

  /**
   * Empties the outboxes and closes them.
   *
   * @param steps of each shard, at which what is sent was read
   */
  CompletionStage<SortedMap<NodeId, Delivered>> deliver(
      Map<NodeId, Outbox> outboxes, Map<Integer, Long> steps) {
    // Tells these batches apart from all others that the nodes get.
    deliveries++;
    String name = run + "-" + deliveries;
    CompletionStage<SortedMap<NodeId, Delivered>> all =
        CompletableFuture.completedFuture(new TreeMap<>());
    for (Map.Entry<NodeId, Outbox> row : outboxes.entrySet()) {
      CompletionStage<Delivered> one = deliver(row.getKey(), row.getValue(), name, steps);
      all =
          all.thenCombine(
              one,
              (before, delivered) -> {
                SortedMap<NodeId, Delivered> with = new TreeMap<>(before);
                with.put(row.getKey(), delivered);
                return with;
              });
    }
    return all;
  }

  private CompletionStage<Delivered> deliver(
      NodeId node, Outbox outbox, String name, Map<Integer, Long> steps) {
    return Source.unfoldResource(() -> outbox, Outbox::next, Outbox::close)
        .mapAsync(1, piece -> send(node, piece, name, steps.get(piece.shard())))
        .takeWhile(sent -> sent.failure().isEmpty(), true)
        .runFold(Delivered.NOTHING, Delivered::plus, system);
  }

  private CompletionStage<Sent> send(NodeId node, Piece piece, String name, long step) {
    return questions
        .<MergeResult>ask(
            node,
            within,
            replyTo ->
                new NodeProtocol.MergeElements(
                    name + "-" + piece.batch(),
                    piece.piece(),
                    piece.bytes(),
                    piece.more(),
                    step,
                    replyTo))
        .handle((result, failure) -> sent(node, piece, result, failure));
  }

  private static String refusal(MergeResult result) {
    return result.refused() ? "it has purged since what it lacks was read elsewhere" : "";
  }

  private Sent sent(NodeId node, Piece piece, MergeResult result, Throwable failure) {
    String reason = failure == null ? refusal(result) : Questions.reason(failure, within);
    if (!reason.isEmpty()) {
      system.log().warn("{} does not take what it lacks: {}", node, reason);
    }
    return new Sent(piece, result, reason);
  }
}
