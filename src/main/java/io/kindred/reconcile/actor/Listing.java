package io.kindred.reconcile.actor;

import io.kindred.reconcile.ElementMerge;
import io.kindred.reconcile.Narrowing;
import io.kindred.reconcile.Roster;
import io.kindred.ring.NodeId;
import io.kindred.storage.actor.ElementArrivals;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.ElementsOpened;
import io.kindred.storage.actor.NodeProtocol.Leaf;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Reads the elements of some leaves from all who take part, as streams side by side, and puts into
 * each target's {@link Outbox} what that target lacks.
 */
final class Listing {

  // A target's recommendations beyond this go to a file. More would multiply by the targets; less
  // would make files of what is mostly a few elements.
  private static final long OUTBOX_MEMORY_BYTES = 4 * 1024 * 1024;

  // Outboxes write files.
  private static final String DISPATCHER = "pekko.actor.default-blocking-io-dispatcher";

  /**
   * What a reading found.
   *
   * @param outboxes of the targets that lack something; none where {@code broken} is not empty
   * @param bytes read
   * @param broken whose stream did not come, or not whole, and why
   */
  record Found(SortedMap<NodeId, Outbox> outboxes, long bytes, SortedMap<NodeId, String> broken) {
    Found {
      outboxes = Collections.unmodifiableSortedMap(new TreeMap<>(outboxes));
      broken = Collections.unmodifiableSortedMap(new TreeMap<>(broken));
    }
  }

  private static final class BrokenListingException extends RuntimeException {
    private final NodeId node;

    BrokenListingException(NodeId node, Throwable cause) {
      super("listing of " + node + ": " + cause.getMessage(), cause);
      this.node = node;
    }
  }

  private final ActorSystem<?> system;
  private final Questions questions;
  private final Duration within;
  private final SharedKillSwitch killSwitch = KillSwitches.shared("listing");

  Listing(ActorSystem<?> system, Questions questions, Duration within) {
    this.system = system;
    this.questions = questions;
    this.within = within;
  }

  /** Breaks off what is being read; nothing can be read afterwards. */
  void stop() {
    killSwitch.shutdown();
  }

  /**
   * Reads some leaves.
   *
   * @param leaves numbers of leaves, ascending; see {@link Narrowing}
   * @param targets who is to be repaired
   */
  CompletionStage<Found> read(Roster roster, List<Integer> leaves, Collection<NodeId> targets) {
    SortedMap<NodeId, List<Leaf>> asked = new TreeMap<>();
    for (NodeId node : roster.nodes()) {
      List<Leaf> its =
          leaves.stream()
              .filter(leaf -> roster.ofSlot(Narrowing.slotOfLeaf(leaf)).contains(node))
              .map(leaf -> new Leaf(Narrowing.slotOfLeaf(leaf), leaf % Narrowing.LEAVES_PER_SLOT))
              .toList();
      if (!its.isEmpty()) {
        asked.put(node, its);
      }
    }
    return questions
        .<ElementsOpened>askAll(
            asked.keySet(),
            within,
            (node, replyTo) ->
                new NodeProtocol.OpenElements(asked.get(node), List.of(), 0, replyTo))
        .thenCompose(
            answers ->
                answers.silent().isEmpty()
                    ? merge(roster, answers.given(), targets)
                    : abandon(answers.given(), answers.silent()));
  }

  private CompletionStage<Found> abandon(
      Map<NodeId, ElementsOpened> opened, SortedMap<NodeId, String> silent) {
    opened.values().forEach(o -> o.chunks().getSource().runWith(Sink.cancelled(), system));
    return CompletableFuture.completedFuture(new Found(new TreeMap<>(), 0, silent));
  }

  private CompletionStage<Found> merge(
      Roster roster, SortedMap<NodeId, ElementsOpened> opened, Collection<NodeId> targets) {
    LongAdder bytes = new LongAdder();
    SortedMap<NodeId, Outbox> outboxes = new TreeMap<>();
    Source<ElementMerge.Listed, NotUsed> all = Source.empty();
    for (Map.Entry<NodeId, ElementsOpened> row : opened.entrySet()) {
      all =
          all.mergeSorted(
              elements(row.getKey(), row.getValue(), bytes),
              (one, other) -> one.element().comparePlace(other.element()));
    }
    return all.via(killSwitch.flow())
        .map(Optional::of)
        // Marks the true end: a stream that was stopped or failed does not get here.
        .concat(Source.single(Optional.empty()))
        .statefulMapConcat(
            () -> {
              ElementMerge merge = new ElementMerge(roster::ofSlot);
              return listed ->
                  (listed.isPresent() ? merge.accept(listed.get()) : merge.finish())
                      .map(List::of)
                      .orElse(List.of());
            })
        .map(
            difference -> {
              difference.lacking().stream()
                  .filter(targets::contains)
                  .map(
                      node ->
                          outboxes.computeIfAbsent(
                              node, absent -> new Outbox(roster.shards(), OUTBOX_MEMORY_BYTES)))
                  .forEach(outbox -> outbox.add(difference.winner()));
              return difference;
            })
        .withAttributes(ActorAttributes.dispatcher(DISPATCHER))
        .runWith(Sink.ignore(), system)
        .handle((done, failure) -> found(outboxes, bytes.sum(), failure));
  }

  private Source<ElementMerge.Listed, NotUsed> elements(
      NodeId node, ElementsOpened opened, LongAdder bytes) {
    return opened
        .chunks()
        .getSource()
        .map(
            chunk -> {
              bytes.add(chunk.bytes().length);
              return chunk;
            })
        .via(ElementArrivals.flow(within))
        .mapConcat(ElementArrivals.Arrival::elements)
        .map(element -> new ElementMerge.Listed(node, element))
        .mapError(Throwable.class, failure -> new BrokenListingException(node, failure));
  }

  private static Found found(SortedMap<NodeId, Outbox> outboxes, long bytes, Throwable failure) {
    if (failure == null) {
      outboxes.values().forEach(Outbox::seal);
      return new Found(outboxes, bytes, new TreeMap<>());
    }
    outboxes.values().forEach(Outbox::close);
    if (Questions.unwrapped(failure) instanceof BrokenListingException broken) {
      SortedMap<NodeId, String> by = new TreeMap<>();
      by.put(broken.node, broken.getMessage());
      return new Found(new TreeMap<>(), bytes, by);
    }
    throw new CompletionException(failure);
  }
}
