package io.kindred.command;

import static io.kindred.command.CommandSpec.onShard;

import io.kindred.command.MemberRange.Span;
import io.kindred.command.MemberRange.Unit;
import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import io.kindred.storage.CountBase;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Redis's sorted-set group. ZADD writes a member's score, and the last writer wins; ZINCRBY writes
 * this origin's own contribution to it, so that increments made in several racks at once add up.
 */
final class SortedSetCommands {

  // spotless:off
  static final List<CommandSpec> SPECS = List.of(
      onShard("zadd",            -4, "write denyoom fast", "sorted-set", "Add one or more members to a sorted set, or update its score if it already exists", "1.2.0", (shard, args) -> add(shard, args, new AddOptions())),
      onShard("zincrby",          4, "write denyoom fast", "sorted-set", "Increment the score of a member in a sorted set", "1.2.0", (shard, args) -> add(shard, args, AddOptions.incrementing())),
      onShard("zrem",            -3, "write fast", "sorted-set", "Remove one or more members from a sorted set", "1.2.0", SortedSetCommands::remove),
      onShard("zremrangebyrank",  4, "write", "sorted-set", "Remove all members in a sorted set within the given indexes", "2.0.0", (shard, args) -> removeRange(shard, args, Unit.RANK)),
      onShard("zremrangebyscore", 4, "write", "sorted-set", "Remove all members in a sorted set within the given scores", "1.2.0", (shard, args) -> removeRange(shard, args, Unit.SCORE)),
      onShard("zremrangebylex",   4, "write", "sorted-set", "Remove all members in a sorted set between the given lexicographical range", "2.8.9", (shard, args) -> removeRange(shard, args, Unit.LEX)),
      onShard("zpopmin",         -2, "write fast", "sorted-set", "Remove and return members with the lowest scores in a sorted set", "5.0.0", (shard, args) -> pop(shard, args, false)),
      onShard("zpopmax",         -2, "write fast", "sorted-set", "Remove and return members with the highest scores in a sorted set", "5.0.0", (shard, args) -> pop(shard, args, true)),
      onShard("zscore",           3, "readonly fast", "sorted-set", "Get the score associated with the given member in a sorted set", "1.2.0", SortedSetCommands::score),
      onShard("zmscore",         -3, "readonly fast", "sorted-set", "Get the score associated with the given members in a sorted set", "6.2.0", SortedSetCommands::scores),
      onShard("zcard",            2, "readonly fast", "sorted-set", "Get the number of members in a sorted set", "1.2.0", SortedSetCommands::count),
      onShard("zcount",           4, "readonly fast", "sorted-set", "Count the members in a sorted set with scores within the given values", "2.0.0", (shard, args) -> countRange(shard, args, Unit.SCORE)),
      onShard("zlexcount",        4, "readonly fast", "sorted-set", "Count the number of members in a sorted set between a given lexicographical range", "2.8.9", (shard, args) -> countRange(shard, args, Unit.LEX)),
      onShard("zrank",            3, "readonly fast", "sorted-set", "Determine the index of a member in a sorted set", "2.0.0", (shard, args) -> rank(shard, args, false)),
      onShard("zrevrank",         3, "readonly fast", "sorted-set", "Determine the index of a member in a sorted set, with scores ordered from high to low", "2.0.0", (shard, args) -> rank(shard, args, true)),
      onShard("zrange",          -4, "readonly", "sorted-set", "Return a range of members in a sorted set", "1.2.0", (shard, args) -> range(shard, args, RangeOptions.ofAnyKind())),
      onShard("zrevrange",       -4, "readonly", "sorted-set", "Return a range of members in a sorted set, by index, with scores ordered from high to low", "1.2.0", (shard, args) -> range(shard, args, RangeOptions.of(Unit.RANK, true))),
      onShard("zrangebyscore",   -4, "readonly", "sorted-set", "Return a range of members in a sorted set, by score", "1.0.5", (shard, args) -> range(shard, args, RangeOptions.of(Unit.SCORE, false))),
      onShard("zrevrangebyscore", -4, "readonly", "sorted-set", "Return a range of members in a sorted set, by score, with scores ordered from high to low", "2.2.0", (shard, args) -> range(shard, args, RangeOptions.of(Unit.SCORE, true))),
      onShard("zrangebylex",     -4, "readonly", "sorted-set", "Return a range of members in a sorted set, by lexicographical range", "2.8.9", (shard, args) -> range(shard, args, RangeOptions.of(Unit.LEX, false))),
      onShard("zrevrangebylex",  -4, "readonly", "sorted-set", "Return a range of members in a sorted set, by lexicographical range, ordered from higher to lower strings.", "2.8.9", (shard, args) -> range(shard, args, RangeOptions.of(Unit.LEX, true))));
  // spotless:on

