package io.kindred.replication.actor;

import io.kindred.entry.Element;
import io.kindred.entry.ElementReader;
import io.kindred.entry.MalformedElementException;
import io.kindred.replication.Span;
import io.kindred.replication.Superseded;
import io.kindred.ring.Shards;
import io.kindred.storage.actor.LocalShards;
import io.kindred.storage.actor.ShardProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Spans of elements that the shards were asked to merge, until each of the shards has answered. A
 * shard that does not answer could not write its log; it is asked again, since merging again
 * changes nothing.
 *
 * @param <W> what a span stands for, given back when it is merged
 */
final class Merges<W> {

  /** A span that is merged whole, and what of it was older than what is here. */
  record Done<W>(W work, List<ShardProtocol.Newer> newer) {}

  private static final class Open<W> {
    final W work;
    final boolean tellsNewer;
    final List<ShardProtocol.Newer> newer = new ArrayList<>(0);
    final Map<Integer, List<Element>> left = new HashMap<>();
    long askedNanos = System.nanoTime();

    Open(W work, boolean tellsNewer) {
      this.work = work;
      this.tellsNewer = tellsNewer;
    }
  }

  private final Shards ringShards;
  private final LocalShards shards;
  private final ActorRef<ShardProtocol.Merged> answerTo;
  private final Duration askAgainAfter;
  private final Map<Long, Open<W>> open = new HashMap<>();
  private long tickets;

  Merges(
      Shards ringShards,
      LocalShards shards,
      ActorRef<ShardProtocol.Merged> answerTo,
      Duration askAgainAfter) {
    this.ringShards = ringShards;
    this.shards = shards;
    this.answerTo = answerTo;
    this.askAgainAfter = askAgainAfter;
  }

  /**
   * Asks the shards to merge what the bytes hold.
   *
   * @param tellsNewer whether the shards are to say what they have that is newer
   * @return false where they hold nothing, so that no answer will come
   * @throws MalformedElementException where they are no elements; nothing was asked then
   */
  boolean begin(byte[] bytes, boolean tellsNewer, W work) throws MalformedElementException {
    Open<W> begun = new Open<>(work, tellsNewer);
    ElementReader.forEach(
        bytes,
        element ->
            begun
                .left
                .computeIfAbsent(
                    ringShards.shardOf(element.key().slot()), shard -> new ArrayList<>())
                .add(element));
    if (begun.left.isEmpty()) {
      return false;
    }
    long ticket = ++tickets;
    open.put(ticket, begun);
    ask(ticket, begun);
    return true;
  }

  private void ask(long ticket, Open<W> asked) {
    asked.left.forEach(
        (shard, elements) ->
            shards
                .shard(shard)
                .tell(
                    new ShardProtocol.Merge(
                        elements, ticket, ShardProtocol.FED, asked.tellsNewer, answerTo)));
  }

  /** What is merged whole by this answer, if anything is. */
  Optional<Done<W>> onMerged(ShardProtocol.Merged answer) {
    Open<W> asked = open.get(answer.ticket());
    if (asked == null) {
      return Optional.empty();
    }
    asked.left.remove(answer.shard());
    asked.newer.addAll(answer.newer());
    if (!asked.left.isEmpty()) {
      return Optional.empty();
    }
    open.remove(answer.ticket());
    return Optional.of(new Done<>(asked.work, asked.newer));
  }

  /** Asks shards that owe an answer for too long once more; which ones, a set for each span. */
  List<Set<Integer>> askAgain() {
    long now = System.nanoTime();
    List<Set<Integer>> late = new ArrayList<>();
    open.forEach(
        (ticket, asked) -> {
          if (now - asked.askedNanos > askAgainAfter.toNanos()) {
            asked.askedNanos = now;
            late.add(Set.copyOf(asked.left.keySet()));
            ask(ticket, asked);
          }
        });
    return late;
  }

  /** What a sender is told of what here is newer than a span. */
  static List<Superseded> superseded(Span span, List<ShardProtocol.Newer> newer) {
    Map<Integer, Long> byKey = new TreeMap<>();
    newer.forEach(one -> byKey.merge(one.key(), one.time(), Math::max));
    return byKey.entrySet().stream()
        .map(one -> new Superseded(span.to(), one.getKey(), one.getValue()))
        .toList();
  }
}
