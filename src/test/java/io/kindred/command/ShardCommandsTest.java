package io.kindred.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.CommandSpec.Action;
import io.kindred.entry.Element;
import io.kindred.entry.Element.Kind;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Slot;
import io.kindred.entry.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What commands write, and what time does to it. That the answers are Redis's is the difference
 * test's matter.
 */
class ShardCommandsTest {

  private static final long START = CommandShard.START;

  private final CommandShard shard = new CommandShard(1);

  @Test
  void setWritesStringAndExpiryUnderOneVersion() {
    run("SET", "k", "v", "PX", "500");
    List<Element> written = shard.take();
    assertThat(written).extracting(Element::kind).containsExactly(Kind.STRING, Kind.EXPIRY);
    assertThat(written.get(1).number()).isEqualTo(START + 500);
    assertThat(written).extracting(Element::version).containsOnly(written.get(0).version());
    run("SET", "k", "w");
    assertThat(shard.take().get(1).number()).isEqualTo(Element.NEVER);
  }

  @Test
  void incrementsWriteTheirOwnOriginsSumAndNeverABase() {
    run("INCR", "n");
    run("INCRBY", "n", "10");
    run("DECR", "n");
    List<Element> written = shard.take();
    assertThat(written).extracting(Element::kind).containsOnly(Kind.COUNT);
    assertThat(written).extracting(Element::number).containsExactly(1L, 11L, 10L);
    assertThat(written).extracting(Element::base).containsOnly(Version.NONE);
    assertThat(run("GET", "n")).isEqualTo("10");
  }

  @Test
  void incrementsCountAgainstTheStringTheyMeet() {
    run("SET", "n", "5");
    Version base = shard.take().get(0).version();
    run("INCR", "n");
    Element count = shard.take().get(0);
    assertThat(count.base()).isEqualTo(base);
    assertThat(count.number()).isEqualTo(1);
    assertThat(run("GET", "n")).isEqualTo("6");
  }

  @Test
  void anAppendWritesItsResult() {
    run("INCR", "n");
    run("APPEND", "n", "0");
    assertThat(run("INCR", "n")).isEqualTo("11");
    shard.take();
    run("APPEND", "n", "x");
    assertThat(shard.take()).extracting(Element::kind).containsExactly(Kind.STRING);
  }

  @Test
  void whatChangesNothingWritesNothing() {
    run("SET", "s", "v");
    run("HSET", "h", "f", "v");
    shard.take();
    for (String command :
        List.of(
            "SETNX s w",
            "SET s w NX",
            "SET no w XX",
            "GETDEL no",
            "DEL no",
            "HDEL h g",
            "HDEL no f",
            "SREM no m",
            "EXPIRE no 10",
            "EXPIRE s 10 XX",
            "PERSIST s",
            "INCR h",
            "APPEND h x",
            "HSET s f v",
            "SADD s m",
            "SET s w EX 0",
            "GETSET h x",
            "GET s",
            "TTL s")) {
      run(command.split(" "));
      assertThat(shard.take()).as(command).isEmpty();
    }
  }

  @Test
  void aPassedExpiryBecomesARealMarkBeforeAnythingElseIsWritten() {
    run("HSET", "h", "old", "1");
    run("PEXPIRE", "h", "100");
    shard.take();
    shard.now += 100;
    assertThat(run("EXISTS", "h")).isEqualTo("0");
    assertThat(run("TTL", "h")).isEqualTo("-2");
    assertThat(shard.take()).isEmpty();
    run("HSET", "h", "new", "2");
    List<Element> written = shard.take();
    assertThat(written.get(0).kind()).isEqualTo(Kind.CLEAR);
    assertThat(written.get(0).version().origin()).isZero();
    assertThat(written.get(0).version().millis()).isEqualTo(START + 100);
    run("EXPIRE", "h", "1000");
    assertThat(run("HGETALL", "h")).isEqualTo("[new, 2]");
    assertThat(run("TTL", "h")).isEqualTo("1000");
  }

  @Test
  void aCounterStartsAgainBehindItsExpiry() {
    run("INCR", "n");
    run("PEXPIRE", "n", "100");
    assertThat(run("INCR", "n")).isEqualTo("2");
    assertThat(run("PTTL", "n")).isEqualTo("100");
    shard.now += 100;
    assertThat(run("INCR", "n")).isEqualTo("1");
    assertThat(run("INCR", "n")).isEqualTo("2");
    assertThat(run("TTL", "n")).isEqualTo("-1");
  }

