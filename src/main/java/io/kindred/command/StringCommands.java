package io.kindred.command;

import static io.kindred.command.CommandSpec.onEachKey;
import static io.kindred.command.CommandSpec.onShard;

import io.kindred.command.CommandSpec.Join;
import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Redis's string group, but for the counters. */
final class StringCommands {

  /** No string grows beyond what a client could send at once, as in Redis. */
  private static final long STRING_BYTES_MAX = 512L << 20;

  // spotless:off
  static final List<CommandSpec> SPECS = List.of(
      onShard("get",    2, "readonly fast", "string", "Get the value of a key", "1.0.0", StringCommands::get),
      onShard("set",   -3, "write denyoom", "string", "Set the string value of a key", "1.0.0", StringCommands::set),
      onShard("setnx",  3, "write denyoom fast", "string", "Set the value of a key, only if the key does not exist", "1.0.0", StringCommands::setnx),
      onShard("setex",  4, "write denyoom", "string", "Set the value and expiration in seconds of a key", "2.0.0", (shard, args) -> setWithExpiry(shard, args, ExpireTime.SECONDS, "setex")),
      onShard("psetex", 4, "write denyoom", "string", "Set the value and expiration in milliseconds of a key", "2.6.0", (shard, args) -> setWithExpiry(shard, args, ExpireTime.MILLIS, "psetex")),
      onShard("getset", 3, "write denyoom fast", "string", "Set the string value of a key and return its old value", "1.0.0", StringCommands::getset),
      onShard("getdel", 2, "write fast", "string", "Get the value of a key and delete the key", "6.2.0", StringCommands::getdel),
      onShard("delifeq", 3, "write fast", "string", "Delete a key if its value is this", "9.0.0", (shard, args) -> deleteIf(shard, args, new ValueCondition(true, args[2]))),
      onShard("delex", -2, "write fast", "string", "Delete a key if its value is (IFEQ) or is not (IFNE) this", "8.4.0", StringCommands::deleteEx),
      onShard("append", 3, "write denyoom fast", "string", "Append a value to a key", "2.0.0", StringCommands::append),
      onShard("setrange", 4, "write denyoom", "string", "Overwrite part of a string at key starting at the specified offset", "2.2.0", StringCommands::setRange),
      onShard("incrbyfloat", 3, "write denyoom fast", "string", "Increment the float value of a key by the given amount", "2.6.0", StringCommands::incrementByFloat),
      onShard("getrange", 4, "readonly", "string", "Get a substring of the string stored at a key", "2.4.0", StringCommands::getRange),
      onShard("strlen", 2, "readonly fast", "string", "Get the length of the value stored in a key", "2.2.0", StringCommands::strlen),
      onEachKey("mget", -2, 1, "readonly fast", "string", "Get the values of all the given keys", "1.0.0", Join.CONCATENATE, StringCommands::getForMget),
      onEachKey("mset", -3, 2, "write denyoom", "string", "Set multiple keys to multiple values", "1.0.1", Join.ALL_OK, StringCommands::setForMset));
  // spotless:on

  private static final Reply OFFSET_OUT_OF_RANGE = new Reply.Failure("ERR offset is out of range");
  private static final byte[] EMPTY = {};

  private StringCommands() {}

  private static Reply get(Shard shard, byte[][] args) {
    return current(shard.store(), shard.key(args[1]), shard.now());
  }

  /** The string, null where the key is not there, or the failure that says it is no string. */
  private static Reply current(ShardStore store, Key key, long now) {
    byte[] value = store.string(key, now);
    if (value != null) {
      return new Reply.Bulk(value);
    }
    return isOtherThanString(store, key, now) ? Failures.WRONG_TYPE : Reply.NULL;
  }

  private static boolean isOtherThanString(ShardStore store, Key key, long now) {
    KeyType type = store.type(key, now);
    return type != KeyType.NONE && type != KeyType.STRING;
  }

