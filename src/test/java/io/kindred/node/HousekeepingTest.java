package io.kindred.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.Version;
import io.kindred.storage.DataDirectory;
import io.kindred.storage.FileDisk;
import io.kindred.storage.FileLaneLog;
import io.kindred.storage.Fsync;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {

  @TempDir private Path dir;

  @Test
  void theDirectoryIsGivenBackOnlyWhenTheDiskWorkUnderWayIsDone() throws Exception {
    Housekeeping housekeeping =
        Housekeeping.start(DataDirectory.open(dir, 1), Lanes.start(1), System::currentTimeMillis);
    CompletableFuture<Void> recovery = new CompletableFuture<>();
    housekeeping.blocking().execute(recovery::join);
    AtomicReference<IOException> failure = new AtomicReference<>();
    Thread closing =
        new Thread(
            () -> {
              try {
                housekeeping.close();
              } catch (IOException e) {
                failure.set(e);
              }
            },
            "closing");
    closing.start();
    await().until(() -> takesNoMore(housekeeping));
    await().until(() -> closing.getState() != Thread.State.RUNNABLE);

    assertThat(isInUse()).as("while a recovery goes on").isTrue();
    recovery.complete(null);
    closing.join();
    assertThat(failure.get()).isNull();
    assertThat(isInUse()).isFalse();
  }

  @Test
  void logsAreSyncedWhateverBecomesOfTheClocksFile() throws Exception {
    DataDirectory directory = DataDirectory.open(dir, 1);
    // Where the clock's bound should be there is something that no file can replace.
    Files.createDirectories(dir.resolve("clock").resolve("in the way"));
    Lanes lanes = Lanes.start(1);
    EventLoop lane = lanes.loops().get(0);
    try (Housekeeping housekeeping =
        Housekeeping.start(directory, lanes, System::currentTimeMillis)) {
      FileLaneLog log =
          FileLaneLog.open(
              FileDisk.at(directory.lane(0)),
              Fsync.EVERYSEC,
              1 << 20,
              lane,
              housekeeping.blocking(),
              (shard, own, element) -> {},
              found -> {});
      housekeeping.keep(List.of(log));
      await().until(() -> directory.clockFailure().isPresent());
      assertThat(directory.clockFailure().orElseThrow()).contains("clock");
      Element element = Element.string(Elements.key("k"), new Version(5, 9), Elements.text("v"));
      lane.submit(() -> log.append(0, true, element)).syncUninterruptibly();
      await().until(() -> log.end() > 0 && log.synced() == log.end());
      assertThat(directory.clockFailure()).isPresent();
    }
  }

  private static boolean takesNoMore(Housekeeping housekeeping) {
    try {
      housekeeping.blocking().execute(() -> {});
      return false;
    } catch (RejectedExecutionException e) {
      return true;
    }
  }

  private boolean isInUse() {
    try {
      DataDirectory.open(dir, 1).close();
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
