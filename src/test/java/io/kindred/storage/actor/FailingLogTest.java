package io.kindred.storage.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Call;
import io.kindred.command.Reply;
import io.kindred.entry.Elements;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a shard answers while its lane's log takes no writes. */
class FailingLogTest {

  private final Queue<Runnable> lane = new ArrayDeque<>();
  private FaultyDisk disk;
  private final Shards oneShard = new Shards(1);
  private FileLaneLog log;
  private BehaviorTestKit<LaneActor.Command> actor;

  @BeforeEach
  void serve() throws IOException {
    serve(Fsync.EVERYSEC);
  }

  private void serve(Fsync fsync) throws IOException {
    disk = new FaultyDisk();
    log =
        FileLaneLog.open(
            disk,
            fsync,
            1 << 20,
            lane::add,
            Runnable::run,
            (shard, own, element) -> {},
            found -> {});
    HybridClock clock = new HybridClock(() -> 1_000, time -> time + (1L << 40), 0);
    Shard shard = new Shard(0, new ShardStore(0, 16_383, 7), log, clock, () -> 1_000, 5);
    ShardDesk desk = new ShardDesk(shard, oneShard);
    desk.serve(true);
    LaneQuorum quorum = new LaneQuorum(new ViewBoard(null), log, Duration.ofSeconds(1));
    actor =
        BehaviorTestKit.create(
            LaneActor.create(0, List.of(desk), log, new MemoryBudget(1, 0), quorum));
    assertThat(run("SET old 1").get(0)).isEqualTo(Reply.OK);
    assertThat(run("SET other 2").get(0)).isEqualTo(Reply.OK);
  }

  @Test
  void readsGoOnButForWhatTheLogCouldNotTake() {
    disk.setRoom(5);
    List<Reply> batch = run("GET old", "SET old 3", "GET other", "GET old");
    assertThat(texts(batch)).containsExactly("MISCONF", "MISCONF", "2", "MISCONF");
    assertThat(((Reply.Failure) batch.get(1)).text())
        .contains("memory/0000000000000000000.log")
        .contains("No space left on device");

    assertThat(texts(run("GET other", "GET old", "SET other 4", "GET missing")))
        .containsExactly("2", "MISCONF", "MISCONF", "nothing");
    assertThat(texts(run("|count"))).as("names no key").containsExactly("2");
    int held = Elements.key("old").slot();
    assertThat(texts(run(keysOf(0, 16_383)))).as("not as if it were whole").contains("MISCONF");
    assertThat(listed(keysOf(0, held - 1), keysOf(held + 1, 16_383))).containsExactly("other");

    disk.setRoom(Long.MAX_VALUE);
    log.tick();
    turn();
    assertThat(texts(run("GET old", "GET other", "SET other 5", "|count")))
        .containsExactly("3", "2", "OK", "2");
    assertThat(listed(keysOf(0, 16_383))).containsExactlyInAnyOrder("old", "other");
  }

  @Test
  void underAlwaysNobodyReadsWhatAFailedSyncLeftInDoubt() throws IOException {
    serve(Fsync.ALWAYS);
    disk.setSyncFails(true);
    assertThat(texts(run("SET old 3"))).containsExactly("MISCONF");
    assertThat(texts(run("GET old", "GET other", "GET missing", "SET missing 1")))
        .containsExactly("MISCONF", "2", "nothing", "MISCONF");
    assertThat(texts(run("GET old"))).containsExactly("MISCONF");
  }

  private static String keysOf(int first, int last) {
    return "|keys " + first + " " + last + " 10 * string";
  }

  private List<String> listed(String... questions) {
    List<String> keys = new ArrayList<>();
    for (Reply reply : run(questions)) {
      keys.addAll(texts(((Reply.Array) ((Reply.Array) reply).items().get(2)).items()));
    }
    return keys;
  }

  private List<Reply> run(String... commands) {
    List<Answer> answers = Arrays.stream(commands).map(Answer::new).toList();
    actor.run(new LaneActor.Execute(answers.toArray(Call[]::new)));
    turn();
    return answers.stream().map(answer -> answer.reply()).toList();
  }

  private void turn() {
    while (!lane.isEmpty()) {
      lane.poll().run();
    }
  }

  private static List<String> texts(List<Reply> replies) {
    return replies.stream().map(FailingLogTest::text).toList();
  }

  private static String text(Reply reply) {
    if (reply instanceof Reply.Failure failure) {
      return failure.text().substring(0, failure.text().indexOf(' '));
    }
    if (reply instanceof Reply.Bulk bulk) {
      return new String(bulk.bytes(), StandardCharsets.UTF_8);
    }
    if (reply instanceof Reply.Int number) {
      return Long.toString(number.value());
    }
    return reply.equals(Reply.OK) ? "OK" : "nothing";
  }
}
