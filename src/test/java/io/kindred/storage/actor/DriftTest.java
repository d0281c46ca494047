package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.HybridClock;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import io.kindred.ring.Shards;
import io.kindred.storage.Drift;
import io.kindred.storage.MemoryBudget;
import io.kindred.storage.MemoryLog;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/** Digests that are not those of the data: who is told. */
class DriftTest {

  @Test
  void theShardCountsTheSlotsThatItsLaneFoundWrong() {
    MemoryLog log = new MemoryLog();
    HybridClock clock = new HybridClock(() -> 1_000, time -> time + (1L << 40), 0);
    ShardStore store = new ShardStore(0, 16_383, 7);
    ShardDesk desk = new ShardDesk(new Shard(0, store, log, clock, () -> 1_000, 5), new Shards(1));
    LaneTending tending = new LaneTending(0, List.of(desk), new MemoryBudget(1, 0));
    Key key = Elements.key("k");
    store.merge(Element.string(key, new Version(5, 9), Elements.text("v")));
    tending.turn();
    assertThat(driftedSlots(desk, log)).isZero();

    Drift.at(store, key);
    tending.turn();
    tending.turn();
    tending.turn();
    assertThat(desk.driftedSlots()).containsExactly(key.slot());
    assertThat(driftedSlots(desk, log)).as("once, however often it is found").isOne();
  }

  private static int driftedSlots(ShardDesk desk, MemoryLog log) {
    TestInbox<ShardProtocol.ShardStats> stats = TestInbox.create();
    BehaviorTestKit.create(ShardActor.create(desk, log))
        .run(new ShardProtocol.ReadStats(stats.getRef()));
    return stats.receiveMessage().driftedSlots();
  }
}
