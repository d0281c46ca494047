package io.kindred.command;

import static io.kindred.command.CommandSpec.onShard;

import io.kindred.command.ItemWalk.Item;
import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
import io.kindred.entry.Position;
import io.kindred.entry.Version;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Redis's list group. Each item is an element of its own, at a {@link Position} that says where it
 * stands and outlives it.
 */
final class ListCommands {

  // spotless:off
  static final List<CommandSpec> SPECS = List.of(
      onShard("lpush",  -3, "write denyoom fast", "list", "Prepend one or multiple elements to a list", "1.0.0", (shard, args) -> push(shard, args, true, false)),
      onShard("rpush",  -3, "write denyoom fast", "list", "Append one or multiple elements to a list", "1.0.0", (shard, args) -> push(shard, args, false, false)),
      onShard("lpushx", -3, "write denyoom fast", "list", "Prepend an element to a list, only if the list exists", "2.2.0", (shard, args) -> push(shard, args, true, true)),
      onShard("rpushx", -3, "write denyoom fast", "list", "Append an element to a list, only if the list exists", "2.2.0", (shard, args) -> push(shard, args, false, true)),
      onShard("linsert", 5, "write denyoom", "list", "Insert an element before or after another element in a list", "2.2.0", ListCommands::insert),
      onShard("lset",    4, "write denyoom", "list", "Set the value of an element in a list by its index", "1.0.0", ListCommands::set),
      onShard("lpop",   -2, "write fast", "list", "Remove and get the first elements in a list", "1.0.0", (shard, args) -> pop(shard, args, "lpop", false)),
      onShard("rpop",   -2, "write fast", "list", "Remove and get the last elements in a list", "1.0.0", (shard, args) -> pop(shard, args, "rpop", true)),
      onShard("lrem",    4, "write", "list", "Remove elements from a list", "1.0.0", ListCommands::remove),
      onShard("ltrim",   4, "write", "list", "Trim a list to the specified range", "1.0.0", ListCommands::trim),
      onShard("llen",    2, "readonly fast", "list", "Get the length of a list", "1.0.0", ListCommands::length),
      onShard("lrange",  4, "readonly", "list", "Get a range of elements from a list", "1.0.0", ListCommands::range),
      onShard("lindex",  3, "readonly", "list", "Get an element from a list by its index", "1.0.0", ListCommands::index),
      onShard("lpos",   -3, "readonly", "list", "Return the index of matching elements on a list", "6.0.6", ListCommands::position));
  // spotless:on

  private ListCommands() {}

  private static boolean isOtherThanList(Shard shard, Key key, long now) {
    KeyType type = shard.store().type(key, now);
    return type != KeyType.NONE && type != KeyType.LIST;
  }

  private static Reply push(Shard shard, byte[][] args, boolean atHead, boolean onlyIfPresent) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanList(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    if (onlyIfPresent && shard.store().itemCount(key, now) == 0) {
      return Reply.ZERO;
    }
    Version version = Writes.keepingExpiry(shard, key, now);
    for (int i = 2; i < args.length; i++) {
      byte[] position = atHead ? Position.head(version, i - 2) : Position.tail(version, i - 2);
      shard.write(Element.item(key, position, version, args[i]));
    }
    return Reply.of(shard.store().itemCount(key, now));
  }

