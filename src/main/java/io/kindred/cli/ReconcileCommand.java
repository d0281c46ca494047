package io.kindred.cli;

import io.kindred.management.ReconciliationsPage;
import io.kindred.reconcile.RunReport;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "reconcile",
    description = "Compares the racks and repairs what one of them lacks.",
    subcommands = {
      ReconcileCommand.ListCommand.class,
      ReconcileCommand.ShowCommand.class,
    })
final class ReconcileCommand implements Callable<Integer> {

  private static final String PATH = "/kindred/v1/reconciliations";

  @Spec private CommandSpec spec;
  @Mixin private At at;

  @Option(names = "--watch", description = "Follow the run to its end and print its report.")
  private boolean watch;

  @Override
  public Integer call() {
    ManagementClient client = at.client();
    RunReport started = client.post(PATH, RunReport.class);
    if (!watch) {
      at.print(
          started,
          () ->
              "run "
                  + started.id()
                  + " goes on; `kindred reconcile show "
                  + started.id()
                  + "` tells of it\n");
      return 0;
    }
    PrintWriter err = spec.commandLine().getErr();
    RunReport report = new RunWatch(client, err).follow(started);
    at.print(report, () -> ReportText.of(report));
    return status(report);
  }

  private static int status(RunReport report) {
    return report.state() == RunReport.State.FAILED ? 1 : 0;
  }

  @Command(name = "list", description = "Lists the runs, the newest first.")
  static final class ListCommand implements Callable<Integer> {

    @Mixin private At at;

    @Override
    public Integer call() {
      ReconciliationsPage page = at.client().get(PATH, ReconciliationsPage.class);
      at.print(page, () -> ReportText.table(page.reconciliations()));
      return 0;
    }
  }

  @Command(name = "show", description = "Prints the report of one run.")
  static final class ShowCommand implements Callable<Integer> {

    @Mixin private At at;

    @Parameters(paramLabel = "ID", description = "As `kindred reconcile list` tells it.")
    private String id;

    @Override
    public Integer call() {
      String segment =
          java.net.URLEncoder.encode(id, java.nio.charset.StandardCharsets.UTF_8)
              .replace("+", "%20");
      RunReport report = at.client().get(PATH + "/" + segment, RunReport.class);
      at.print(report, () -> ReportText.of(report));
      return status(report);
    }
  }
}
