package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Commands;
import io.kindred.command.Failures;
import io.kindred.command.Reply;
import io.kindred.command.SafeQueries;
import io.kindred.command.SafeQueries.Answer;
import io.kindred.entry.Element;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.storage.Trial;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an owner answers to those that put a key's commands in one order, and what they try. */
class SafeQueriesTest {

  private static final long NOW = 1_700_000_000_000L;
  private static final Key KEY = Key.of("k".getBytes(StandardCharsets.US_ASCII));

  private final ShardAlone alone = new ShardAlone(() -> NOW);

  private static Version ballot(long millis) {
    return new Version(HybridClock.ofMillis(millis), 9);
  }

  private Answer ask(byte[][] args) {
    return Answer.of(Commands.inShard(args[0]).orElseThrow().run(alone.shard(), args));
  }

  private Answer prepare(long millis) {
    return ask(SafeQueries.args(SafeQueries.PREPARE, KEY, ballot(millis)));
  }

  @Test
  void counterExampleAPromiseTellsWhatWasPromisedBeforeIt() {
    alone.run("SET", "k", "v");
    assertThat(((Answer.Kept) prepare(NOW + 10)).isOpen()).isFalse();
    assertThat(((Answer.Kept) prepare(NOW + 20)).isOpen()).as("by the one before").isTrue();
  }

  @Test
  void whatRemainsOfALargeCollectionIsRefusedAndNotListed() {
    byte[][] all = new byte[20_002][];
    all[0] = "SADD".getBytes(StandardCharsets.US_ASCII);
    all[1] = "k".getBytes(StandardCharsets.US_ASCII);
    for (int i = 2; i < all.length; i++) {
      all[i] = ("m" + i).getBytes(StandardCharsets.US_ASCII);
    }
    alone.run(all);
    all[0] = "SREM".getBytes(StandardCharsets.US_ASCII);
    alone.run(all);
    assertThat(alone.run("TYPE", "k")).isEqualTo(new Reply.Simple("none"));
    Answer refused = new Answer.Failed((Reply.Failure) Failures.REMAINS_TOO_MANY);
    assertThat(prepare(NOW + 10)).isEqualTo(refused);
    assertThat(ask(SafeQueries.args(SafeQueries.PEEK, KEY))).isEqualTo(refused);
  }

  @Test
  void counterExampleAnExpiryThatHasPassedIsAnEventInTheOrder() {
    Version then = ballot(NOW - 100);
    List<Element> state =
        List.of(Element.string(KEY, then, new byte[] {'v'}), Element.expiry(KEY, then, NOW + 50));
    assertThat(get(state, ballot(NOW)).changed()).isFalse();
    Trial.Outcome<Reply> late = get(state, ballot(NOW + 60));
    assertThat(late.answer()).isEqualTo(Reply.NULL);
    assertThat(late.changed()).isTrue();
    assertThat(late.state()).containsExactly(Element.clear(KEY, ballot(NOW + 60)));
    assertThat(get(late.state(), ballot(NOW + 70)).changed()).as("written down by now").isFalse();
  }

  private static Trial.Outcome<Reply> get(List<Element> state, Version at) {
    byte[][] args = {"GET".getBytes(StandardCharsets.US_ASCII), KEY.bytes()};
    return new Trial()
        .run(KEY, state, at, shard -> Commands.inShard(args[0]).orElseThrow().run(shard, args));
  }
}
