package io.kindred.command;

import io.kindred.entry.Key;
import io.kindred.storage.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Questions about a whole shard, which DBSIZE, SCAN and CLUSTER are made of. They travel like
 * clients' commands but no client can name them: no command of Redis's begins with a bar.
 */
public final class ShardQueries {

  /** {@code |count}: how many keys the shard has, as an integer. */
  public static final String COUNT = "|count";

  /**
   * {@code |keys slot last count pattern type}: the keys of whole slots from {@code slot} to {@code
   * last}, until {@code count} of them were looked at. Empty pattern and type let everything pass.
   * Answers the next slot to ask for (behind {@code last} at the end), how many keys were looked
   * at, and the keys that passed.
   */
  public static final String KEYS = "|keys";

  /** {@code |count-in-slot slot}: how many keys live in a slot. */
  public static final String COUNT_IN_SLOT = "|count-in-slot";

  static final Map<String, ShardCommand> ALL =
      Map.of(
          COUNT, (shard, args) -> Reply.of(shard.store().keyCount()),
          KEYS, ShardQueries::keys,
          COUNT_IN_SLOT, ShardQueries::countInSlot);

  private ShardQueries() {}

  private static Reply countInSlot(Shard shard, byte[][] args) {
    long[] count = new long[1];
    shard.store().forEachKey(number(args[1]), shard.now(), key -> count[0]++);
    return Reply.of(count[0]);
  }

  private static Reply keys(Shard shard, byte[][] args) {
    int slot = number(args[1]);
    int last = number(args[2]);
    int wanted = number(args[3]);
    Glob pattern = args[4].length == 0 ? null : new Glob(args[4]);
    String type = Arguments.text(args[5]);
    long now = shard.now();
    int[] seen = new int[1];
    List<Reply> passed = new ArrayList<>();
    while (slot <= last && seen[0] < wanted) {
      shard
          .store()
          .forEachKey(
              slot,
              now,
              key -> {
                seen[0]++;
                if (passes(shard, key, now, pattern, type)) {
                  passed.add(new Reply.Bulk(key.bytes()));
                }
              });
      slot++;
    }
    return new Reply.Array(List.of(Reply.of(slot), Reply.of(seen[0]), new Reply.Array(passed)));
  }

  /** Slots from the first to the last. */
  public record Slots(int first, int last) {}

  /** Which slots an answer lists the keys of; empty for an answer that lists none. */
  public static Optional<Slots> slotsListed(byte[][] args, Reply answer) {
    return Arguments.text(args[0]).equals(KEYS)
            && answer instanceof Reply.Array parts
            && parts.items().get(0) instanceof Reply.Int next
        ? Optional.of(new Slots(number(args[1]), (int) next.value() - 1))
        : Optional.empty();
  }

  private static boolean passes(Shard shard, Key key, long now, Glob pattern, String type) {
    return (pattern == null || pattern.matches(key.bytes()))
        && (type.isEmpty() || shard.store().type(key, now).word().equals(type));
  }

  private static int number(byte[] argument) {
    return Math.toIntExact(Arguments.integer(argument).orElseThrow());
  }
}
