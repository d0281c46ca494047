package io.kindred.cli.bench;

import java.time.Duration;

/**
 * A load whose pace does not depend on the answers.
 *
 * @param perSecond requests, SETs and GETs by turns of a die, or SETs alone
 * @param keys are drawn from 0 to the one before it
 * @param seed of the die; the same load for every store
 * @param writesOnly whether it is SETs alone
 */
record LoadPlan(
    int connections,
    double perSecond,
    Duration lasts,
    int valueBytes,
    long keys,
    long seed,
    boolean writesOnly) {

  LoadPlan(
      int connections, double perSecond, Duration lasts, int valueBytes, long keys, long seed) {
    this(connections, perSecond, lasts, valueBytes, keys, seed, false);
  }

  LoadPlan {
    if (connections < 1 || perSecond <= 0 || keys < 1) {
      throw new IllegalArgumentException(
          connections + " connections, " + perSecond + "/s, " + keys + " keys");
    }
  }

  long requests() {
    return Math.max(1, Math.round(perSecond * lasts.toNanos() / 1e9));
  }

  /** When a request is due, in ns after the first. */
  long dueNanos(long request) {
    return (long) (request * (1e9 / perSecond));
  }

  /** The same by another die. */
  LoadPlan withSeed(long other) {
    return new LoadPlan(connections, perSecond, lasts, valueBytes, keys, other, writesOnly);
  }

  LoadPlan lasting(Duration other) {
    return new LoadPlan(connections, perSecond, other, valueBytes, keys, seed, writesOnly);
  }
}
