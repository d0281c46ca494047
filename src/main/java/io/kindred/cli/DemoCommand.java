package io.kindred.cli;

import io.kindred.cli.demo.DemoFolder;
import io.kindred.cli.demo.DemoPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description = {
      "Runs a whole cluster on 127.0.0.1, one JVM a node, until Ctrl-C.",
      "Node i has client port 7100+i, management port 8100+i and Artery port 9100+i.",
      "If the folder holds an earlier demo's data, its nodes start with it."
    },
    subcommands = {
      DemoCommand.StopCommand.class,
      DemoCommand.KillCommand.class,
      DemoCommand.StartCommand.class,
      DemoCommand.ReplaceCommand.class,
      DemoCommand.PauseCommand.class,
      DemoCommand.ResumeCommand.class,
    })
final class DemoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Folder folder;

  @Option(names = "--racks", defaultValue = "3", description = "Full copies. Default: 3.")
  private int racks;

  @Option(
      names = "--nodes-per-rack",
      defaultValue = "1",
      description = "Nodes that share a rack's copy. Default: 1.")
  private int nodesPerRack;

  @Option(
      names = "--base-port",
      defaultValue = "7100",
      description =
          "Node i gets this + i for clients, and a thousand and two thousand more for management and"
              + " Artery. Default: 7100.")
  private int basePort;

  @Option(names = "--detach", description = "Return when the cluster is ready; it goes on.")
  private boolean detach;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "Give up if the cluster is not ready by then. Default: 300.")
  private int waitSeconds;

  @Option(
      names = "-D",
      paramLabel = "key=value",
      description = "A setting for all nodes. May be repeated.")
  private Map<String, String> settings = new HashMap<>();

  @Override
  public Integer call() throws IOException {
    DemoPlan plan;
    try {
      plan = new DemoPlan(racks, nodesPerRack, basePort);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    Demo demo = folder.demo(spec);
    demo.begin(plan, settings);
    return demo.run(detach, waitSeconds);
  }

  /** Where the demo lies; for every command of the demo. */
  static final class Folder {

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description = "Where the demo keeps data, settings and logs. Default: ./kindred-demo.")
    private Path dir;

    Demo demo(CommandSpec spec) {
      return demo(spec, this);
    }

    /** Where a subcommand names no folder, the one named before it counts. */
    Demo demo(CommandSpec spec, Folder before) {
      Path named = dir != null ? dir : before.dir;
      return new Demo(
          new DemoFolder(named != null ? named : Path.of("kindred-demo")),
          spec.commandLine().getOut(),
          spec.commandLine().getErr());
    }
  }

  /** What the commands on one node have in common. */
  abstract static class OnNode implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @ParentCommand private DemoCommand parent;
    @Mixin private Folder folder;

    @Parameters(paramLabel = "N", description = "The node's number, from 1.")
    private int number;

    @Override
    public Integer call() throws IOException {
      return act(folder.demo(spec, parent.folder), number);
    }

    abstract int act(Demo demo, int node) throws IOException;
  }

  @Command(name = "stop", description = "Stops all nodes in good order; their data stays.")
  static final class StopCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @ParentCommand private DemoCommand parent;
    @Mixin private Folder folder;

    @Override
    public Integer call() throws IOException {
      return folder.demo(spec, parent.folder).stop();
    }
  }

  @Command(name = "kill", description = "kill -9 of a node's process.")
  static final class KillCommand extends OnNode {
    @Override
    int act(Demo demo, int node) throws IOException {
      return demo.kill(node);
    }
  }

  @Command(name = "start", description = "Starts a node again, with its data.")
  static final class StartCommand extends OnNode {
    @Override
    int act(Demo demo, int node) throws IOException {
      return demo.start(node);
    }
  }

  @Command(
      name = "replace",
      description = {
        "Starts an empty node in the place of one that was killed or stopped.",
        "The old data is moved aside, to node-N.old-<time>."
      })
  static final class ReplaceCommand extends OnNode {
    @Override
    int act(Demo demo, int node) throws IOException {
      return demo.replace(node);
    }
  }

  @Command(name = "pause", description = "Freezes a node's process (SIGSTOP).")
  static final class PauseCommand extends OnNode {
    @Override
    int act(Demo demo, int node) throws IOException {
      return demo.signal(node, "STOP", "paused");
    }
  }

  @Command(name = "resume", description = "Lets a paused node go on (SIGCONT).")
  static final class ResumeCommand extends OnNode {
    @Override
    int act(Demo demo, int node) throws IOException {
      return demo.signal(node, "CONT", "goes on");
    }
  }
}
