package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Call;
import io.kindred.command.Failures;
import io.kindred.command.Reply;
import io.kindred.entry.HybridClock;
import io.kindred.membership.ViewBoard;
import io.kindred.ring.Shards;
import io.kindred.storage.FaultyDisk;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.Fsync;
import io.kindred.storage.MemoryBudget;
import io.kindred.storage.Shard;
import io.kindred.storage.ShardStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.junit.jupiter.api.Test;

/** What clients hear when the data has taken what it may. */
class MaxMemoryTest {

  private final Queue<Runnable> lane = new ArrayDeque<>();

  @Test
  void whatNeedsMemoryIsRefusedAndAllElseGoesOn() throws IOException {
    MemoryBudget budget = new MemoryBudget(1, 100_000);
    FileLaneLog log =
        FileLaneLog.open(
            new FaultyDisk(),
            Fsync.EVERYSEC,
            1 << 20,
            lane::add,
            Runnable::run,
            (shard, own, element) -> {},
            found -> {});
    HybridClock clock = new HybridClock(() -> 1_000, time -> time + (1L << 40), 0);
    Shard shard = new Shard(0, new ShardStore(0, 16_383, 7), log, clock, () -> 1_000, 5);
    ShardDesk desk = new ShardDesk(shard, new Shards(1));
    desk.serve(true);
    LaneQuorum quorum = new LaneQuorum(new ViewBoard(null), log, Duration.ofSeconds(1));
    LaneTending tending = new LaneTending(0, List.of(desk), budget);
    BehaviorTestKit<LaneActor.Command> actor =
        BehaviorTestKit.create(LaneActor.create(0, List.of(desk), log, budget, quorum));
    assertThat(run(actor, "SET k " + "v".repeat(3000))).isEqualTo(Reply.OK);

    // The first chunk alone is larger than what was allowed.
    tending.turn();
    assertThat(budget.isFull()).isTrue();
    assertThat(run(actor, "SET k 1")).isEqualTo(Failures.OUT_OF_MEMORY);
    assertThat(run(actor, "LPUSH l 1")).isEqualTo(Failures.OUT_OF_MEMORY);
    assertThat(run(actor, "STRLEN k")).isEqualTo(Reply.of(3000));
    assertThat(run(actor, "DEL k")).isEqualTo(Reply.ONE);
  }

  private Reply run(BehaviorTestKit<LaneActor.Command> actor, String command) {
    Answer answer = new Answer(command);
    actor.run(new LaneActor.Execute(new Call[] {answer}));
    while (!lane.isEmpty()) {
      lane.poll().run();
    }
    return answer.reply();
  }
}
