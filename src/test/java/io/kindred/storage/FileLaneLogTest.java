package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.kindred.entry.Element;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileLaneLogTest {

  @TempDir private Path temp;

  /** What the lane and the syncer have still to run, by hand. */
  private final Queue<Runnable> lane = new ArrayDeque<>();

  private final Queue<Runnable> syncer = new ArrayDeque<>();
  private final List<String> replayed = new ArrayList<>();
  private Recovery recovery;

  @Test
  void appendsOfOneTurnShareOneCommit() throws IOException {
    try (FileLaneLog log = open(Fsync.EVERYSEC, 1 << 20)) {
      List<String> answered = new ArrayList<>();
      append(log, "a");
      log.afterCommit(() -> answered.add("a"), reason -> fail(reason));
      append(log, "b");
      log.afterCommit(() -> answered.add("b"), reason -> fail(reason));
      assertThat(lane).hasSize(1);
      assertThat(answered).isEmpty();
      turn();
      assertThat(answered).containsExactly("a", "b");
      long first = log.end();
      assertThat(first).isPositive();
      log.afterCommit(() -> answered.add("at once"), reason -> fail(reason));
      assertThat(answered).endsWith("at once");
      assertThat(log.end()).isEqualTo(first);
    }
  }

  @Test
  void muchIsCommittedBetweenTwoCommands() throws IOException {
    List<String> answered = new ArrayList<>();
    try (FileLaneLog log = open(Fsync.EVERYSEC, 1 << 20)) {
      append(log, "little");
      log.afterCommit(() -> answered.add("little"), reason -> fail(reason));
      log.commitIfMuch();
      assertThat(answered).isEmpty();
      append(log, "much-".repeat(40_000));
      log.commitIfMuch();
      assertThat(answered).containsExactly("little");
      append(log, "more");
      log.afterCommit(() -> answered.add("more"), reason -> fail(reason));
      assertThat(lane).as("one commit is asked for, and serves what came since").hasSize(1);
      turn();
      assertThat(answered).containsExactly("little", "more");
    }
    try (FileLaneLog log = open(Fsync.EVERYSEC, 1 << 20)) {
      assertThat(replayed).hasSize(3).startsWith("little").endsWith("more");
      assertThat(log.oldest()).isZero();
    }
  }

  @Test
  void alwaysAnswersOnlyWhatIsSynced() throws IOException {
    try (FileLaneLog log = open(Fsync.ALWAYS, 1 << 20)) {
      List<String> answered = new ArrayList<>();
      append(log, "a");
      log.afterCommit(() -> answered.add("a"), reason -> fail(reason));
      turn();
      assertThat(log.end()).isGreaterThan(log.synced());
      assertThat(answered).isEmpty();
      log.afterCommit(() -> answered.add("read of a"), reason -> fail(reason));
      assertThat(answered).as("a read of what is not synced waits too").isEmpty();
      run(syncer);
      turn();
      assertThat(log.synced()).isEqualTo(log.end());
      assertThat(answered).containsExactly("a", "read of a");
    }
  }

  @Test
  void replaysAllItWroteOverManySegments() throws IOException {
    long end;
    try (FileLaneLog log = open(Fsync.NO, 100)) {
      for (int i = 0; i < 50; i++) {
        append(log, "key-" + i);
        turn();
      }
      end = log.end();
    }
    assertThat(FileDisk.at(temp).list()).hasSizeGreaterThan(5);
    try (FileLaneLog log = open(Fsync.NO, 100)) {
      assertThat(replayed).hasSize(50).startsWith("key-0").endsWith("key-49");
      assertThat(log.end()).isEqualTo(end);
      assertThat(recovery.damages()).isEmpty();
      assertThat(recovery.tornBytes()).isZero();
      append(log, "more");
      turn();
    }
    try (FileLaneLog log = open(Fsync.NO, 100)) {
      assertThat(replayed).hasSize(51).endsWith("more");
      assertThat(log.oldest()).isZero();
    }
  }

  @Test
  void aReaderFollowsTheWriter() throws IOException {
    try (FileLaneLog log = open(Fsync.NO, 60)) {
      append(log, "a");
      turn();
      LogReader reader = log.readFrom(0);
      List<String> read = new ArrayList<>();
      LogReader.Visitor visitor =
          (shard, own, element) -> read.add(shard + " " + own + " " + element.key());
      assertThat(reader.read(1 << 20, visitor)).isEqualTo(log.end());
      append(log, "b");
      assertThat(reader.read(1 << 20, visitor)).as("not committed yet").isZero();
      turn();
      reader.read(1 << 20, visitor);
      assertThat(read).containsExactly("7 true a", "7 true b");
      assertThat(reader.position()).isEqualTo(log.end());
    }
  }

  @Test
  void aTornTailIsCutAtEveryByte() throws IOException {
    long beforeLast;
    try (FileLaneLog log = open(Fsync.NO, 1 << 20)) {
      append(log, "first");
      turn();
      append(log, "second");
      turn();
      beforeLast = log.end();
      append(log, "last");
      turn();
    }
    Path file = temp.resolve(Segment.nameOf(0));
    byte[] whole = Files.readAllBytes(file);
    int keep = (int) (Segment.HEADER_BYTES + beforeLast);
    for (int bytes = keep; bytes < whole.length; bytes++) {
      Files.write(file, java.util.Arrays.copyOf(whole, bytes));
      // As if it had not been synced yet.
      Files.delete(temp.resolve(SyncedNote.NAME));
      try (FileLaneLog log = open(Fsync.NO, 1 << 20)) {
        assertThat(replayed).containsExactly("first", "second");
        assertThat(recovery.tornBytes() > 0).isEqualTo(bytes > keep);
        assertThat(recovery.damages()).isEmpty();
        assertThat(log.end()).isEqualTo(beforeLast);
      }
    }
  }

  @Test
  void damageInTheMiddleIsReportedAndSteppedOver() throws IOException {
    long second;
    try (FileLaneLog log = open(Fsync.EVERYSEC, 1 << 20)) {
      append(log, "first");
      turn();
      second = log.end();
      append(log, "second");
      turn();
      log.tick();
      append(log, "third");
      turn();
    }
    Path file = temp.resolve(Segment.nameOf(0));
    byte[] whole = Files.readAllBytes(file);
    whole[(int) (Segment.HEADER_BYTES + second + Segment.FRAME_BYTES + 3)] ^= 4;
    Files.write(file, whole);
    try (FileLaneLog log = open(Fsync.NO, 1 << 20)) {
      assertThat(replayed).containsExactly("first", "third");
      assertThat(recovery.damages()).hasSize(1);
      assertThat(recovery.damages().get(0).position()).isEqualTo(second);
      assertThat(log.failure()).isNull();
    }
  }

  @Test
  void aReplayTellsHowFarItIs() throws IOException {
    LogBench bench = new LogBench(Fsync.NO, 60);
    bench.appendEach("a", "b", "c", "d");
    List<Long> told = new ArrayList<>();
    List<Long> sizes = new ArrayList<>();
    FileLaneLog.open(
        bench.disk,
        Fsync.NO,
        60,
        Runnable::run,
        Runnable::run,
        new LogReader.Visitor() {
          @Override
          public void entry(int shard, boolean own, Element element) {}

          @Override
          public void progress(long bytes, long ofBytes) {
            told.add(bytes);
            sizes.add(ofBytes);
          }
        },
        found -> {});
    assertThat(told).isEqualTo(bench.ends);
    long segments = bench.disk.list().stream().filter(Segment::isSegment).count();
    assertThat(sizes).containsOnly(bench.log.end() + segments * 24L);
  }

  private FileLaneLog open(Fsync fsync, long segmentBytes) throws IOException {
    replayed.clear();
    return FileLaneLog.open(
        FileDisk.at(temp),
        fsync,
        segmentBytes,
        lane::add,
        syncer::add,
        (shard, own, element) -> replayed.add(element.key().toString()),
        found -> recovery = found);
  }

  private static void append(LaneLog log, String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    log.append(7, true, Element.string(Key.of(bytes), new Version(5, 9), bytes));
  }

  private void turn() {
    run(lane);
  }

  private static void run(Queue<Runnable> queue) {
    while (!queue.isEmpty()) {
      queue.poll().run();
    }
  }
}
