package io.kindred.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits beside a process, and notices at once when it ends. */
final class Watch {

  private final ProcessHandle process;
  private final String name;

  Watch(ProcessHandle process, String name) {
    this.process = process;
    this.name = name;
  }

  /** What may come true, or fail with an exception as long as it has not. */
  interface Look {
    boolean isTrue() throws IOException;
  }

  /**
   * Looks every 20 ms until it is true.
   *
   * @throws NotMeasured if the process ends, or it takes longer
   */
  void until(Look look, Duration within) throws IOException {
    long last = System.nanoTime() + within.toNanos();
    while (true) {
      String why = "it does not serve";
      try {
        if (look.isTrue()) {
          return;
        }
      } catch (IOException e) {
        why = String.valueOf(e.getMessage());
      }
      if (System.nanoTime() > last) {
        throw new NotMeasured(name + " was not ready in " + within.toSeconds() + " s: " + why);
      }
      pause(Duration.ofMillis(20));
    }
  }

  /** Lets time pass. */
  void pause(Duration time) throws NotMeasured {
    try {
      process.onExit().get(time.toMillis(), TimeUnit.MILLISECONDS);
      throw new NotMeasured(name + " ended by itself; see its log with --keep");
    } catch (TimeoutException stillRuns) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotMeasured("interrupted", e);
    } catch (ExecutionException | CancellationException e) {
      throw new NotMeasured("cannot wait for " + name, e);
    }
  }
}
