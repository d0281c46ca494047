package io.kindred.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kindred.storage.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {

  @TempDir private Path dir;

  @Test
  void theDirectoryIsGivenBackOnlyWhenTheDiskWorkUnderWayIsDone() throws Exception {
    Housekeeping housekeeping = Housekeeping.start(DataDirectory.open(dir, 1), Lanes.start(1));
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
