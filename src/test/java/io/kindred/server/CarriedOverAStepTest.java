package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Commands;
import io.kindred.command.KeyQueries;
import io.kindred.command.Reply;
import io.kindred.entry.Element;
import io.kindred.entry.ElementWriter;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a read at a quorum brings from an owner that has not purged yet to one that has. */
class CarriedOverAStepTest {

  private static final long NOW = 1_700_000_000_000L;
  private static final Key KEY = Key.of(bytes("k"));

  private final ShardAlone alone = new ShardAlone(() -> NOW);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static long time(long before) {
    return HybridClock.ofMillis(NOW - before);
  }

  private Reply merge(Element element, long readUnder) {
    ElementWriter out = new ElementWriter();
    out.put(element);
    byte[][] args = {
      bytes(KeyQueries.MERGE), KEY.bytes(), out.toByteArray(), bytes(Long.toString(readUnder))
    };
    return Commands.inShard(args[0]).orElseThrow().run(alone.shard(), args);
  }

  private static Element string(long before) {
    return Element.string(KEY, new Version(time(before), 9), bytes("v"));
  }

  @Test
  void whatMayBePurgedHereIsLeftOut() {
    alone.shard().adopt(time(1000));
    alone.shard().purgeUpTo(time(1000));
    assertThat(merge(string(1000), time(2000))).isEqualTo(Reply.OK);
    assertThat(alone.run("EXISTS", "k")).isEqualTo(Reply.of(0));
  }

  @Test
  void whatIsNewerThanTheStepIsTaken() {
    alone.shard().adopt(time(1000));
    alone.shard().purgeUpTo(time(1000));
    assertThat(merge(string(999), time(2000))).isEqualTo(Reply.OK);
    assertThat(alone.run("EXISTS", "k")).isEqualTo(Reply.of(1));
  }

  @Test
  void whatWasReadUnderTheSameStepIsTaken() {
    alone.shard().adopt(time(1000));
    alone.shard().purgeUpTo(time(1000));
    assertThat(merge(string(1500), time(1000))).isEqualTo(Reply.OK);
    assertThat(alone.run("EXISTS", "k")).isEqualTo(Reply.of(1));
  }
}
