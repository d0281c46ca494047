package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Reply;
import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.ring.Shards;
import io.kindred.storage.FaultyDisk;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.Fsync;
import io.kindred.storage.LaneLog;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients hear of a node whose clock is off. */
class FencedDeskTest {

  private static final String REFUSAL = "CLOCKSKEW This node's clock is off";

  private final HybridClock clock = new HybridClock(() -> 1_000, time -> Long.MAX_VALUE, 0);
  private final LaneLog log =
      FileLaneLog.open(
          new FaultyDisk(),
          Fsync.EVERYSEC,
          1 << 20,
          task -> {},
          Runnable::run,
          (shard, own, element) -> {},
          found -> {});
  private final Shard shard =
      new Shard(0, new ShardStore(0, 16_383, 7), log, clock, () -> 1_000, 5);
  private final ShardDesk desk = new ShardDesk(shard, new Shards(1));
  private final AtomicReference<String> refusal = new AtomicReference<>();

  FencedDeskTest() throws IOException {
    shard.fencedBy(refusal::get);
    run("SET s 10");
    run("HSET h f 1");
    run("SADD m a");
    run("ZADD z 1 a");
    run("RPUSH l a b");
    run("INCR n");
  }

  private Reply run(String command) {
    Answer answer = new Answer(command);
    return desk.run(answer);
  }

  private List<Element> everything() {
    List<Element> all = new ArrayList<>();
    for (int slot = 0; slot <= 16_383; slot++) {
      shard.store().forEachElement(slot, all::add);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET s 11",
        "SET new 1",
        "DEL s",
        "EXPIRE s 10",
        "APPEND s x",
        "INCR s",
        "INCR n",
        "INCR new",
        "INCRBYFLOAT s 1",
        "HSET h f 2",
        "HDEL h f",
        "HINCRBY h f 1",
        "SADD m b",
        "SREM m a",
        "SPOP m",
        "ZADD z 2 a",
        "ZREM z a",
        "ZPOPMIN z",
        "LPUSH l x",
        "LPOP l",
        "LSET l 0 x",
        "LREM l 0 a"
      })
  void everyWriteIsRefusedAndChangesNothing(String command) {
    List<Element> before = everything();
    refusal.set(REFUSAL);
    assertThat(run(command)).isEqualTo(new Reply.Failure(REFUSAL));
    assertThat(everything()).isEqualTo(before);
    refusal.set(null);
    assertThat(run(command)).isNotInstanceOf(Reply.Failure.class);
  }

  @Test
  void readsMergesAndTheSweepGoOn() {
    refusal.set(REFUSAL);
    for (String read : List.of("GET s", "HGETALL h", "SMEMBERS m", "ZSCORE z a", "LRANGE l 0 -1")) {
      assertThat(run(read)).as(read).isNotInstanceOf(Reply.Failure.class);
    }
    Key key = Key.of("other".getBytes(StandardCharsets.UTF_8));
    shard.merge(Element.string(key, new Version(99L << 16, 9), new byte[] {'1'}));
    assertThat(run("GET other")).isNotInstanceOf(Reply.Failure.class).isNotEqualTo(Reply.NULL);
    shard.ownAlone();
    assertThat(shard.knownToAll()).as("moves on for marks and sweeps").isPositive();
  }
}
