package io.kindred.storage;

import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * What one owner of a shard has promised, key by key, to those that put a key's commands in one
 * order by consensus: to accept nothing below a ballot. An acceptor of CASPaxos (Rystsov,
 * "CASPaxos: Replicated State Machines without logs", 2018), whose value is what the store has of
 * the key, and whose accepted ballot is that value's version.
 *
 * <p>A promise outlives a crash without being written: before one is given, a bound above it is on
 * the disk, and a start promises for every key what lies below the bound. What is forgotten to save
 * memory is promised for every key in the same way. For the shard's thread.
 */
public final class Promises {

  /** Who has forgotten this many has promised all keys what was promised to those. */
  static final int KEPT_MAX = 10_000;

  private final long begin;
  private final LongConsumer bound;
  private final Map<Key, Version> promised = new LinkedHashMap<>();
  private long floor;

  /**
   * @param floor the hybrid time up to which a process before this one may have promised anything
   * @param bound makes sure that a bound above a hybrid time is on disk before it returns
   */
  Promises(long floor, LongConsumer bound) {
    this.begin = floor;
    this.floor = floor;
    this.bound = bound;
  }

  /**
   * Promises to accept nothing below a ballot for a key, unless something as high was promised or
   * is there.
   *
   * @param newest the newest hybrid time of what the store has of the key
   * @return empty once it is promised; else what a ballot must be above
   * @throws java.io.UncheckedIOException where the bound cannot be written; nothing is promised
   */
  Optional<Version> prepare(Key key, Version ballot, long newest) {
    Version least = least(key, newest);
    if (ballot.compareTo(least) <= 0) {
      return Optional.of(least);
    }
    bound.accept(ballot.time());
    promised.remove(key);
    promised.put(key, ballot);
    forgetBeyond();
    return Optional.empty();
  }

  /**
   * Whether a value of this ballot may be accepted for a key; empty if so, else what a ballot must
   * be above.
   */
  Optional<Version> accept(Key key, Version ballot, long newest) {
    Version own = promised.get(key);
    Version least = least(key, newest);
    boolean allowed = ballot.equals(own) ? ballot.time() > newest : ballot.compareTo(least) > 0;
    if (!allowed) {
      return Optional.of(least);
    }
    bound.accept(ballot.time());
    // The value's own version says from here on what the promise said.
    promised.remove(key);
    return Optional.empty();
  }

  /** Whether somebody may be about to replace a value of this time. */
  boolean isOpen(Key key, long newest) {
    Version own = promised.get(key);
    return newest <= floor || (own != null && own.time() >= newest);
  }

  /** The hybrid time up to which a process before this one may have promised anything. */
  long begin() {
    return begin;
  }

  /**
   * Of two ballots with one time only one is ever promised by a majority. Else both might be
   * accepted somewhere, and by the rule of the merge a delete of that time would win over the
   * string, even where the string's ballot is the higher one and was chosen.
   */
  private Version least(Key key, long newest) {
    Version own = promised.get(key);
    long time = Math.max(floor, newest);
    return new Version(own == null ? time : Math.max(time, own.time()), Long.MAX_VALUE);
  }

  private void forgetBeyond() {
    if (promised.size() > KEPT_MAX) {
      Map.Entry<Key, Version> oldest = promised.entrySet().iterator().next();
      floor = Math.max(floor, oldest.getValue().time());
      promised.remove(oldest.getKey());
    }
  }

  /** The first hybrid time that is too far ahead for a promise, at a time of the wall clock. */
  static long tooFarAhead(long nowMillis, long aheadMillisMax) {
    return HybridClock.ofMillis(nowMillis + aheadMillisMax);
  }
}