  @Test
  void aWriteStampedBeyondTheExpiryByAFastClockDiesWithTheRest() {
    run("SET", "k", "v");
    // Another node's clock is ten seconds ahead, so what this key sees next is stamped above that.
    byte[] key = "k".getBytes(StandardCharsets.US_ASCII);
    Version ahead = new Version(HybridClock.ofMillis(shard.now + 10_000), 2L << 32 | 1);
    run("PEXPIRE", "k", "100");
    shard.merge(Element.string(io.kindred.entry.Key.of(key), ahead, new byte[] {'w'}));
    run("APPEND", "k", "x");
    assertThat(run("GET", "k")).isEqualTo("wx");
    shard.now += 100;
    assertThat(run("GET", "k")).isEqualTo("null");
    assertThat(run("APPEND", "k", "y")).isEqualTo("1");
  }

  @Test
  void removingTheLastFieldOrMemberTakesTheExpiryWithIt() {
    run("HSET", "h", "f", "v");
    run("SADD", "s", "m");
    run("EXPIRE", "h", "100");
    run("EXPIRE", "s", "100");
    assertThat(run("HDEL", "h", "f", "f", "g")).isEqualTo("1");
    assertThat(run("SREM", "s", "m", "m")).isEqualTo("1");
    assertThat(run("TYPE", "h")).isEqualTo("none");
    run("HSET", "h", "f", "v");
    run("SADD", "s", "m");
    assertThat(run("TTL", "h")).isEqualTo("-1");
    assertThat(run("TTL", "s")).isEqualTo("-1");
  }

  @Test
  void anExpiryInThePastIsADelete() {
    run("SET", "k", "v");
    shard.take();
    assertThat(run("EXPIREAT", "k", "1")).isEqualTo("1");
    assertThat(shard.take()).extracting(Element::kind).containsExactly(Kind.CLEAR);
    run("SET", "k", "v", "PXAT", Long.toString(shard.now - 1));
    assertThat(run("GET", "k")).isEqualTo("null");
    run("HSET", "k", "f", "v");
    assertThat(run("HGETALL", "k")).isEqualTo("[f, v]");
  }

  @Test
  void theFarthestExpiryIsStillOne() {
    run("SET", "k", "v", "PXAT", Long.toString(Long.MAX_VALUE));
    assertThat(run("PTTL", "k")).isNotEqualTo("-1");
    assertThat(run("INCR", "c")).isEqualTo("1");
    assertThat(run("PEXPIREAT", "c", Long.toString(Long.MAX_VALUE))).isEqualTo("1");
    assertThat(run("INCR", "c")).isEqualTo("2");
    assertThat(run("TTL", "c")).isNotEqualTo("-1");
  }

  @Test
  void keepTtlKeepsIt() {
    run("SET", "k", "v", "EX", "100");
    run("SET", "k", "w", "KEEPTTL");
    assertThat(run("TTL", "k")).isEqualTo("100");
    shard.now += 99_600;
    assertThat(run("TTL", "k")).isEqualTo("0");
    assertThat(run("PTTL", "k")).isEqualTo("400");
    shard.now += 400;
    assertThat(run("EXISTS", "k")).isEqualTo("0");
    run("SET", "k", "x", "KEEPTTL");
    assertThat(run("TTL", "k")).isEqualTo("-1");
  }

  @Test
  void questionsOfAShardLookAtWholeSlots() {
    for (int i = 0; i < 50; i++) {
      run("SET", "q" + i, "v");
      run("SADD", "{same}" + i, "m");
    }
    assertThat(run(ShardQueries.COUNT)).isEqualTo("100");
    int same = Slot.of("same".getBytes(StandardCharsets.US_ASCII));
    assertThat(run(ShardQueries.COUNT_IN_SLOT, "" + same)).isEqualTo("50");
    assertThat(run(ShardQueries.KEYS, "" + same, "16383", "1", "{same}4?", "set"))
        .startsWith("[" + (same + 1) + ", 50, [{same}4");
    assertThat(run(ShardQueries.KEYS, "0", "16383", "1000", "", "string"))
        .startsWith("[16384, 100");
  }

  private String run(String... words) {
    return shard.run(words);
  }

  @Test
  void everySpecIsWholeAndFoundInAnyCase() {
    for (CommandSpec spec : Commands.all().values()) {
      byte[] upper =
          spec.name().toUpperCase(java.util.Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
      assertThat(Commands.find(upper)).isSameAs(spec);
      assertThat(spec.summary()).isNotBlank();
      assertThat(spec.since()).matches("[0-9]+\\.[0-9]+\\.[0-9]+");
      boolean inShard = !(spec.action() instanceof Action.OnNode);
      assertThat(spec.firstKey() == 1).isEqualTo(inShard);
      if (inShard) {
        assertThat(spec.isWrite()).isNotEqualTo(spec.flags().contains("readonly"));
      }
    }
    assertThat(Commands.find(ShardQueries.COUNT.getBytes(StandardCharsets.US_ASCII))).isNull();
    assertThat(Commands.find(new byte[0])).isNull();
  }
}