  private static Reply set(Shard shard, byte[][] args) {
    Optional<SetOptions> parsed = SetOptions.parse(args);
    if (parsed.isEmpty()) {
      return Failures.SYNTAX;
    }
    SetOptions options = parsed.get();
    long now = shard.now();
    long expiresAt = Element.NEVER;
    if (options.unit().isPresent()) {
      OptionalLong amount = Arguments.integer(options.amount());
      if (amount.isEmpty()) {
        return Failures.NOT_AN_INTEGER;
      }
      expiresAt = options.expiresAt(amount, now);
      if (expiresAt == ExpireTime.OUT_OF_RANGE) {
        return Failures.invalidExpire("set");
      }
    }
    Key key = shard.key(args[1]);
    Reply old = Reply.OK;
    if (options.answerOld()) {
      old = current(shard.store(), key, now);
      if (old instanceof Reply.Failure) {
        return old;
      }
    }
    if (options.onlyIf() != null) {
      Reply held = current(shard.store(), key, now);
      if (held instanceof Reply.Failure) {
        return held;
      }
      if (!options.onlyIf().holds(held instanceof Reply.Bulk bulk ? bulk.bytes() : null)) {
        return options.answerOld() ? held : Reply.NULL;
      }
    }
    if (options.onlyIfAbsent() || options.onlyIfPresent()) {
      boolean present = shard.store().type(key, now) != KeyType.NONE;
      if (present == options.onlyIfAbsent()) {
        return options.answerOld() ? old : Reply.NULL;
      }
    }
    if (options.keepExpiry()) {
      Writes.stringKeepingExpiry(shard, key, now, args[2]);
    } else {
      Writes.string(shard, key, now, args[2], expiresAt);
    }
    return old;
  }

  private static Reply setnx(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (shard.store().type(key, now) != KeyType.NONE) {
      return Reply.ZERO;
    }
    Writes.string(shard, key, now, args[2], Element.NEVER);
    return Reply.ONE;
  }

  private static Reply setWithExpiry(Shard shard, byte[][] args, ExpireTime unit, String name) {
    OptionalLong amount = Arguments.integer(args[2]);
    if (amount.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    long now = shard.now();
    long expiresAt =
        amount.getAsLong() <= 0 ? ExpireTime.OUT_OF_RANGE : unit.absolute(amount.getAsLong(), now);
    if (expiresAt == ExpireTime.OUT_OF_RANGE) {
      return Failures.invalidExpire(name);
    }
    Writes.string(shard, shard.key(args[1]), now, args[3], expiresAt);
    return Reply.OK;
  }

  private static Reply getset(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    Reply old = current(shard.store(), key, now);
    if (!(old instanceof Reply.Failure)) {
      Writes.string(shard, key, now, args[2], Element.NEVER);
    }
    return old;
  }

  private static Reply getdel(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    Reply old = current(shard.store(), key, now);
    if (old instanceof Reply.Bulk) {
      Writes.clear(shard, key, now);
    }
    return old;
  }

  private static Reply deleteEx(Shard shard, byte[][] args) {
    if (args.length == 2) {
      return KeyCommands.delete(shard, args);
    }
    return args.length == 4 && ValueCondition.isOne(args[2])
        ? deleteIf(shard, args, ValueCondition.of(args[2], args[3]))
        : Failures.SYNTAX;
  }

  private static Reply deleteIf(Shard shard, byte[][] args, ValueCondition condition) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    Reply held = current(shard.store(), key, now);
    if (held instanceof Reply.Failure) {
      return held;
    }
    if (!(held instanceof Reply.Bulk bulk) || !condition.holds(bulk.bytes())) {
      return Reply.ZERO;
    }
    Writes.clear(shard, key, now);
    return Reply.ONE;
  }

  private static Reply append(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    byte[] old = shard.store().string(key, now);
    if (old == null) {
      if (isOtherThanString(shard.store(), key, now)) {
        return Failures.WRONG_TYPE;
      }
      Writes.string(shard, key, now, args[2], Element.NEVER);
      return Reply.of(args[2].length);
    }
    if ((long) old.length + args[2].length > STRING_BYTES_MAX) {
      return Failures.TOO_LONG;
    }
    byte[] joined = Arrays.copyOf(old, old.length + args[2].length);
    System.arraycopy(args[2], 0, joined, old.length, args[2].length);
    Writes.stringKeepingExpiry(shard, key, now, joined);
    return Reply.of(joined.length);
  }

