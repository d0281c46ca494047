package io.kindred.warmup.actor;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;

/**
 * The {@code kindred.warm-up} part of the configuration; {@code application.conf} tells the cost of
 * each.
 *
 * @param streamsAtOnce how many shards are streamed at the same time
 * @param stallAfter how long a source may owe a chunk, or an answer
 * @param sourceRests how long a source that broke a stream is not asked again
 * @param mergeWithin how long the own store may take for one piece
 * @param catchUpWithin how long an owner waits for its feeds before it is compared all the same
 * @param retryAfter the pause before what did not succeed is tried again
 * @param proposalWithin how long the ring may take for one decision
 * @param answerWithin how long a node may take for one answer to a comparison
 * @param staleStart how long an owner that finds no other listens before it serves what its disk
 *     has; empty where no operator has allowed that
 */
public record WarmUpSettings(
    int streamsAtOnce,
    Duration stallAfter,
    Duration sourceRests,
    Duration mergeWithin,
    Duration catchUpWithin,
    Duration retryAfter,
    Duration proposalWithin,
    Duration answerWithin,
    Optional<Duration> staleStart) {

  /** Reads them; see {@link io.kindred.settings.Settings} for what is thrown. */
  public static WarmUpSettings from(Config whole) {
    Config warmUp = whole.getConfig("kindred.warm-up");
    return new WarmUpSettings(
        warmUp.getInt("streams-at-once"),
        warmUp.getDuration("stall-after"),
        warmUp.getDuration("source-rests"),
        warmUp.getDuration("merge-within"),
        warmUp.getDuration("catch-up-within"),
        warmUp.getDuration("retry-after"),
        warmUp.getDuration("proposal-within"),
        warmUp.getDuration("answer-within"),
        whole.getBoolean("kindred.ring.allow-stale-start")
            ? Optional.of(warmUp.getDuration("stale-start-after"))
            : Optional.empty());
  }
}
