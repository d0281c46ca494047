package io.kindred.command;

import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Slot;
import io.kindred.storage.LaneLog;
import io.kindred.storage.LogReader;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** One rack's shard of all slots, that remembers what commands wrote. Its time stands still. */
final class CommandShard {

  static final long START = 1_800_000_000_000L;

  /** Wall-clock ms. */
  long now = START;

  private final Written log = new Written();
  private final ShardStore store = new ShardStore(0, Slot.COUNT - 1, 7);
  private final Shard shard;

  /**
   * @param rack makes the origin of what is written
   */
  CommandShard(int rack) {
    HybridClock clock = new HybridClock(() -> now, time -> time + (1L << 40), 0);
    this.shard = new Shard(0, store, log, clock, () -> now, (long) rack << 32 | 1);
  }

  /** What was written since this was asked last. */
  List<Element> take() {
    return log.take();
  }

  /** An element of another rack. */
  void merge(Element element) {
    shard.merge(element);
  }

  ShardStore store() {
    return store;
  }

  /** Runs a command and gives its answer as text. */
  String run(String... words) {
    byte[][] args =
        Arrays.stream(words)
            .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
            .toArray(byte[][]::new);
    return text(Commands.inShard(args[0]).orElseThrow().run(shard, args));
  }

  private static String text(Reply reply) {
    if (reply instanceof Reply.Bulk bulk) {
      return new String(bulk.bytes(), StandardCharsets.ISO_8859_1);
    }
    if (reply instanceof Reply.Int number) {
      return Long.toString(number.value());
    }
    if (reply instanceof Reply.Simple simple) {
      return simple.text();
    }
    if (reply instanceof Reply.Failure failure) {
      return failure.text();
    }
    if (reply instanceof Reply.Real real) {
      return real.text();
    }
    if (reply == Reply.NULL || reply == Reply.NULL_ARRAY) {
      return "null";
    }
    return items(reply).stream().map(CommandShard::text).toList().toString();
  }

  private static List<Reply> items(Reply reply) {
    if (reply instanceof Reply.Array array) {
      return array.items();
    }
    if (reply instanceof Reply.Pairs pairs) {
      return pairs.items();
    }
    return reply instanceof Reply.Couples couples
        ? couples.items()
        : ((Reply.Members) reply).items();
  }

  /** Remembers what was appended. */
  private static final class Written implements LaneLog {
    private final List<Element> elements = new ArrayList<>();

    List<Element> take() {
      List<Element> taken = List.copyOf(elements);
      elements.clear();
      return taken;
    }

    @Override
    public void append(int shardNumber, boolean own, Element element) {
      elements.add(element);
    }

    @Override
    public void afterCommit(Runnable done, Consumer<String> failed) {
      done.run();
    }

    @Override
    public String failure() {
      return null;
    }

    @Override
    public void onCommit(Runnable listener) {
      throw new UnsupportedOperationException("nobody is fed from it");
    }

    @Override
    public long end() {
      return 0;
    }

    @Override
    public long synced() {
      return 0;
    }

    @Override
    public long oldest() {
      return 0;
    }

    @Override
    public LogReader readFrom(long position) {
      throw new UnsupportedOperationException("nobody reads it");
    }
  }
}