  private static Reply insert(Shard shard, byte[][] args) {
    boolean before = Arguments.is(args[2], "before");
    if (!before && !Arguments.is(args[2], "after")) {
      return Failures.SYNTAX;
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanList(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    if (shard.store().itemCount(key, now) == 0) {
      return Reply.ZERO;
    }
    ItemWalk walk = new ItemWalk(shard.store(), key, now, false);
    Item left = null;
    Item pivot = walk.next();
    while (pivot != null && !Arrays.equals(pivot.value(), args[3])) {
      left = pivot;
      pivot = walk.next();
    }
    if (pivot == null) {
      return new Reply.Int(-1);
    }
    Item right = before ? pivot : walk.next();
    left = before ? left : pivot;
    Version version = Writes.keepingExpiry(shard, key, now);
    byte[] position =
        left == null
            ? Position.head(version, 0)
            : Position.between(left.position(), right == null ? null : right.position(), version);
    shard.write(Element.item(key, position, version, args[4]));
    return Reply.of(shard.store().itemCount(key, now));
  }

  private static Reply set(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanList(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    if (shard.store().itemCount(key, now) == 0) {
      return Failures.NO_SUCH_KEY;
    }
    OptionalLong index = Arguments.integer(args[2]);
    if (index.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    Item item = at(shard.store(), key, now, index.getAsLong());
    if (item == null) {
      return Failures.INDEX_OUT_OF_RANGE;
    }
    Version version = Writes.keepingExpiry(shard, key, now);
    shard.write(Element.item(key, item.position(), version, args[3]));
    return Reply.OK;
  }

  /** The item at an index, a negative one counting from the tail; null where there is none. */
  private static Item at(ShardStore store, Key key, long now, long index) {
    long size = store.itemCount(key, now);
    if (index >= size || index < -size) {
      return null;
    }
    List<Item> found = new ArrayList<>(1);
    boolean reverse = index < 0;
    store.forEachItem(
        key,
        now,
        reverse ? -index - 1 : index,
        1,
        reverse,
        (position, value) -> found.add(new Item(position, value)));
    return found.get(0);
  }

  private static Reply pop(Shard shard, byte[][] args, String name, boolean atTail) {
    if (args.length > 3) {
      return Failures.arity(name);
    }
    boolean many = args.length == 3;
    OptionalLong count = many ? Arguments.count(args[2]) : OptionalLong.of(1);
    if (count.isEmpty()) {
      return Failures.NOT_POSITIVE;
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanList(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    long size = shard.store().itemCount(key, now);
    if (size == 0) {
      return many ? Reply.NULL_ARRAY : Reply.NULL;
    }
    List<byte[]> positions = new ArrayList<>();
    List<Reply> popped = new ArrayList<>();
    long popping = Math.min(count.getAsLong(), size);
    if (popping > 0) {
      shard
          .store()
          .forEachItem(
              key,
              now,
              0,
              popping,
              atTail,
              (position, value) -> {
                positions.add(position);
                popped.add(new Reply.Bulk(value));
              });
    }
    removeAll(shard, key, now, positions);
    return many ? new Reply.Array(popped) : popped.get(0);
  }

  private static void removeAll(Shard shard, Key key, long now, List<byte[]> positions) {
    if (positions.isEmpty()) {
      return;
    }
    Version version = Writes.keepingExpiry(shard, key, now);
    for (byte[] position : positions) {
      shard.write(Element.itemRemoved(key, position, version));
    }
    if (shard.store().itemCount(key, now) == 0) {
      // An empty list is gone, and its expiry must not fall on the next key of that name.
      shard.write(Element.expiry(key, version, Element.NEVER));
    }
  }

  private static Reply remove(Shard shard, byte[][] args) {
    OptionalLong count = Arguments.integer(args[2]);
    if (count.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanList(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    // The lowest number has no absolute value, and is more than any list has.
    long wanted = count.getAsLong() == 0 ? Long.MAX_VALUE : Math.abs(count.getAsLong());
    wanted = wanted < 0 ? Long.MAX_VALUE : wanted;
    ItemWalk walk = new ItemWalk(shard.store(), key, now, count.getAsLong() < 0);
    List<byte[]> positions = new ArrayList<>();
    for (Item item = walk.next(); item != null && positions.size() < wanted; item = walk.next()) {
      if (Arrays.equals(item.value(), args[3])) {
        positions.add(item.position());
      }
    }
    removeAll(shard, key, now, positions);
    return Reply.of(positions.size());
  }

  private static Reply trim(Shard shard, byte[][] args) {
    Optional<IndexRange> range = IndexRange.parse(args[2], args[3]);
    if (range.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanList(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    long size = shard.store().itemCount(key, now);
    long from = range.get().from(size);
    long to = range.get().to(size);
    long atHead = from < to ? from : size;
    long atTail = from < to ? size - to : 0;
    List<byte[]> positions = new ArrayList<>();
    if (atHead > 0) {
      shard
          .store()
          .forEachItem(key, now, 0, atHead, false, (position, value) -> positions.add(position));
    }
    if (atTail > 0) {
      shard
          .store()
          .forEachItem(key, now, 0, atTail, true, (position, value) -> positions.add(position));
    }
    removeAll(shard, key, now, positions);
    return Reply.OK;
  }

  private static Reply length(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    return isOtherThanList(shard, key, now)
        ? Failures.WRONG_TYPE
        : Reply.of(shard.store().itemCount(key, now));
  }

  private static Reply range(Shard shard, byte[][] args) {
    Optional<IndexRange> range = IndexRange.parse(args[2], args[3]);
    if (range.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanList(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    long size = shard.store().itemCount(key, now);
    long from = range.get().from(size);
    long to = range.get().to(size);
    List<Reply> items = new ArrayList<>();
    if (from < to) {
      shard
          .store()
          .forEachItem(
              key,
              now,
              from,
              to - from,
              false,
              (position, value) -> items.add(new Reply.Bulk(value)));
    }
    return new Reply.Array(items);
  }

  private static Reply index(Shard shard, byte[][] args) {
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanList(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    if (shard.store().itemCount(key, now) == 0) {
      return Reply.NULL;
    }
    OptionalLong index = Arguments.integer(args[2]);
    if (index.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    Item item = at(shard.store(), key, now, index.getAsLong());
    return item == null ? Reply.NULL : new Reply.Bulk(item.value());
  }

  private static Reply position(Shard shard, byte[][] args) {
    SearchOptions options = new SearchOptions();
    Optional<Reply> failure = options.read(args, 3);
    if (failure.isPresent()) {
      return failure.get();
    }
    Key key = shard.key(args[1]);
    long now = shard.now();
    if (isOtherThanList(shard, key, now)) {
      return Failures.WRONG_TYPE;
    }
    long last = shard.store().itemCount(key, now) - 1;
    ItemWalk walk = new ItemWalk(shard.store(), key, now, options.isReverse());
    List<Reply> found = new ArrayList<>();
    long matches = 0;
    long walked = 0;
    while (found.size() < options.wanted() && walked < options.walkedMax()) {
      Item item = walk.next();
      if (item == null) {
        break;
      }
      if (Arrays.equals(item.value(), args[2]) && ++matches >= options.rank()) {
        found.add(Reply.of(options.isReverse() ? last - walked : walked));
      }
      walked++;
    }
    if (options.isMany()) {
      return new Reply.Array(found);
    }
    return found.isEmpty() ? Reply.NULL : found.get(0);
  }
}
