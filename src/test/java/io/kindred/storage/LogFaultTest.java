package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.entry.Elements;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log does when its disk is full or broken, and what it tells those who wait. */
class LogFaultTest {

  @ParameterizedTest
  @ValueSource(ints = {0, BatchPacker.RAW_BYTES_MIN})
  void aFullDiskRefusesWritesUntilThereIsRoom(int filler) throws IOException {
    LogBench bench = new LogBench(Fsync.EVERYSEC, 1 << 20);
    bench.filler = filler;
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
    assertThat(bench.recovery.lostSomething()).isFalse();
  }

  @Test
  void whoeverWaitsHearsOfAWriteThatEndsAsNoneShould() throws IOException {
    LogBench bench = new LogBench(Fsync.EVERYSEC, 1 << 20);
    bench.disk.setNextWriteError(new OutOfMemoryError("Cannot reserve direct buffer memory"));
    bench.append("a");
    bench.turn();
    assertThat(bench.failed).containsExactly("a");
    assertThat(bench.log.failure()).contains("Cannot reserve direct buffer memory");
    bench.log.tick();
    bench.turn();
    bench.appendEach("b");
    assertThat(bench.answered).containsExactly("b");
    bench.open(bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
    assertThat(bench.replayed).containsExactly("a", "b");
  }

  @Test
  void onlyWhatTheLogCouldNotTakeIsHeldBack() throws IOException {
    LogBench bench = new LogBench(Fsync.EVERYSEC, 1 << 20);
    bench.appendEach("a");
    assertThat(held(bench, "a")).isFalse();
    bench.disk.setRoom(10);
    bench.append("b");
    bench.turn();
    assertThat(held(bench, "a")).isFalse();
    assertThat(held(bench, "b")).isTrue();
    assertThat(bench.log.failure()).contains(Segment.nameOf(0)).contains("No space left");
    bench.disk.setRoom(Long.MAX_VALUE);
    bench.log.tick();
    bench.turn();
    assertThat(held(bench, "b")).isFalse();
  }

  @Test
  void afterAFailedSyncWhatWasNotSyncedIsHeldBackUnderAlwaysOnly() throws IOException {
    for (Fsync fsync : Fsync.values()) {
      LogBench bench = new LogBench(fsync, 1 << 20);
      bench.appendEach("a");
      bench.sync();
      for (int i = 0; i < 30; i++) {
        bench.log.tick();
      }
      bench.appendEach("b");
      bench.append("c");
      bench.disk.setSyncFails(true);
      bench.sync();
      for (int i = 0; i < 30; i++) {
        bench.log.tick();
      }
      bench.turn();
      assertThat(bench.log.failure()).as(fsync.word()).contains("sync failed");
      assertThat(held(bench, "a")).isFalse();
      assertThat(held(bench, "b")).as(fsync.word()).isEqualTo(fsync == Fsync.ALWAYS);
    }
  }

  private static boolean held(LogBench bench, String key) {
    return bench.log.heldBack().holds(Elements.key(key));
  }

  @Test
  void underAlwaysASegmentIsWrittenAheadAndIsNoTornTail() throws IOException {
    LogBench bench = new LogBench(Fsync.ALWAYS, 200);
    bench.sync();
    assertThat(bench.disk.list()).contains(SpareSegment.NAME);
    for (int i = 0; i < 12; i++) {
      bench.append("k" + i);
      bench.turn();
      bench.sync();
    }
    String last = bench.disk.list().get(bench.disk.list().size() - 2);
    assertThat(bench.disk.bytes(last).length).isGreaterThanOrEqualTo(200 + Segment.HEADER_BYTES);
    bench.open(bench.disk.after(FaultyDisk.Crash.LOSES_ALL, new Random(1)));
    assertThat(bench.replayed).hasSize(12);
    assertThat(bench.recovery.lostSomething()).isFalse();
    bench.append("more");
    bench.turn();
    bench.sync();
    bench.open(bench.disk.after(FaultyDisk.Crash.LOSES_ALL, new Random(1)));
    assertThat(bench.replayed).hasSize(13);
    assertThat(bench.recovery.lostSomething()).isFalse();
    bench.log.close();
    assertThat(bench.disk.list()).doesNotContain(SpareSegment.NAME);
  }

  @Test
  void whatIsCutIsGoneAndTheRestIsWhole() throws IOException {
    LogBench bench = new LogBench(Fsync.EVERYSEC, 1);
    bench.appendEach("a", "b", "c", "d");
    bench.log.cut(Long.MAX_VALUE);
    assertThat(bench.log.oldest()).as("nothing is synced yet").isZero();
    bench.log.tick();
    bench.appendEach("e");
    bench.log.cut(bench.ends.get(1) + 1);
    assertThat(bench.log.oldest()).isEqualTo(bench.ends.get(1));
    long from = bench.log.oldest();
    bench.open(
        bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)),
        new LogBounds(from, from, shard -> from));
    assertThat(bench.replayed).containsExactly("c", "d", "e");
    assertThat(bench.recovery.lostSomething()).isFalse();
    bench.open(bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)), LogBounds.NONE);
    assertThat(bench.replayed).containsExactly("c", "d", "e");
    assertThat(bench.recovery.damages()).as("without a snapshot all is needed").hasSize(1);
    long beyond = bench.log.end() + 1000;
    bench.open(
        bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)),
        new LogBounds(from, beyond, shard -> from));
    assertThat(bench.recovery.damages()).hasSize(1);
    assertThat(bench.log.end()).as("no position is given out twice").isEqualTo(beyond);
  }

  @Test
  void aPartOfABatchOnAFullDiskIsATornTail() throws IOException {
    LogBench bench = new LogBench(Fsync.NO, 1 << 20);
    bench.appendEach("a");
    bench.disk.setRoom(10);
    bench.appendEach("b");
    bench.open(bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
    assertThat(bench.replayed).containsExactly("a");
    assertThat(bench.recovery.tornBytes()).isBetween(1L, 10L);
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
  void whatAFailedSyncLeftInMemoryAloneIsOnTheDiskOnceTheNodeHasStartedAgain() throws IOException {
    for (Fsync fsync : Fsync.values()) {
      LogBench bench = new LogBench(fsync, 100);
      bench.append("a");
      bench.sync();
      bench.log.syncNow();
      bench.append("b");
      bench.append("c");
      bench.turn();
      bench.append("d");
      bench.turn();
      bench.disk.setSyncFails(true);
      assertThatThrownBy(() -> bench.log.syncNow()).hasMessageContaining("sync failed");
      bench.disk.setSyncFails(false);

      bench.open(bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
      assertThat(bench.replayed).as(fsync.word()).containsExactly("a", "b", "c", "d");
      assertThat(bench.log.synced()).isEqualTo(bench.log.end());
      bench.appendEach("e");
      bench.log.syncNow();
      bench.open(bench.disk.after(FaultyDisk.Crash.LOSES_ALL, new Random(1)));
      assertThat(bench.recovery.lostSomething()).as(fsync.word()).isFalse();
      assertThat(bench.replayed).as(fsync.word()).containsExactly("a", "b", "c", "d", "e");
    }
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
  void whatCannotBeReadAgainIsAllHeldBack() throws IOException {
    LogBench bench = new LogBench(Fsync.ALWAYS, 1 << 20);
    bench.append("a");
    bench.turn();
    bench.disk.setRoom(0);
    bench.append("b");
    bench.turn();
    bench.disk.setNextReadError(new OutOfMemoryError("Cannot reserve direct buffer memory"));
    assertThat(held(bench, "never written")).isTrue();
  }

  @Test
  void oneActionThatThrowsDoesNotHangTheOthers() throws IOException {
    for (Fsync fsync : Fsync.values()) {
      LogBench bench = new LogBench(fsync, 1 << 20);
      bench.append("a");
      bench.log.afterCommit(
          () -> {
            throw new IllegalStateException("somebody's mistake");
          },
          reason -> {});
      bench.append("b");
      bench.turn();
      if (fsync == Fsync.ALWAYS) {
        bench.sync();
      }
      assertThat(bench.answered).containsExactly("a", "b");
      assertThatThrownBy(bench::turn).hasMessage("somebody's mistake");
      bench.appendEach("c");
      bench.sync();
      assertThat(bench.answered).as(fsync.word()).containsExactly("a", "b", "c");
    }
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
