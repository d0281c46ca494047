package io.kindred.server;

import java.util.concurrent.TimeUnit;

/**
 * Whether a node that gave no answer may be gone. Until others notice, each request to it would
 * wait for its deadline: what can go elsewhere does, but for one now and then, which tells when the
 * node is there again.
 */
final class Suspicion {

  private static final long TRIED_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private boolean isSuspect;
  private long triedNanos;

  /** It has said something. */
  void heard() {
    isSuspect = false;
  }

  /** It has not, within a deadline. */
  void silent() {
    isSuspect = true;
  }

  boolean isBetterAskedElsewhere(Request request) {
    if (!isSuspect || !request.canGoElsewhere()) {
      return false;
    }
    long now = System.nanoTime();
    boolean isDue = now - triedNanos >= TRIED_EVERY_NANOS;
    triedNanos = isDue ? now : triedNanos;
    return !isDue;
  }
}
