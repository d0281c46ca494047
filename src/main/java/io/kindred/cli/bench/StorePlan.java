package io.kindred.cli.bench;

import java.time.Duration;
import java.util.List;

/**
 * How much of everything {@code bench store} measures.
 *
 * @param rounds of each store, interleaved
 * @param round how long one takes, about
 * @param warm how long a store is driven before anything counts
 * @param keys of the throughput sections
 * @param dataBytes of the values loaded for the latency section
 * @param latencyRound how long one of its rounds takes
 * @param records how many the memory section loads, in growing steps
 * @param steady how long memory must stay as it is to be counted
 */
public record StorePlan(
    int rounds,
    Duration round,
    Duration warm,
    long keys,
    long dataBytes,
    Duration latencyRound,
    List<Long> records,
    Duration steady) {

  /** What a figure to be trusted takes. */
  public static StorePlan whole(int rounds, long dataBytes) {
    return new StorePlan(
        rounds,
        Duration.ofSeconds(3),
        Duration.ofSeconds(6),
        1_000_000,
        dataBytes,
        Duration.ofSeconds(20),
        List.of(1_000_000L, 10_000_000L),
        // The collector gives back in up to three rounds of 15 s.
        Duration.ofMinutes(1));
  }

  /** Whether everything works; its figures mean nothing. */
  public static StorePlan quick() {
    return new StorePlan(
        2,
        Duration.ofMillis(200),
        Duration.ofMillis(200),
        10_000,
        16L << 20,
        Duration.ofSeconds(1),
        List.of(10_000L),
        Duration.ofSeconds(2));
  }

  long recordsMax() {
    return records.get(records.size() - 1);
  }
}
