package io.kindred.server;

import io.kindred.command.Arguments;
import io.kindred.command.CommandSpec.Join;
import io.kindred.command.Commands;
import io.kindred.command.Consistency;
import io.kindred.command.Failures;
import io.kindred.command.Reply;
import io.kindred.command.ShardQueries;
import io.kindred.ring.Shards;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** DBSIZE and SCAN: questions to all shards of the rack, wherever each is served. */
final class KeyspaceGroup {

  private static final byte[] NOTHING = new byte[0];

  /** Those of 64 bits. Reading more takes time by the square of their number. */
  private static final int CURSOR_DIGITS_MAX = 20;

  private final FrontDoor.Services services;

  KeyspaceGroup(FrontDoor.Services services) {
    this.services = services;
  }

  Map<String, NodeCommands.NodeCommand> commands() {
    return Map.of("dbsize", this::dbsize, "scan", this::scan, "wait", this::await);
  }

  private void await(Connection connection, byte[][] args, Slot slot) {
    // What was asked before may be in no log yet, here or elsewhere, until it is answered.
    connection.whenFirst(slot, () -> new RackWaits(services.router()).await(args, slot));
  }

  private void dbsize(Connection connection, byte[][] args, Slot slot) {
    int shards = services.router().routes().shardCount();
    if (shards == 0) {
      slot.onReply(Reply.ZERO);
      return;
    }
    JoinedReply sum = new JoinedReply(Join.SUM, false, shards, slot);
    for (int shard = 0; shard < shards; shard++) {
      int part = shard;
      connection
          .dispatch()
          .add(query(shard, reply -> sum.set(part, reply), bytes(ShardQueries.COUNT)));
    }
  }

  private Request query(int shard, Request.Answered answered, byte[]... args) {
    return new Request(
        services.router(),
        Commands.inShard(args[0]).orElseThrow(),
        args,
        shard,
        null,
        false,
        Consistency.DC_ONE,
        answered);
  }

  /** Sends a question from any thread, outside of a connection's batch. */
  void ask(int shard, Request.Answered answered, byte[]... args) {
    Request request = query(shard, answered, args);
    if (services.router().start(request)) {
      services.router().sendLocal(services.router().laneOf(shard), new Request[] {request});
    }
  }

  private void scan(Connection connection, byte[][] args, Slot slot) {
    OptionalLong cursor = cursor(args[1]);
    if (cursor.isEmpty()) {
      slot.onReply(new Reply.Failure("ERR invalid cursor"));
      return;
    }
    Scan scan = new Scan(slot);
    for (int i = 2; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        slot.onReply(Failures.SYNTAX);
        return;
      }
      if (Arguments.is(args[i], "match")) {
        scan.pattern = args[i + 1];
      } else if (Arguments.is(args[i], "type")) {
        scan.type = bytes(Arguments.text(args[i + 1]).toLowerCase(Locale.ROOT));
      } else if (Arguments.is(args[i], "count")) {
        OptionalLong count = Arguments.integer(args[i + 1]);
        if (count.isEmpty()) {
          slot.onReply(Failures.NOT_AN_INTEGER);
          return;
        }
        if (count.getAsLong() < 1) {
          slot.onReply(Failures.SYNTAX);
          return;
        }
        scan.wanted = (int) Math.min(count.getAsLong(), Integer.MAX_VALUE);
      } else {
        slot.onReply(Failures.SYNTAX);
        return;
      }
    }
    // What the connection sent before must come before this in the shards.
    connection.dispatch().send();
    scan.goOn(cursor.getAsLong());
  }

  /** As lenient as Redis: any number of 64 bits. One behind the last slot finds nothing more. */
  private static OptionalLong cursor(byte[] word) {
    if (word.length > CURSOR_DIGITS_MAX) {
      return OptionalLong.empty();
    }
    try {
      BigInteger number = new BigInteger(Arguments.text(word));
      return number.bitLength() > Long.SIZE
          ? OptionalLong.empty()
          : OptionalLong.of(
              number.bitLength() < Long.SIZE && number.signum() >= 0
                  ? number.longValue()
                  : Long.MAX_VALUE);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * One call of SCAN. The cursor is the next slot to look at, and slots are looked at whole, so
   * that a key which stays is met once, whatever moves meanwhile.
   */
  private final class Scan {
    private final Slot slot;
    private final List<Reply> keys = new ArrayList<>();
    private byte[] pattern = NOTHING;
    private byte[] type = NOTHING;
    private int wanted = 10;

    Scan(Slot slot) {
      this.slot = slot;
    }

    void goOn(long next) {
      Routes routes = services.router().routes();
      if (routes.shardCount() == 0 || next >= io.kindred.entry.Slot.COUNT || wanted <= 0) {
        answer(next >= io.kindred.entry.Slot.COUNT || routes.shardCount() == 0 ? 0 : next);
        return;
      }
      Shards shards = routes.shards();
      int shard = shards.shardOf((int) next);
      ask(
          shard,
          this::take,
          bytes(ShardQueries.KEYS),
          bytes(Long.toString(next)),
          bytes(Integer.toString(shards.lastSlot(shard))),
          bytes(Integer.toString(wanted)),
          pattern,
          type);
    }

    private void take(Reply reply) {
      if (reply instanceof Reply.Array parts
          && parts.items().size() == 3
          && parts.items().get(0) instanceof Reply.Int next
          && parts.items().get(1) instanceof Reply.Int seen
          && parts.items().get(2) instanceof Reply.Array found) {
        keys.addAll(found.items());
        wanted -= (int) Math.min(wanted, seen.value());
        goOn(next.value());
      } else {
        slot.onReply(reply);
      }
    }

    private void answer(long next) {
      slot.onReply(
          new Reply.Array(List.of(Reply.bulk(Long.toString(next)), new Reply.Array(keys))));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
