package io.kindred.command;

import io.kindred.entry.Key;
import io.kindred.storage.ShardStore;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which members of a sorted set a command speaks of, in the three ways that Redis has to say it.
 */
sealed interface MemberRange {

  /** The members' ranks, from the lowest score on. */
  Span within(ShardStore store, Key key, long now);

  /**
   * Ranks.
   *
   * @param from the first, 0-based
   * @param to exclusive; at or below {@code from} where there are none
   */
  record Span(long from, long to) {

    long size() {
      return Math.max(0, to - from);
    }
  }

  /** What the two ends of a range are. */
  enum Unit {
    RANK,
    SCORE,
    LEX;

    /** What Redis answers where the ends cannot be read. */
    Reply failure() {
      return switch (this) {
        case RANK -> Failures.NOT_AN_INTEGER;
        case SCORE -> Failures.NO_SCORES;
        case LEX -> Failures.NO_LEX_ITEMS;
      };
    }

    /**
     * The range between two ends as a client names them; empty where they cannot be read.
     *
     * @param reverse whether the client counts from the highest score, and names that end first
     */
    Optional<MemberRange> parse(byte[] first, byte[] second, boolean reverse) {
      byte[] low = reverse ? second : first;
      byte[] high = reverse ? first : second;
      return switch (this) {
        case RANK -> IndexRange.parse(first, second).map(ranks -> new ByRank(ranks, reverse));
        case SCORE -> ByScore.parse(low, high);
        case LEX -> ByLex.parse(low, high);
      };
    }
  }

  /**
   * From one rank to another, both inclusive; negative ones count from the other end.
   *
   * @param reverse whether ranks count from the highest score
   */
  record ByRank(IndexRange ranks, boolean reverse) implements MemberRange {

    @Override
    public Span within(ShardStore store, Key key, long now) {
      long size = store.scoredCount(key, now);
      long from = ranks.from(size);
      long to = ranks.to(size);
      return reverse ? new Span(size - to, size - from) : new Span(from, to);
    }
  }

  /** From one score to another. */
  record ByScore(double min, boolean minExclusive, double max, boolean maxExclusive)
      implements MemberRange {

    static Optional<MemberRange> parse(byte[] min, byte[] max) {
      boolean minExclusive = min.length > 0 && min[0] == '(';
      boolean maxExclusive = max.length > 0 && max[0] == '(';
      double low = Floats.parseBound(minExclusive ? behindFirst(min) : min);
      double high = Floats.parseBound(maxExclusive ? behindFirst(max) : max);
      return Double.isNaN(low) || Double.isNaN(high)
          ? Optional.empty()
          : Optional.of(new ByScore(low, minExclusive, high, maxExclusive));
    }

    @Override
    public Span within(ShardStore store, Key key, long now) {
      return new Span(
          store.scoredBelow(key, min, minExclusive, now),
          store.scoredBelow(key, max, !maxExclusive, now));
    }
  }

  /** From one member to another, in the order of bytes, all having one score. */
  record ByLex(LexBound min, LexBound max) implements MemberRange {

    static Optional<MemberRange> parse(byte[] min, byte[] max) {
      Optional<LexBound> low = LexBound.parse(min);
      Optional<LexBound> high = LexBound.parse(max);
      return low.isEmpty() || high.isEmpty()
          ? Optional.empty()
          : Optional.of(new ByLex(low.get(), high.get()));
    }

    @Override
    public Span within(ShardStore store, Key key, long now) {
      return new Span(
          min.below(store, key, now, min.exclusive()),
          max.below(store, key, now, !max.exclusive()));
    }
  }

  /**
   * One end of a range of members.
   *
   * @param member empty where {@code end} says all
   * @param end below all members, above all, or 0 where the member says it
   */
  @SuppressWarnings("ArrayRecordComponent") // read at once and never compared
  record LexBound(byte[] member, boolean exclusive, int end) {

    static Optional<LexBound> parse(byte[] bytes) {
      if (bytes.length == 0) {
        return Optional.empty();
      }
      boolean isAlone = bytes.length == 1;
      return switch (bytes[0]) {
        case '-' -> isAlone ? Optional.of(new LexBound(bytes, true, -1)) : Optional.empty();
        case '+' -> isAlone ? Optional.of(new LexBound(bytes, true, 1)) : Optional.empty();
        case '(' -> Optional.of(new LexBound(behindFirst(bytes), true, 0));
        case '[' -> Optional.of(new LexBound(behindFirst(bytes), false, 0));
        default -> Optional.empty();
      };
    }

    /** How many members come before it, itself counted where {@code inclusive}. */
    long below(ShardStore store, Key key, long now, boolean inclusive) {
      if (end != 0) {
        return end < 0 ? 0 : store.scoredCount(key, now);
      }
      return store.scoredBelowMember(key, member, inclusive, now);
    }
  }

  private static byte[] behindFirst(byte[] bytes) {
    return Arrays.copyOfRange(bytes, 1, bytes.length);
  }
}
