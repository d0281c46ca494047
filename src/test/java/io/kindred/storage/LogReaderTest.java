package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers on threads of their own beside a writer, on real files. */
class LogReaderTest {

  private static final int ELEMENTS = 20_000;

  @TempDir private Path temp;

  private final ExecutorService lane = Executors.newSingleThreadExecutor();
  private final ExecutorService syncer = Executors.newSingleThreadExecutor();
  private final ExecutorService readers = Executors.newCachedThreadPool();

  @AfterEach
  void stop() throws InterruptedException {
    for (ExecutorService each : List.of(lane, syncer, readers)) {
      each.shutdownNow();
      assertThat(each.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void readersSeeEverythingInOrderWhileItIsWritten() throws Exception {
    FileLaneLog log = open(Fsync.ALWAYS);
    List<CompletableFuture<List<Long>>> read = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      read.add(CompletableFuture.supplyAsync(() -> follow(log), readers));
    }
    CompletableFuture<Void> written = new CompletableFuture<>();
    lane.execute(() -> appendFrom(log, 0, written));
    written.get(60, TimeUnit.SECONDS);
    for (CompletableFuture<List<Long>> each : read) {
      List<Long> times = each.get(60, TimeUnit.SECONDS);
      for (int i = 0; i < ELEMENTS; i++) {
        assertThat(times.get(i)).isEqualTo(i);
      }
    }
    lane.submit(() -> close(log)).get(60, TimeUnit.SECONDS);
  }

  @Test
  void anInterruptedReaderDoesNotCloseTheWritersFile() throws Exception {
    FileLaneLog log = open(Fsync.EVERYSEC);
    commitOne(log, 0);
    CompletableFuture<Boolean> failed = new CompletableFuture<>();
    readers.execute(
        () -> {
          Thread.currentThread().interrupt();
          try (LogReader reader = log.readFrom(0)) {
            reader.read(1, (shard, own, element) -> {});
            failed.complete(false);
          } catch (java.io.IOException e) {
            failed.complete(true);
          }
        });
    assertThat(failed.get(60, TimeUnit.SECONDS)).isTrue();
    commitOne(log, 1);
    lane.submit(() -> close(log)).get(60, TimeUnit.SECONDS);
  }

  @Test
  void aHugeElementGoesThrough() throws Exception {
    FileLaneLog log = open(Fsync.NO);
    byte[] value = new byte[64 << 20];
    new java.util.Random(3).nextBytes(value);
    Element huge = Element.string(Elements.key("huge"), new Version(5, 9), value);
    CompletableFuture<Void> answered = new CompletableFuture<>();
    lane.execute(
        () -> {
          log.append(1, true, huge);
          log.afterCommit(() -> answered.complete(null), reason -> fail(reason));
        });
    answered.get(60, TimeUnit.SECONDS);
    List<Element> read = new ArrayList<>();
    try (LogReader reader = log.readFrom(0)) {
      reader.read(1, (shard, own, element) -> read.add(element));
    }
    assertThat(read).containsExactly(huge);
    lane.submit(() -> close(log)).get(60, TimeUnit.SECONDS);
  }

  private FileLaneLog open(Fsync fsync) throws java.io.IOException {
    return FileLaneLog.open(
        FileDisk.at(temp), fsync, 50_000, lane, syncer, (s, own, e) -> {}, found -> {});
  }

  /** Appends a few a turn, so that batches are of many sizes, and lets the lane commit between. */
  private void appendFrom(FileLaneLog log, int first, CompletableFuture<Void> written) {
    int next = first;
    for (int i = 0; i <= first % 23 && next < ELEMENTS; i++) {
      appendOne(log, next++);
    }
    int reached = next;
    if (reached < ELEMENTS) {
      lane.execute(() -> appendFrom(log, reached, written));
    } else {
      log.afterCommit(
          () -> written.complete(null),
          reason -> written.completeExceptionally(new AssertionError(reason)));
    }
  }

  private void commitOne(FileLaneLog log, int number) throws Exception {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    lane.execute(
        () -> {
          appendOne(log, number);
          log.afterCommit(
              () -> answered.complete(null),
              reason -> answered.completeExceptionally(new AssertionError(reason)));
        });
    answered.get(60, TimeUnit.SECONDS);
  }

  private static void appendOne(FileLaneLog log, int number) {
    Version version = new Version(number, 9);
    log.append(1, true, Element.string(Elements.key("k" + number), version, Elements.text("v")));
  }

  private static List<Long> follow(FileLaneLog log) {
    List<Long> times = new ArrayList<>();
    Semaphore commits = new Semaphore(1);
    log.onCommit(commits::release);
    try (LogReader reader = log.readFrom(0)) {
      while (times.size() < ELEMENTS) {
        if (reader.read(1000, (shard, own, e) -> times.add(e.version().time())) == 0
            && !commits.tryAcquire(30, TimeUnit.SECONDS)) {
          throw new AssertionError("nothing more came after " + times.size());
        }
      }
    } catch (java.io.IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return times;
  }

  private static void close(FileLaneLog log) {
    try {
      log.close();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
