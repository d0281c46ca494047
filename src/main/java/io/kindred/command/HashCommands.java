package io.kindred.command;

import static io.kindred.command.CommandSpec.onShard;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import io.kindred.storage.CountBase;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Redis's hash group. Each field is an element of its own and merges by itself. HINCRBY writes this
 * origin's own contribution to a field, as INCR does to a string.
 */
final class HashCommands {

  // spotless:off
  static final List<CommandSpec> SPECS = List.of(
      onShard("hset",   -4, "write denyoom fast", "hash", "Set the string value of a hash field", "2.0.0", (shard, args) -> set(shard, args, "hset")),
      onShard("hmset",  -4, "write denyoom fast", "hash", "Set multiple hash fields to multiple values", "2.0.0", (shard, args) -> set(shard, args, "hmset")),
      onShard("hsetnx",  4, "write denyoom fast", "hash", "Set the value of a hash field, only if the field does not exist", "2.0.0", HashCommands::setIfAbsent),
      onShard("hincrby", 4, "write denyoom fast", "hash", "Increment the integer value of a hash field by the given number", "2.0.0", HashCommands::increment),
      onShard("hincrbyfloat", 4, "write denyoom fast", "hash", "Increment the float value of a hash field by the given amount", "2.6.0", HashCommands::incrementByFloat),
      onShard("hstrlen", 3, "readonly fast", "hash", "Get the length of the value of a hash field", "3.2.0", HashCommands::valueLength),
      onShard("hget",    3, "readonly fast", "hash", "Get the value of a hash field", "2.0.0", HashCommands::get),
      onShard("hmget",  -3, "readonly fast", "hash", "Get the values of all the given hash fields", "2.0.0", HashCommands::getMany),
      onShard("hdel",   -3, "write fast", "hash", "Delete one or more hash fields", "2.0.0", HashCommands::delete),
      onShard("hlen",    2, "readonly fast", "hash", "Get the number of fields in a hash", "2.0.0", HashCommands::length),
      onShard("hexists", 3, "readonly fast", "hash", "Determine if a hash field exists", "2.0.0", HashCommands::exists),
      onShard("hgetall", 2, "readonly", "hash", "Get all the fields and values in a hash", "2.0.0", HashCommands::getAll),
      onShard("hkeys",   2, "readonly", "hash", "Get all the fields in a hash", "2.0.0", HashCommands::keys),
      onShard("hvals",   2, "readonly", "hash", "Get all the values in a hash", "2.0.0", HashCommands::values));
  // spotless:on

  private static final Reply NO_INTEGER_FIELD =
      new Reply.Failure("ERR hash value is not an integer");
  private static final Reply NO_FLOAT_FIELD = new Reply.Failure("ERR hash value is not a float");
  private static final Reply INFINITE_INCREMENT = new Reply.Failure("ERR value is NaN or Infinity");

  private HashCommands() {}

  private static boolean isOtherThanHash(Shard shard, Key key, long now) {
    KeyType type = shard.store().type(key, now);
    return type != KeyType.NONE && type != KeyType.HASH;
  }

