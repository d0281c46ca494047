package io.kindred.cli;

import io.kindred.management.WarmUpsPage;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "warmup",
    description = "Shows how nodes become masters.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {WarmUpCommand.ListCommand.class, WarmUpCommand.WatchCommand.class})
final class WarmUpCommand implements Runnable {

  private static final String PATH = "/kindred/v1/warmups";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what: list or watch");
  }

  @Command(name = "list", description = "Shows how far each node is.")
  static final class ListCommand implements Callable<Integer> {

    @Mixin private At at;

    @Override
    public Integer call() {
      WarmUpsPage page = at.client().get(PATH, WarmUpsPage.class);
      at.print(page, () -> WarmUpText.table(page));
      return 0;
    }
  }

  @Command(
      name = "watch",
      description = {
        "Tells each change of phase until every shard is served in every rack again.",
        "Ends with status 1 if a node fails, or if --timeout passes."
      })
  static final class WatchCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private At at;

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        description = "Give up after so long. Without it, never.")
    private Optional<Integer> timeoutSeconds = Optional.empty();

    @Override
    public Integer call() {
      WarmUpsPage last =
          new WarmUpWatch(at.client(), spec.commandLine().getOut(), spec.commandLine().getErr())
              .follow(timeoutSeconds, at.json());
      return last.warmUps().stream().anyMatch(row -> row.phase() == io.kindred.ring.Phase.FAILED)
          ? 1
          : 0;
    }
  }
}
