package io.kindred.cli;

import io.kindred.reconcile.RunReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Follows a run to its end. */
final class RunWatch {

  private static final long LOOKS_EVERY_MILLIS = 200;

  /** The engine moves to another node within a minute of the loss of its own. */
  private static final Duration ENGINE_MAY_BE_AWAY = Duration.ofSeconds(90);

  private static final int WIDTH = 100;

  private final ManagementClient client;
  private final PrintWriter err;

  RunWatch(ManagementClient client, PrintWriter err) {
    this.client = client;
    this.err = err;
  }

  /** Shows a bar in a terminal, and a line at each quarter elsewhere. */
  RunReport follow(RunReport started) {
    Progress progress = Progress.on(err);
    if (!progress.isTerminal()) {
      return follow(started, report -> progress.show(quarter(report)));
    }
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("reconcile")
            .setUnit(" shards", 1)
            .setInitialMax(started.shardsAll())
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(100)
            .setConsumer(
                new DelegatingProgressBarConsumer(
                    line -> {
                      err.print("\r\033[K" + line);
                      err.flush();
                    },
                    WIDTH))
            .build()) {
      RunReport end =
          follow(
              started,
              report -> {
                bar.maxHint(report.shardsAll());
                bar.stepTo(report.shardsDone());
              });
      bar.refresh();
      return end;
    } finally {
      err.println();
    }
  }

  private static String quarter(RunReport report) {
    int quarters = report.shardsAll() == 0 ? 0 : report.shardsDone() * 4 / report.shardsAll();
    return "run " + report.id() + ": " + quarters * 25 + " % of " + report.shardsAll() + " shards";
  }

  private RunReport follow(RunReport started, java.util.function.Consumer<RunReport> show) {
    RunReport newest = started;
    Instant heard = Instant.now();
    show.accept(newest);
    while (newest.state() == RunReport.State.RUNNING) {
      Pause.ofMillis(LOOKS_EVERY_MILLIS);
      try {
        newest = client.get("/kindred/v1/reconciliations/" + started.id(), RunReport.class);
        heard = Instant.now();
        show.accept(newest);
      } catch (Failure failure) {
        if (heard.plus(ENGINE_MAY_BE_AWAY).isBefore(Instant.now())) {
          throw failure;
        }
      }
    }
    return newest;
  }
}
