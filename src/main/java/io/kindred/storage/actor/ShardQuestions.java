package io.kindred.storage.actor;

import io.kindred.ring.Shards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;

/** Puts one question to many shards of this node, and their answers together. */
record ShardQuestions(LocalShards local, ActorSystem<?> system, Logger log) {

  /** A shard answers in well under a millisecond; this only bounds a node that is overwhelmed. */
  private static final Duration SHARD_ANSWERS_WITHIN = Duration.ofSeconds(10);

  /**
   * Asks each shard for the rows of its part, and puts the rows in the order they were asked for.
   */
  <Q> void rows(
      List<Q> questions,
      Map<Integer, List<Q>> byShard,
      BiFunction<Integer, List<Q>, CompletionStage<List<long[]>>> ask,
      Consumer<List<long[]>> then) {
    List<CompletionStage<Map<Q, long[]>>> answers = new ArrayList<>();
    byShard.forEach(
        (shard, part) ->
            answers.add(
                ask.apply(shard, part)
                    .thenApply(
                        rows -> {
                          Map<Q, long[]> byQuestion = new LinkedHashMap<>();
                          for (int i = 0; i < part.size(); i++) {
                            byQuestion.put(part.get(i), rows.get(i));
                          }
                          return byQuestion;
                        })));
    all(
        answers,
        maps -> {
          Map<Q, long[]> byQuestion = new LinkedHashMap<>();
          maps.forEach(byQuestion::putAll);
          then.accept(questions.stream().map(byQuestion::get).toList());
        });
  }

  /** Reads elements from the shards that hold them. */
  ElementStream.LeafReader reader(Shards ringShards) {
    return (leaves, from) ->
        ask(
            ringShards.shardOf(leaves.get(0).slot()),
            replyTo -> new ShardProtocol.ReadElements(leaves, from, replyTo));
  }

  /** Goes on with the least step of some shards; 0 where there are none. */
  void leastStep(List<Integer> shards, LongConsumer then) {
    List<CompletionStage<Long>> steps = new ArrayList<>();
    shards.forEach(shard -> steps.add(ask(shard, ShardProtocol.ReadStep::new)));
    all(steps, found -> then.accept(found.stream().mapToLong(Long::longValue).min().orElse(0)));
  }

  /** Asks one shard. */
  <T> CompletionStage<T> ask(int shard, Function<ActorRef<T>, ShardProtocol.Command> message) {
    return AskPattern.ask(
        local.shard(shard), message::apply, SHARD_ANSWERS_WITHIN, system.scheduler());
  }

  /**
   * Goes on with all answers, or says in the log that some did not come; the asker then times out.
   */
  <T> void all(List<CompletionStage<T>> stages, Consumer<List<T>> then) {
    CompletableFuture<?>[] futures =
        stages.stream()
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new);
    var unused =
        CompletableFuture.allOf(futures)
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    log.error(
                        "a shard of this node did not answer a request from outside", failure);
                  } else {
                    then.accept(
                        stages.stream().map(stage -> stage.toCompletableFuture().join()).toList());
                  }
                });
  }

  /** The shard's list, made where there is none. */
  static <V> List<V> at(Map<Integer, List<V>> map, int shard) {
    return map.computeIfAbsent(shard, any -> new ArrayList<>());
  }
}
