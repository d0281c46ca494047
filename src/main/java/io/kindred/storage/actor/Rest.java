package io.kindred.storage.actor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A rest of a few milliseconds. The actor system's timers are up to ten late, and who catches up
 * with that works for as long without a rest, beside lanes that have clients waiting.
 */
final class Rest {

  private Rest() {}

  /** Completes when so much time has passed, late by a tenth of a millisecond or so. */
  static CompletionStage<Void> of(Duration time) {
    return new CompletableFuture<Void>()
        .completeOnTimeout(null, time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
