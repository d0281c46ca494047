package io.kindred.command;

import static io.kindred.command.CommandSpec.onEachKey;
import static io.kindred.command.CommandSpec.onNode;
import static io.kindred.command.CommandSpec.onShard;

import io.kindred.command.CommandSpec.Join;
import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.storage.Shard;
import java.util.List;
import java.util.OptionalLong;

/** Redis's generic group: what concerns a key of any type. */
final class KeyCommands {

  // spotless:off
  static final List<CommandSpec> SPECS = List.of(
      onEachKey("del",    -2, 1, "write", "generic", "Delete a key", "1.0.0", Join.SUM, KeyCommands::delete),
      onEachKey("unlink", -2, 1, "write fast", "generic", "Delete a key; the same as DEL here", "4.0.0", Join.SUM, KeyCommands::delete),
      onEachKey("exists", -2, 1, "readonly fast", "generic", "Determine if a key exists", "1.0.0", Join.SUM, KeyCommands::exists),
      onShard("type",       2, "readonly fast", "generic", "Determine the type stored at key", "1.0.0", KeyCommands::type),
      onShard("expire",    -3, "write fast", "generic", "Set a key's time to live in seconds", "1.0.0", (shard, args) -> expire(shard, args, ExpireTime.SECONDS, "expire")),
      onShard("pexpire",   -3, "write fast", "generic", "Set a key's time to live in milliseconds", "2.6.0", (shard, args) -> expire(shard, args, ExpireTime.MILLIS, "pexpire")),
      onShard("expireat",  -3, "write fast", "generic", "Set the expiration for a key as a UNIX timestamp", "1.2.0", (shard, args) -> expire(shard, args, ExpireTime.AT_SECONDS, "expireat")),
      onShard("pexpireat", -3, "write fast", "generic", "Set the expiration for a key as a UNIX timestamp specified in milliseconds", "2.6.0", (shard, args) -> expire(shard, args, ExpireTime.AT_MILLIS, "pexpireat")),
      onShard("ttl",        2, "readonly fast", "generic", "Get the time to live for a key in seconds", "1.0.0", (shard, args) -> timeToLive(shard, args, 1000)),
      onShard("pttl",       2, "readonly fast", "generic", "Get the time to live for a key in milliseconds", "2.6.0", (shard, args) -> timeToLive(shard, args, 1)),
      onShard("persist",    2, "write fast", "generic", "Remove the expiration from a key", "2.2.0", KeyCommands::persist),
      onNode("wait",        3, "noscript", "generic", "Wait until so many other racks have what this connection wrote", "3.0.0"),
      onNode("scan",       -2, "readonly", "generic", "Incrementally iterate the keys", "2.8.0"));
  // spotless:on

  private KeyCommands() {}

  static Reply delete(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (shard.store().type(key, now) == KeyType.NONE) {
      return Reply.ZERO;
    }
    Writes.clear(shard, key, now);
    return Reply.ONE;
  }

  private static Reply exists(Shard shard, byte[][] args) {
    boolean absent = shard.store().type(shard.key(args[1]), shard.now()) == KeyType.NONE;
    return absent ? Reply.ZERO : Reply.ONE;
  }

  private static Reply type(Shard shard, byte[][] args) {
    return new Reply.Simple(shard.store().type(shard.key(args[1]), shard.now()).word());
  }

  private static Reply expire(Shard shard, byte[][] args, ExpireTime unit, String name) {
    ExpireCondition condition = new ExpireCondition();
    for (int i = 3; i < args.length; i++) {
      if (!condition.add(args[i])) {
        return Failures.unsupportedOption(args[i]);
      }
    }
    if (condition.conflict().isPresent()) {
      return new Reply.Failure(condition.conflict().get());
    }
    OptionalLong amount = Arguments.integer(args[2]);
    if (amount.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    long now = shard.now();
    long expiresAt = unit.absolute(amount.getAsLong(), now);
    if (expiresAt == ExpireTime.OUT_OF_RANGE) {
      return Failures.invalidExpire(name);
    }
    Key key = shard.key(args[1]);
    if (shard.store().type(key, now) == KeyType.NONE
        || !condition.allows(shard.store().expiryAt(key, now), expiresAt)) {
      return Reply.ZERO;
    }
    if (expiresAt <= now) {
      Writes.clear(shard, key, now);
    } else {
      Writes.expiry(shard, key, now, expiresAt);
    }
    return Reply.ONE;
  }

  private static Reply timeToLive(Shard shard, byte[][] args, long unitMillis) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (shard.store().type(key, now) == KeyType.NONE) {
      return new Reply.Int(-2);
    }
    OptionalLong expiresAt = shard.store().expiryAt(key, now);
    if (expiresAt.isEmpty()) {
      return new Reply.Int(-1);
    }
    // Seconds are rounded to the nearest, as in Redis.
    long millis = Math.max(0, expiresAt.getAsLong() - now);
    return Reply.of(
        millis / unitMillis + (millis % unitMillis * 2 >= unitMillis && unitMillis > 1 ? 1 : 0));
  }

  private static Reply persist(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (shard.store().type(key, now) == KeyType.NONE
        || shard.store().expiryAt(key, now).isEmpty()) {
      return Reply.ZERO;
    }
    Writes.expiry(shard, key, now, Element.NEVER);
    return Reply.ONE;
  }
}