  private static Reply set(Shard shard, byte[][] args, String name) {
    if (args.length % 2 != 0) {
      return Failures.arity(name);
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanHash(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    Version version = Writes.keepingExpiry(shard, key, now);
    int added = 0;
    for (Map.Entry<ByteBuffer, byte[]> pair : pairs(args).entrySet()) {
      byte[] field = pair.getKey().array();
      if (shard.store().field(key, field, now) == null) {
        added++;
      }
      shard.write(Element.field(key, field, version, pair.getValue()));
    }
    return name.equals("hmset") ? Reply.OK : Reply.of(added);
  }

  /**
   * Of a field named twice the last value counts. Written one after the other both would have one
   * version, and the greater bytes would win.
   */
  private static Map<ByteBuffer, byte[]> pairs(byte[][] args) {
    if (args.length == 4) {
      return Map.of(ByteBuffer.wrap(args[2]), args[3]);
    }
    Map<ByteBuffer, byte[]> pairs = new LinkedHashMap<>();
    for (int i = 2; i < args.length; i += 2) {
      pairs.put(ByteBuffer.wrap(args[i]), args[i + 1]);
    }
    return pairs;
  }

  private static Reply setIfAbsent(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanHash(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    if (shard.store().field(key, args[2], now) != null) {
      return Reply.ZERO;
    }
    Version version = Writes.keepingExpiry(shard, key, now);
    shard.write(Element.field(key, args[2], version, args[3]));
    return Reply.ONE;
  }

  private static Reply increment(Shard shard, byte[][] args) {
    OptionalLong by = Arguments.integer(args[3]);
    if (by.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    Key key = shard.key(args[1]);
    byte[] field = args[2];
    ShardStore store = shard.store();
    long now = shard.now();
    if (isOtherThanHash(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    byte[] digits = store.field(key, field, now);
    OptionalLong old = digits == null ? OptionalLong.of(0) : Arguments.integer(digits);
    if (old.isEmpty()) {
      return NO_INTEGER_FIELD;
    }
    long sum = old.getAsLong() + by.getAsLong();
    if (((old.getAsLong() ^ sum) & (by.getAsLong() ^ sum)) < 0) {
      return Failures.OVERFLOW;
    }
    Version version = Writes.keepingExpiry(shard, key, now);
    CountBase base = store.fieldBase(key, field, version.origin(), now);
    // May wrap round, as a counter's does.
    long contribution =
        store.fieldContribution(key, field, version.origin(), base.version()) + by.getAsLong();
    shard.write(
        Element.fieldCount(key, field, version, base.version(), base.founding(), contribution));
    return Reply.of(sum);
  }

  private static Reply incrementByFloat(Shard shard, byte[][] args) {
    Optional<LongDouble> by = LongDouble.parse(args[3]);
    if (by.isEmpty()) {
      return Failures.NOT_A_FLOAT;
    }
    if (!by.get().isFinite()) {
      return INFINITE_INCREMENT;
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanHash(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    byte[] digits = shard.store().field(key, args[2], now);
    Optional<LongDouble> old =
        digits == null ? Optional.of(LongDouble.ZERO) : LongDouble.parse(digits);
    if (old.isEmpty()) {
      return NO_FLOAT_FIELD;
    }
    LongDouble sum = old.get().plus(by.get());
    if (!sum.isFinite()) {
      return Failures.NOT_FINITE;
    }
    byte[] result = sum.text().getBytes(StandardCharsets.US_ASCII);
    Version version = Writes.keepingExpiry(shard, key, now);
    shard.write(Element.field(key, args[2], version, result));
    return new Reply.Bulk(result);
  }

  private static Reply valueLength(Shard shard, byte[][] args) {
    Reply value = get(shard, args);
    if (value instanceof Reply.Bulk bulk) {
      return Reply.of(bulk.bytes().length);
    }
    return value == Reply.NULL ? Reply.ZERO : value;
  }

  private static Reply get(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    return isOtherThanHash(shard, key, now)
        ? Failures.WRONG_TYPE
        : Reply.bulkOrNull(shard.store().field(key, args[2], now));
  }

  private static Reply getMany(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanHash(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    List<Reply> values = new ArrayList<>(args.length - 2);
    for (int i = 2; i < args.length; i++) {
      values.add(Reply.bulkOrNull(shard.store().field(key, args[i], now)));
    }
    return new Reply.Array(values);
  }

  private static Reply delete(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanHash(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    Version version = null;
    int deleted = 0;
    for (int i = 2; i < args.length; i++) {
      if (shard.store().field(key, args[i], now) != null) {
        if (version == null) {
          version = Writes.keepingExpiry(shard, key, now);
        }
        shard.write(Element.fieldRemoved(key, args[i], version));
        deleted++;
      }
    }
    if (version != null && shard.store().fieldCount(key, now) == 0) {
      // An empty hash is gone, and its expiry must not fall on the next key of that name.
      shard.write(Element.expiry(key, version, Element.NEVER));
    }
    return Reply.of(deleted);
  }

  private static Reply length(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    return isOtherThanHash(shard, key, now)
        ? Failures.WRONG_TYPE
        : Reply.of(shard.store().fieldCount(key, now));
  }

  private static Reply exists(Shard shard, byte[][] args) {
    Reply value = get(shard, args);
    if (value instanceof Reply.Failure) {
      return value;
    }
    return value == Reply.NULL ? Reply.ZERO : Reply.ONE;
  }

  private static Reply getAll(Shard shard, byte[][] args) {
    return visit(shard, args, true, true);
  }

  private static Reply keys(Shard shard, byte[][] args) {
    return visit(shard, args, true, false);
  }

  private static Reply values(Shard shard, byte[][] args) {
    return visit(shard, args, false, true);
  }

  private static Reply visit(Shard shard, byte[][] args, boolean names, boolean values) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanHash(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    List<Reply> items = new ArrayList<>();
    shard
        .store()
        .forEachField(
            key,
            now,
            (field, value) -> {
              if (names) {
                items.add(new Reply.Bulk(field));
              }
              if (values) {
                items.add(new Reply.Bulk(value));
              }
            });
    return names && values ? new Reply.Pairs(items) : new Reply.Array(items);
  }
}
