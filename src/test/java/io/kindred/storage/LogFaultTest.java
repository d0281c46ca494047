package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What a log does when its disk is full or broken, and what it tells those who wait. */
class LogFaultTest {

  @Test
  void aFullDiskRefusesWritesUntilThereIsRoom() throws IOException {
    LogBench bench = new LogBench(Fsync.EVERYSEC, 1 << 20);
    bench.appendEach("a");
    bench.disk.setRoom(10);
    bench.append("b");
    bench.append("c");
    bench.turn();
    assertThat(bench.answered).containsExactly("a");
    assertThat(bench.failed).containsExactly("b", "c");
    assertThat(bench.log.failure()).contains("No space left on device");
    assertThatThrownBy(() -> bench.append("d"))
        .isInstanceOf(LogFailedException.class)
        .hasMessageContaining("No space left");
    bench.log.tick();
    bench.turn();
    assertThat(bench.log.failure()).isNotNull();

    bench.disk.setRoom(Long.MAX_VALUE);
    bench.log.tick();
    bench.turn();
    assertThat(bench.log.failure()).isNull();
    bench.appendEach("e");
    assertThat(bench.answered).containsExactly("a", "e");
    bench.open(bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
    // b and c are in memory, so they had to reach the log after all.
    assertThat(bench.replayed).containsExactly("a", "b", "c", "e");
  }

  @Test
  void aPartOfABatchOnAFullDiskIsATornTail() throws IOException {
    LogBench bench = new LogBench(Fsync.NO, 1 << 20);
    bench.appendEach("a");
    bench.disk.setRoom(10);
    bench.appendEach("b");
    bench.open(bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
    assertThat(bench.replayed).containsExactly("a");
    assertThat(bench.recovery.tornBytes()).isEqualTo(10);
  }

  @Test
  void aFullDiskAtTheTurnOfASegmentIsSurvivedToo() throws IOException {
    LogBench bench = new LogBench(Fsync.NO, 1);
    bench.appendEach("a");
    bench.disk.setRoom(7);
    bench.appendEach("b");
    assertThat(bench.failed).containsExactly("b");
    bench.disk.setRoom(Long.MAX_VALUE);
    bench.log.tick();
    bench.turn();
    bench.appendEach("c");
    bench.open(bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
    assertThat(bench.replayed).containsExactly("a", "b", "c");
    assertThat(bench.recovery.damages()).isEmpty();
  }

  @Test
  void aFailedSyncIsForGoodAndFailsAllWhoWait() throws IOException {
    LogBench bench = new LogBench(Fsync.ALWAYS, 1 << 20);
    bench.append("a");
    bench.turn();
    bench.append("b");
    bench.turn();
    // Appended, but not yet committed when the sync fails.
    bench.append("c");
    bench.disk.setSyncFails(true);
    bench.sync();
    bench.turn();
    assertThat(bench.answered).isEmpty();
    assertThat(bench.failed).containsExactlyInAnyOrder("a", "b", "c");
    bench.disk.setSyncFails(false);
    bench.log.tick();
    bench.sync();
    assertThat(bench.log.failure()).contains("sync failed").contains("start the node again");
    assertThatThrownBy(() -> bench.append("d")).isInstanceOf(LogFailedException.class);
    assertThat(bench.log.synced()).isZero();
    assertThatThrownBy(() -> bench.log.close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sync failed");
  }

  @Test
  void aWriteThatSucceedsAfterAllDoesNotForgiveAFailedSync() throws IOException {
    LogBench bench = new LogBench(Fsync.EVERYSEC, 1 << 20);
    bench.appendEach("a");
    bench.disk.setRoom(0);
    bench.appendEach("b");
    bench.disk.setSyncFails(true);
    bench.log.tick();
    bench.disk.setRoom(Long.MAX_VALUE);
    bench.log.tick();
    bench.turn();
    assertThat(bench.log.failure()).contains("sync failed");
    assertThatThrownBy(() -> bench.append("c")).isInstanceOf(LogFailedException.class);
  }

  @Test
  void everysecSyncsAllSegmentsOnATick() throws IOException {
    LogBench bench = new LogBench(Fsync.EVERYSEC, 1);
    bench.appendEach("a", "b", "c");
    assertThat(bench.log.synced()).isZero();
    bench.log.tick();
    assertThat(bench.log.synced()).isEqualTo(bench.log.end());
    bench.appendEach("d");
    bench.open(bench.disk.after(FaultyDisk.Crash.LOSES_ALL, new Random(1)));
    assertThat(bench.replayed).containsExactly("a", "b", "c");
    assertThat(bench.recovery.damages()).isEmpty();
  }

  @Test
  void oneActionThatThrowsDoesNotHangTheOthers() throws IOException {
    LogBench bench = new LogBench(Fsync.NO, 1 << 20);
    bench.append("a");
    bench.log.afterCommit(
        () -> {
          throw new IllegalStateException("somebody's mistake");
        },
        reason -> {});
    bench.append("b");
    assertThatThrownBy(bench::turn).hasMessage("somebody's mistake");
    assertThat(bench.answered).containsExactly("a", "b");
    bench.appendEach("c");
    assertThat(bench.answered).containsExactly("a", "b", "c");
  }

  @Test
  void aCleanCloseWritesAndAnswersWhatWasAppended() throws IOException {
    for (Fsync fsync : Fsync.values()) {
      LogBench bench = new LogBench(fsync, 1 << 20);
      bench.append("a");
      bench.log.close();
      assertThat(bench.answered).containsExactly("a");
      assertThat(bench.log.synced()).isEqualTo(bench.log.end());
      bench.open(bench.disk.after(FaultyDisk.Crash.LOSES_ALL, new Random(1)));
      assertThat(bench.replayed).containsExactly("a");
    }
  }

  @Test
  void aReaderOfADeletedSegmentIsToldSo() throws IOException {
    LogBench bench = new LogBench(Fsync.NO, 1);
    bench.appendEach("a", "b");
    bench.disk.delete(Segment.nameOf(0));
    try (LogReader reader = bench.log.readFrom(0)) {
      assertThatThrownBy(() -> reader.read(1, (shard, own, element) -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(Segment.nameOf(0))
          .hasMessageContaining("cannot be opened any more");
    }
    assertThatThrownBy(() -> bench.log.readFrom(bench.log.end() + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 1000)
  void whoWaitsHearsExactlyOnceWhateverTheDiskDoes(@ForAll long seed, @ForAll Fsync fsync)
      throws IOException {
    Random random = new Random(seed);
    LogBench bench = new LogBench(fsync, 100);
    for (int i = 0; i < 60; i++) {
      switch (random.nextInt(7)) {
        case 0 -> bench.turn();
        case 1 -> bench.sync();
        case 2 -> bench.log.tick();
        case 3 -> bench.disk.setRoom(random.nextBoolean() ? random.nextInt(60) : 1 << 20);
        case 4 -> bench.disk.setSyncFails(random.nextInt(12) == 0);
        default -> {
          if (bench.log.failure() == null) {
            bench.append("k" + i);
          }
        }
      }
    }
    bench.disk.setRoom(1 << 20);
    bench.log.tick();
    for (int i = 0; i < 4; i++) {
      bench.turn();
      bench.sync();
    }
    List<String> told = new ArrayList<>(bench.answered);
    told.addAll(bench.failed);
    assertThat(told).containsExactlyInAnyOrderElementsOf(bench.appended);
  }
}
