package io.kindred.command;

import static io.kindred.command.CommandSpec.onShard;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.util.List;
import java.util.OptionalLong;

/**
 * INCR and its kin. They never make a base: each writes this origin's own contribution, so that
 * increments made in several racks at once add up.
 */
final class CounterCommands {

  // spotless:off
  static final List<CommandSpec> SPECS = List.of(
      onShard("incr",   2, "write denyoom fast", "string", "Increment the integer value of a key by one", "1.0.0", (shard, args) -> add(shard, args, 1)),
      onShard("decr",   2, "write denyoom fast", "string", "Decrement the integer value of a key by one", "1.0.0", (shard, args) -> add(shard, args, -1)),
      onShard("incrby", 3, "write denyoom fast", "string", "Increment the integer value of a key by the given amount", "1.0.0", CounterCommands::incrby),
      onShard("decrby", 3, "write denyoom fast", "string", "Decrement the integer value of a key by the given number", "1.0.0", CounterCommands::decrby));
  // spotless:on

  private CounterCommands() {}

  private static Reply incrby(Shard shard, byte[][] args) {
    OptionalLong by = Arguments.integer(args[2]);
    return by.isEmpty() ? Failures.NOT_AN_INTEGER : add(shard, args, by.getAsLong());
  }

  private static Reply decrby(Shard shard, byte[][] args) {
    OptionalLong by = Arguments.integer(args[2]);
    if (by.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    // Its negation does not fit into 64 bits.
    if (by.getAsLong() == Long.MIN_VALUE) {
      return Failures.DECREMENT_OVERFLOW;
    }
    return add(shard, args, -by.getAsLong());
  }

  private static Reply add(Shard shard, byte[][] args, long by) {
    Key key = shard.key(args[1]);
    ShardStore store = shard.store();
    long now = shard.now();
    long old = 0;
    byte[] digits = store.string(key, now);
    if (digits != null) {
      OptionalLong parsed = Arguments.integer(digits);
      if (parsed.isEmpty()) {
        return Failures.NOT_AN_INTEGER;
      }
      old = parsed.getAsLong();
    } else if (store.type(key, now) != KeyType.NONE) {
      return Failures.WRONG_TYPE;
    }
    long sum = old + by;
    if (((old ^ sum) & (by ^ sum)) < 0) {
      return Failures.OVERFLOW;
    }
    Version version = Writes.keepingExpiry(shard, key, now);
    Version base = store.counterBase(key, version.origin(), now);
    // Wraps round where many increments met a base of the other sign; so does the total, to the
    // right value.
    long contribution = store.contribution(key, version.origin(), base) + by;
    shard.write(Element.count(key, version, base, contribution));
    return Reply.of(sum);
  }
}
