package io.kindred.command;

import static io.kindred.command.CommandSpec.onShard;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Mix;
import io.kindred.entry.Version;
import io.kindred.storage.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

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
      onShard("smismember", -3, "readonly fast", "set", "Returns the membership associated with the given elements for a set", "6.2.0", SetCommands::areMembers),
      onShard("spop",     -2, "write fast", "set", "Remove and return one or multiple random members from a set", "1.0.0", SetCommands::pop),
      onShard("srandmember", -2, "readonly", "set", "Get one or multiple random members from a set", "1.0.0", SetCommands::randomMembers),
      onShard("smembers",  2, "readonly", "set", "Get all the members in a set", "1.0.0", SetCommands::members));
  // spotless:on

  /** How often members may be repeated in one answer: Redis would fill its memory. */
  private static final long REPEATED_MAX = 1 << 20;

  /** How often a read has drawn, so that two that ask at one moment draw differently. */
  private static final AtomicLong DRAWS = new AtomicLong();

  private static final Reply TOO_MANY = new Reply.Failure("ERR value is out of range");
  private static final Reply NO_ABSOLUTE =
      new Reply.Failure(
          "ERR value is out of range, value must between "
              + -Long.MAX_VALUE
              + " and "
              + Long.MAX_VALUE);

  private SetCommands() {}

  private static boolean isOtherThanSet(Shard shard, Key key, long now) {
    KeyType type = shard.store().type(key, now);
    return type != KeyType.NONE && type != KeyType.SET;
  }

  private static Reply add(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
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
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    return Reply.of(removeAll(shard, key, now, List.of(args).subList(2, args.length)));
  }

  /** How many of the members were there. */
  private static int removeAll(Shard shard, Key key, long now, List<byte[]> members) {
    Version version = null;
    int removed = 0;
    for (byte[] member : members) {
      if (shard.store().hasMember(key, member, now)) {
        if (version == null) {
          version = Writes.keepingExpiry(shard, key, now);
        }
        shard.write(Element.memberRemoved(key, member, version));
        removed++;
      }
    }
    if (version != null && shard.store().memberCount(key, now) == 0) {
      // An empty set is gone, and its expiry must not fall on the next key of that name.
      shard.write(Element.expiry(key, version, Element.NEVER));
    }
    return removed;
  }

  private static Reply isMember(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    return shard.store().hasMember(key, args[2], now) ? Reply.ONE : Reply.ZERO;
  }

  private static Reply areMembers(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    List<Reply> answers = new ArrayList<>(args.length - 2);
    for (int i = 2; i < args.length; i++) {
      answers.add(shard.store().hasMember(key, args[i], now) ? Reply.ONE : Reply.ZERO);
    }
    return new Reply.Array(answers);
  }

  private static Reply pop(Shard shard, byte[][] args) {
    if (args.length > 3) {
      return Failures.SYNTAX;
    }
    boolean many = args.length == 3;
    OptionalLong count = many ? Arguments.count(args[2]) : OptionalLong.of(1);
    if (count.isEmpty()) {
      return Failures.NOT_POSITIVE;
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    // A stamp is never the same, but is again when a simulation is run again.
    Version seed = shard.stamp(key, now);
    SplittableRandom random = new SplittableRandom(Mix.mix(seed.time(), seed.origin()));
    List<byte[]> popped = anyMembers(shard, key, now, count.getAsLong(), random);
    removeAll(shard, key, now, popped);
    return many ? new Reply.Members(bulks(popped)) : firstOrNull(popped);
  }

  private static Reply randomMembers(Shard shard, byte[][] args) {
    if (args.length > 3) {
      return Failures.SYNTAX;
    }
    boolean many = args.length == 3;
    OptionalLong count = many ? Arguments.integer(args[2]) : OptionalLong.of(1);
    if (count.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    if (count.getAsLong() == Long.MIN_VALUE) {
      return NO_ABSOLUTE;
    }
    if (count.getAsLong() < -REPEATED_MAX) {
      return TOO_MANY;
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    // A read takes no stamp: those may need the disk, and reads go on without.
    SplittableRandom random = new SplittableRandom(Mix.mix(now, DRAWS.getAndIncrement()));
    List<byte[]> members =
        count.getAsLong() < 0
            ? repeatedMembers(shard, key, now, -count.getAsLong(), random)
            : anyMembers(shard, key, now, count.getAsLong(), random);
    return many ? new Reply.Array(bulks(members)) : firstOrNull(members);
  }

  /** So many different members, or all where there are fewer, in their order. */
  private static List<byte[]> anyMembers(
      Shard shard, Key key, long now, long count, SplittableRandom random) {
    List<byte[]> chosen = new ArrayList<>();
    long size = shard.store().memberCount(key, now);
    if (count >= size) {
      shard.store().forEachMember(key, now, chosen::add);
    } else {
      long[] numbers = differentNumbers(count, size, random);
      shard.store().forEachMember(key, now, numbers, chosen::add);
    }
    return chosen;
  }

  /**
   * So many of the numbers below another, any choice as likely as any other (Bentley and Floyd, "A
   * sample of brilliance", 1987), ascending.
   */
  private static long[] differentNumbers(long count, long below, SplittableRandom random) {
    SortedSet<Long> numbers = new TreeSet<>();
    for (long next = below - count; next < below; next++) {
      if (!numbers.add(random.nextLong(next + 1))) {
        numbers.add(next);
      }
    }
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private static List<byte[]> repeatedMembers(
      Shard shard, Key key, long now, long count, SplittableRandom random) {
    List<byte[]> chosen = new ArrayList<>();
    int size = shard.store().memberCount(key, now);
    if (size > 0) {
      long[] numbers = random.longs(count, 0, size).toArray();
      shard.store().forEachMember(key, now, numbers, chosen::add);
    }
    return chosen;
  }

  private static List<Reply> bulks(List<byte[]> members) {
    return members.stream().<Reply>map(Reply.Bulk::new).toList();
  }

  private static Reply firstOrNull(List<byte[]> members) {
    return Reply.bulkOrNull(members.isEmpty() ? null : members.get(0));
  }

  private static Reply count(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    return isOtherThanSet(shard, key, now)
        ? Failures.WRONG_TYPE
        : Reply.of(shard.store().memberCount(key, now));
  }

  private static Reply members(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanSet(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    List<Reply> members = new ArrayList<>();
    shard.store().forEachMember(key, now, member -> members.add(new Reply.Bulk(member)));
    return new Reply.Members(members);
  }
}
