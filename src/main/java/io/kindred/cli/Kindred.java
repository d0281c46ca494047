package io.kindred.cli;

import com.typesafe.config.ConfigException;
import io.kindred.management.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kindred}: where every start begins. */
@Command(
    name = "kindred",
    description = "A multi-master, in-memory data store that speaks the Redis protocol.",
    mixinStandardHelpOptions = true,
    version = "kindred 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      NodeCommand.class,
      DemoCommand.class,
      StatusCommand.class,
      RingCommand.class,
      NodesCommand.class,
      ForgetCommand.class,
      ReconcileCommand.class,
      WarmUpCommand.class,
      BenchCommand.class,
    })
public final class Kindred implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
  }

  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int status = run(out, err, args);
    out.flush();
    err.flush();
    System.exit(status);
  }

  /** Runs one command; the exit status. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line = new CommandLine(new Kindred());
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (thrown, command, parsed) -> {
          tell(problem(thrown, command), command.getErr());
          return CommandLine.ExitCode.SOFTWARE;
        });
    addHelp(line);
    return line.execute(args);
  }

  /** {@code --help} everywhere, without saying so at every command. */
  private static void addHelp(CommandLine line) {
    for (CommandLine sub : line.getSubcommands().values()) {
      sub.getCommandSpec().mixinStandardHelpOptions(true);
      addHelp(sub);
    }
  }

  private static Problem problem(Exception thrown, CommandLine command) {
    String where = command.getCommandSpec().qualifiedName();
    if (thrown instanceof Failure failure) {
      return failure.problem();
    }
    if (thrown instanceof ConfigException) {
      return new Problem(
          "a setting is missing or wrong: " + thrown.getMessage(),
          where,
          "correct it; application.conf tells the meaning of each setting");
    }
    if (thrown instanceof IOException) {
      return new Problem(
          thrown.getClass().getSimpleName() + ": " + thrown.getMessage(),
          where,
          "see that the file or address is there and may be used");
    }
    return new Problem(
        thrown.toString(), where + ", " + thrown.getStackTrace()[0], "this is an error in Kindred");
  }

  private static void tell(Problem problem, PrintWriter err) {
    err.println("kindred: " + problem.what());
    if (!problem.where().isBlank()) {
      err.println("  where: " + problem.where());
    }
    if (!problem.remedy().isBlank()) {
      err.println("  do:    " + problem.remedy());
    }
    err.flush();
  }
}
