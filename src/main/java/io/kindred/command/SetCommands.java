package io.kindred.command;

import static io.kindred.command.CommandSpec.onShard;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Version;
import io.kindred.storage.Shard;
import java.util.ArrayList;
import java.util.List;

/**
 * Redis's set group. Adding a member that is there already writes it again: a removal that another
 * rack made meanwhile, and that is older, must not take it away.
 */
final class SetCommands {

  // spotless:off
  static final List<CommandSpec> SPECS = List.of(
      onShard("sadd",     -3, "write denyoom fast", "set", "Add one or more members to a set", "1.0.0", SetCommands::add),
      onShard("srem",     -3, "write fast", "set", "Remove one or more members from a set", "1.0.0", SetCommands::remove),
      onShard("sismember", 3, "readonly fast", "set", "Determine if a given value is a member of a set", "1.0.0", SetCommands::isMember),
      onShard("scard",     2, "readonly fast", "set", "Get the number of members in a set", "1.0.0", SetCommands::count),
      onShard("smembers",  2, "readonly", "set", "Get all the members in a set", "1.0.0", SetCommands::members));
  // spotless:on

  private SetCommands() {}

  private static boolean isOtherThanSet(Shard shard, Key key, long now) {
    KeyType type = shard.store().type(key, now);
    return type != KeyType.NONE && type != KeyType.SET;
  }

  private static Reply add(Shard shard, byte[][] args) {
    Key key = Key.of(args[1]);
    long now = shard.now();
    if (isOtherThanSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    Version version = Writes.keepingExpiry(shard, key, now);
    int added = 0;
    for (int i = 2; i < args.length; i++) {
      if (!shard.store().hasMember(key, args[i], now)) {
        added++;
      }
      shard.write(Element.member(key, args[i], version));
    }
    return Reply.of(added);
  }

  private static Reply remove(Shard shard, byte[][] args) {
    Key key = Key.of(args[1]);
    long now = shard.now();
    if (isOtherThanSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    Version version = null;
    int removed = 0;
    for (int i = 2; i < args.length; i++) {
      if (shard.store().hasMember(key, args[i], now)) {
        if (version == null) {
          version = Writes.keepingExpiry(shard, key, now);
        }
        shard.write(Element.memberRemoved(key, args[i], version));
        removed++;
      }
    }
    if (version != null && shard.store().memberCount(key, now) == 0) {
      // An empty set is gone, and its expiry must not fall on the next key of that name.
      shard.write(Element.expiry(key, version, Element.NEVER));
    }
    return Reply.of(removed);
  }

  private static Reply isMember(Shard shard, byte[][] args) {
    Key key = Key.of(args[1]);
    long now = shard.now();
    if (isOtherThanSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    return shard.store().hasMember(key, args[2], now) ? Reply.ONE : Reply.ZERO;
  }

  private static Reply count(Shard shard, byte[][] args) {
    Key key = Key.of(args[1]);
    long now = shard.now();
    return isOtherThanSet(shard, key, now)
        ? Failures.WRONG_TYPE
        : Reply.of(shard.store().memberCount(key, now));
  }

  private static Reply members(Shard shard, byte[][] args) {
    Key key = Key.of(args[1]);
    long now = shard.now();
    if (isOtherThanSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    List<Reply> members = new ArrayList<>();
    shard.store().forEachMember(key, now, member -> members.add(new Reply.Bulk(member)));
    return new Reply.Members(members);
  }
}
