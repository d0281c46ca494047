package io.kindred.server;

import io.kindred.command.CommandSpec;
import io.kindred.command.CommandSpec.Action;
import io.kindred.command.Commands;
import io.kindred.command.Failures;
import io.kindred.command.Reply;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Slot;
import io.kindred.entry.TimeSource;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/**
 * All slots in one shard without a node around it: commands run at once, in the caller's thread.
 */
final class ShardAlone {

  private final Shard shard;

  ShardAlone(TimeSource wall) {
    ShardStore store = new ShardStore(0, Slot.COUNT - 1, 7);
    HybridClock clock = new HybridClock(wall, time -> time + (1L << 40), 0);
    this.shard = new Shard(0, store, new ForgetfulLog(), clock, wall, 1L << 32 | 1);
  }

  Shard shard() {
    return shard;
  }

  Reply run(String... words) {
    return run(
        Arrays.stream(words)
            .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
            .toArray(byte[][]::new));
  }

  Reply run(byte[][] args) {
    CommandSpec spec = Commands.find(args[0]);
    if (spec == null) {
      return Failures.unknownCommand(args);
    }
    if (!spec.accepts(args.length)) {
      return Failures.arity(spec.name());
    }
    if (spec.action() instanceof Action.OnShard one) {
      return one.command().run(shard, args);
    }
    Action.OnEachKey each = (Action.OnEachKey) spec.action();
    AtomicReference<Reply> whole = new AtomicReference<>();
    int keys = (args.length - 1) / spec.step();
    JoinedReply joined = new JoinedReply(each.join(), spec.isWrite(), keys, whole::set);
    for (int i = 0; i < keys; i++) {
      byte[][] own = new byte[1 + spec.step()][];
      own[0] = args[0];
      System.arraycopy(args, 1 + i * spec.step(), own, 1, spec.step());
      joined.set(i, each.command().run(shard, own));
    }
    return whole.get();
  }
}
