package io.kindred.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The pause between two looks, which ends early when the command is interrupted. */
final class Pause {

  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private Pause() {}

  static void ofMillis(long millis) {
    try {
      if (NEVER.await(millis, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nobody counts this down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", "", "");
    }
  }
}
