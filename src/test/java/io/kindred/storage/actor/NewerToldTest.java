package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.ring.Shards;
import io.kindred.storage.FaultyDisk;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.Fsync;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.io.IOException;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A write that is merged and yet not seen, as something newer is here, is told of as one that lost.
 */
class NewerToldTest {

  private static final long NOW = 1_000;
  private static final Key KEY = Elements.key("k");

  private final TestInbox<ShardProtocol.Merged> answers = TestInbox.create();
  private BehaviorTestKit<ShardProtocol.Command> actor;

  @BeforeEach
  void start() throws IOException {
    FileLaneLog log =
        FileLaneLog.open(
            new FaultyDisk(),
            Fsync.EVERYSEC,
            1 << 20,
            Runnable::run,
            Runnable::run,
            (number, own, element) -> {},
            found -> {});
    HybridClock clock = new HybridClock(() -> NOW, time -> time + (1L << 40), 0);
    Shard shard = new Shard(0, new ShardStore(0, 16_383, 7), log, clock, () -> NOW, 5);
    actor = BehaviorTestKit.create(ShardActor.create(new ShardDesk(shard, new Shards(1)), log));
  }

  private static Version at(long millis) {
    return new Version(HybridClock.ofMillis(millis), 9);
  }

  private List<ShardProtocol.Newer> merged(Element... elements) {
    actor.run(
        new ShardProtocol.Merge(List.of(elements), 1, ShardProtocol.FED, true, answers.getRef()));
    return answers.receiveMessage().newer();
  }

  private static ShardProtocol.Newer newer(long millis) {
    return new ShardProtocol.Newer(KEY.hashCode(), at(millis).time());
  }

  @Test
  void aDeletionUnderANewerString() {
    merged(Element.string(KEY, at(300), new byte[] {1}));
    assertThat(merged(Element.clear(KEY, at(70)))).containsExactly(newer(300));
  }

  @Test
  void aStringUnderANewerHash() {
    merged(Element.field(KEY, new byte[] {1}, at(300), new byte[] {1}));
    assertThat(merged(Element.string(KEY, at(70), new byte[] {1}))).containsExactly(newer(300));
  }

  @Test
  void aFieldUnderItsNewerRemoval() {
    merged(Element.field(KEY, new byte[] {1}, at(50), new byte[] {1}));
    merged(Element.fieldRemoved(KEY, new byte[] {1}, at(300)));
    assertThat(merged(Element.field(KEY, new byte[] {1}, at(70), new byte[] {2})))
        .containsExactly(newer(300));
  }

  @Test
  void whatIsNewestItselfAndWhatWasHereBefore() {
    Element string = Element.string(KEY, at(70), new byte[] {1});
    assertThat(merged(string, Element.expiry(KEY, at(70), Element.NEVER))).isEmpty();
    assertThat(merged(string)).isEmpty();
  }
}