  /** A member as ZADD names it, with its score or what to add to it. */
  @SuppressWarnings("ArrayRecordComponent") // read at once and never compared
  private record Scored(byte[] member, double score) {}

  private SortedSetCommands() {}

  private static boolean isOtherThanSortedSet(Shard shard, Key key, long now) {
    KeyType type = shard.store().type(key, now);
    return type != KeyType.NONE && type != KeyType.ZSET;
  }

  private static Reply add(Shard shard, byte[][] args, AddOptions options) {
    int first = 2;
    while (first < args.length && options.add(args[first])) {
      first++;
    }
    int count = (args.length - first) / 2;
    if (count == 0 || (args.length - first) % 2 != 0) {
      return Failures.SYNTAX;
    }
    Optional<String> conflict = options.conflict(count);
    if (conflict.isPresent()) {
      return new Reply.Failure(conflict.get());
    }
    List<Scored> pairs = new ArrayList<>(count);
    for (int i = first; i < args.length; i += 2) {
      double score = Floats.parse(args[i]);
      if (Double.isNaN(score)) {
        return Failures.NOT_A_FLOAT;
      }
      pairs.add(new Scored(args[i + 1], score));
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSortedSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    return options.increments()
        ? increment(shard, key, now, pairs.get(0), options)
        : setScores(shard, key, now, pairs, options);
  }

  private static Reply setScores(
      Shard shard, Key key, long now, List<Scored> pairs, AddOptions options) {
    // Of a member named twice the last score that the options allow counts, and is written once.
    Map<ByteBuffer, Double> set = new LinkedHashMap<>();
    int added = 0;
    int updated = 0;
    for (Scored pair : pairs) {
      ByteBuffer member = ByteBuffer.wrap(pair.member());
      Double before = set.get(member);
      double old = before != null ? before : shard.store().score(key, pair.member(), now);
      if (options.allows(old, pair.score())) {
        set.put(member, pair.score());
        added += Double.isNaN(old) ? 1 : 0;
        updated += !Double.isNaN(old) && old != pair.score() ? 1 : 0;
      }
    }
    if (!set.isEmpty()) {
      Version version = Writes.keepingExpiry(shard, key, now);
      for (Map.Entry<ByteBuffer, Double> scored : set.entrySet()) {
        byte[] member = scored.getKey().array();
        shard.write(Element.score(key, member, version, scored.getValue()));
      }
    }
    return Reply.of(options.countsUpdates() ? added + updated : added);
  }

  private static Reply increment(Shard shard, Key key, long now, Scored pair, AddOptions options) {
    ShardStore store = shard.store();
    byte[] member = pair.member();
    double by = pair.score();
    double old = store.score(key, member, now);
    double sum = Double.isNaN(old) ? by : old + by;
    if (!options.allows(old, sum)) {
      return Reply.NULL;
    }
    if (Double.isNaN(sum)) {
      return Failures.NOT_A_NUMBER;
    }
    Version version = Writes.keepingExpiry(shard, key, now);
    CountBase base = store.scoreBase(key, member, version.origin(), now);
    double contribution =
        store.scoreContribution(key, member, version.origin(), base.version()) + by;
    // Not even where the sum is one, as long as others' contributions make up for it.
    if (Double.isNaN(contribution)) {
      return Failures.NOT_A_NUMBER;
    }
    shard.write(
        Element.scoreCount(key, member, version, base.version(), base.founding(), contribution));
    // Not `sum`: fractions may add up to another last digit in the order in which all racks add.
    return new Reply.Real(store.score(key, member, now));
  }

  private static Reply remove(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSortedSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    return Reply.of(removeAll(shard, key, now, List.of(args).subList(2, args.length)));
  }

  private static Reply removeRange(Shard shard, byte[][] args, Unit unit) {
    Optional<MemberRange> range = unit.parse(args[2], args[3], false);
    if (range.isEmpty()) {
      return unit.failure();
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSortedSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    Span span = range.get().within(shard.store(), key, now);
    List<byte[]> members = new ArrayList<>();
    if (span.size() > 0) {
      shard
          .store()
          .forEachScored(
              key, now, span.from(), span.size(), false, (member, score) -> members.add(member));
    }
    return Reply.of(removeAll(shard, key, now, members));
  }

  /** How many of the members were there. */
  private static int removeAll(Shard shard, Key key, long now, List<byte[]> members) {
    Version version = null;
    int removed = 0;
    for (byte[] member : members) {
      if (!Double.isNaN(shard.store().score(key, member, now))) {
        if (version == null) {
          version = Writes.keepingExpiry(shard, key, now);
        }
        shard.write(Element.scoreRemoved(key, member, version));
        removed++;
      }
    }
    if (version != null && shard.store().scoredCount(key, now) == 0) {
      // An empty sorted set is gone, and its expiry must not fall on the next key of that name.
      shard.write(Element.expiry(key, version, Element.NEVER));
    }
    return removed;
  }

  private static Reply pop(Shard shard, byte[][] args, boolean highest) {
    if (args.length > 3) {
      return Failures.SYNTAX;
    }
    OptionalLong count = args.length == 3 ? Arguments.count(args[2]) : OptionalLong.of(1);
    if (count.isEmpty()) {
      return Failures.NOT_POSITIVE;
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSortedSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    ShardStore store = shard.store();
    long popping = Math.min(count.getAsLong(), store.scoredCount(key, now));
    List<byte[]> members = new ArrayList<>();
    List<Reply> popped = new ArrayList<>();
    if (popping > 0) {
      store.forEachScored(
          key,
          now,
          0,
          popping,
          highest,
          (member, score) -> {
            members.add(member);
            popped.add(new Reply.Bulk(member));
            popped.add(new Reply.Real(score));
          });
    }
    removeAll(shard, key, now, members);
    return args.length == 3 ? new Reply.Couples(popped) : new Reply.Array(popped);
  }

  private static Reply score(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    return isOtherThanSortedSet(shard, key, now)
        ? Failures.WRONG_TYPE
        : realOrNull(shard.store().score(key, args[2], now));
  }

  private static Reply scores(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSortedSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    List<Reply> scores = new ArrayList<>(args.length - 2);
    for (int i = 2; i < args.length; i++) {
      scores.add(realOrNull(shard.store().score(key, args[i], now)));
    }
    return new Reply.Array(scores);
  }

  private static Reply realOrNull(double score) {
    return Double.isNaN(score) ? Reply.NULL : new Reply.Real(score);
  }

  private static Reply count(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    return isOtherThanSortedSet(shard, key, now)
        ? Failures.WRONG_TYPE
        : Reply.of(shard.store().scoredCount(key, now));
  }

  private static Reply countRange(Shard shard, byte[][] args, Unit unit) {
    Optional<MemberRange> range = unit.parse(args[2], args[3], false);
    if (range.isEmpty()) {
      return unit.failure();
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    return isOtherThanSortedSet(shard, key, now)
        ? Failures.WRONG_TYPE
        : Reply.of(range.get().within(shard.store(), key, now).size());
  }

  private static Reply rank(Shard shard, byte[][] args, boolean reverse) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSortedSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    long rank = shard.store().rank(key, args[2], now);
    if (rank < 0) {
      return Reply.NULL;
    }
    return Reply.of(reverse ? shard.store().scoredCount(key, now) - 1 - rank : rank);
  }

  private static Reply range(Shard shard, byte[][] args, RangeOptions options) {
    Optional<Reply> failure = options.read(args, 4);
    if (failure.isPresent()) {
      return failure.get();
    }
    Optional<MemberRange> range = options.unit().parse(args[2], args[3], options.isReverse());
    if (range.isEmpty()) {
      return options.unit().failure();
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSortedSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    ShardStore store = shard.store();
    Span span = range.get().within(store, key, now);
    long first = options.isReverse() ? store.scoredCount(key, now) - span.to() : span.from();
    long skipped = options.skipped(span.size());
    long wanted = options.wanted(span.size() - skipped);
    List<Reply> items = new ArrayList<>();
    if (wanted > 0) {
      store.forEachScored(
          key,
          now,
          first + skipped,
          wanted,
          options.isReverse(),
          (member, score) -> {
            items.add(new Reply.Bulk(member));
            if (options.withScores()) {
              items.add(new Reply.Real(score));
            }
          });
    }
    return options.withScores() ? new Reply.Couples(items) : new Reply.Array(items);
  }
}
