package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.KeyType;
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

/** Counter-example 6: a carrier was paused with what has been purged everywhere since. */
class EarlierStepTest {

  private static final Key K = Elements.key("k");
  private static final Element OLD = Element.string(K, new Version(500, 3), Elements.text("old"));

  private final TestInbox<ShardProtocol.Merged> answers = TestInbox.create();
  private Shard shard;
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
    HybridClock clock = new HybridClock(() -> 1_000, time -> time + (1L << 40), 0);
    shard = new Shard(0, new ShardStore(0, 16_383, 7), log, clock, () -> 1_000, 5);
    actor = BehaviorTestKit.create(ShardActor.create(new ShardDesk(shard, new Shards(1)), log));
    actor.run(new ShardProtocol.Limits(1_000, 1_000, false));
  }

  private ShardProtocol.Merged merge(long readUnder) {
    actor.run(new ShardProtocol.Merge(List.of(OLD), 1, readUnder, answers.getRef()));
    return answers.receiveMessage();
  }

  private KeyType shown() {
    return shard.store().type(K, 1_000);
  }

  @Test
  void whatWasReadUnderAnEarlierStepIsRefused() {
    assertThat(merge(999).refused()).isTrue();
    assertThat(shown()).isEqualTo(KeyType.NONE);
  }

  @Test
  void whatWasReadUnderThisStepOrALaterOneIsMerged() {
    assertThat(merge(1_000).added()).isEqualTo(1);
    assertThat(shown()).isEqualTo(KeyType.STRING);
  }

  @Test
  void whatAFeedBringsAgainIsDroppedWithoutAWord() {
    ShardProtocol.Merged merged = merge(ShardProtocol.FED);
    assertThat(merged.refused()).isFalse();
    assertThat(merged.superseded()).isEqualTo(1);
    assertThat(shown()).isEqualTo(KeyType.NONE);
  }
}