  private static Reply setRange(Shard shard, byte[][] args) {
    OptionalLong given = Arguments.integer(args[2]);
    if (given.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    long offset = given.getAsLong();
    if (offset < 0) {
      return OFFSET_OUT_OF_RANGE;
    }
    Key key = shard.key(args[1]);
    byte[] part = args[3];
    long now = shard.now();
    byte[] old = shard.store().string(key, now);
    if (old == null && isOtherThanString(shard.store(), key, now)) {
      return Failures.WRONG_TYPE;
    }
    int oldLength = old == null ? 0 : old.length;
    if (part.length == 0) {
      return Reply.of(oldLength);
    }
    if (offset > STRING_BYTES_MAX - part.length) {
      return Failures.TOO_LONG;
    }
    int length = Math.max(oldLength, (int) offset + part.length);
    byte[] result = old == null ? new byte[length] : Arrays.copyOf(old, length);
    System.arraycopy(part, 0, result, (int) offset, part.length);
    setResult(shard, key, now, old, result);
    return Reply.of(length);
  }

  private static Reply incrementByFloat(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    byte[] old = shard.store().string(key, now);
    if (old == null && isOtherThanString(shard.store(), key, now)) {
      return Failures.WRONG_TYPE;
    }
    Optional<LongDouble> value = old == null ? Optional.of(LongDouble.ZERO) : LongDouble.parse(old);
    Optional<LongDouble> by = LongDouble.parse(args[2]);
    if (value.isEmpty() || by.isEmpty()) {
      return Failures.NOT_A_FLOAT;
    }
    LongDouble sum = value.get().plus(by.get());
    if (!sum.isFinite()) {
      return Failures.NOT_FINITE;
    }
    byte[] result = sum.text().getBytes(StandardCharsets.US_ASCII);
    setResult(shard, key, now, old, result);
    return new Reply.Bulk(result);
  }

  /** What became of a string, in its place; a new one has no expiry. */
  private static void setResult(Shard shard, Key key, long now, byte[] old, byte[] result) {
    if (old == null) {
      Writes.string(shard, key, now, result, Element.NEVER);
    } else {
      Writes.stringKeepingExpiry(shard, key, now, result);
    }
  }

  private static Reply getRange(Shard shard, byte[][] args) {
    Optional<IndexRange> range = IndexRange.parse(args[2], args[3]);
    if (range.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    Reply value = get(shard, args);
    if (value instanceof Reply.Failure) {
      return value;
    }
    byte[] bytes = value instanceof Reply.Bulk bulk ? bulk.bytes() : EMPTY;
    long from = range.get().from(bytes.length);
    // An end before the first byte is the first byte, unless both ends are named from the end, the
    // wrong way round.
    long to =
        range.get().isBackwards()
            ? from
            : Math.max(Math.min(bytes.length, 1), range.get().to(bytes.length));
    return new Reply.Bulk(from < to ? Arrays.copyOfRange(bytes, (int) from, (int) to) : EMPTY);
  }

  private static Reply strlen(Shard shard, byte[][] args) {
    Reply value = get(shard, args);
    if (value instanceof Reply.Bulk bulk) {
      return Reply.of(bulk.bytes().length);
    }
    return value == Reply.NULL ? Reply.ZERO : value;
  }

  /** MGET answers null for what is no string, not an error. */
  private static Reply getForMget(Shard shard, byte[][] args) {
    byte[] value = shard.store().string(shard.key(args[1]), shard.now());
    return new Reply.Array(List.of(Reply.bulkOrNull(value)));
  }

  private static Reply setForMset(Shard shard, byte[][] args) {
    Writes.string(shard, shard.key(args[1]), shard.now(), args[2], Element.NEVER);
    return Reply.OK;
  }
}
