package io.kindred.cli.demo;

import io.kindred.cli.demo.DemoPlan.DemoNode;
import io.kindred.cli.demo.DemoState.Running;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Starts and signals the processes of a demo. */
public final class NodeProcess {

  /**
   * The system tells start times by the time of its own boot, which moves a little with its clock.
   */
  private static final long CLOCK_SLACK_MILLIS = 2000;

  private NodeProcess() {}

  /**
   * Starts a node by the Java and the class path of this process, in a session of its own where the
   * system has {@code setsid}: Ctrl-C in the terminal is then for the command, which stops its
   * nodes in good order, and the nodes outlive a command that was told to detach.
   *
   * @param jvmOptions for the node's JVM, see {@link #jvmOptions}
   */
  public static Running start(DemoFolder folder, DemoNode node, List<String> jvmOptions)
      throws IOException {
    return start(folder, node, Path.of(System.getProperty("java.home"), "bin", "java"), jvmOptions);
  }

  /** The same by another Java. */
  public static Running start(DemoFolder folder, DemoNode node, Path java, List<String> jvmOptions)
      throws IOException {
    List<String> command = new ArrayList<>();
    executable("setsid").ifPresent(setsid -> command.add(setsid.toString()));
    command.add(java.toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.kindred.cli.Kindred");
    command.addAll(List.of("node", "--config", folder.settings(node).toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log(node).toFile()))
            .start();
    return new Running(process.pid(), startedAt(process.toHandle()));
  }

  private static Optional<Path> executable(String name) {
    return Stream.of(
            System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator)))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * The options that the launcher found fitting ({@code KINDRED_NODE_JVM}), and the heap.
   *
   * @param launcher as the environment has it; empty where this process was started by hand
   * @param heap as {@code KINDRED_HEAP} has it
   */
  public static List<String> jvmOptions(
      Optional<String> launcher, Optional<String> heap, int nodes, long memoryBytes) {
    List<String> options = new ArrayList<>();
    options.add("-Xmx" + heap.orElseGet(() -> heapMebibytes(nodes, memoryBytes) + "m"));
    String others =
        launcher.orElse("-Djava.util.concurrent.ForkJoinPool.common.parallelism=2").strip();
    if (!others.isEmpty()) {
      options.addAll(List.of(others.split("\\s+")));
    }
    return options;
  }

  /**
   * Together the nodes may take 60 % of the memory, each at most 2 GiB (what a benchmark of a few
   * million small keys needs) and at least 256 MiB (with less a node spends its time collecting).
   */
  static long heapMebibytes(int nodes, long memoryBytes) {
    long share = memoryBytes / 1024 / 1024 * 6 / 10 / nodes;
    return Math.max(256, Math.min(2048, share));
  }

  /** The process, if it still is the one that was noted. */
  public static Optional<ProcessHandle> find(Running running) {
    return ProcessHandle.of(running.pid())
        .filter(handle -> handle.isAlive() && !isZombie(handle))
        .filter(
            handle ->
                Math.abs(startedAt(handle) - running.startedAtMillis()) <= CLOCK_SLACK_MILLIS);
  }

  private static long startedAt(ProcessHandle handle) {
    return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** SIGKILL; returns once the process is gone. */
  public static void kill(ProcessHandle process) throws IOException {
    process.destroyForcibly();
    if (!gone(process, Duration.ofSeconds(10))) {
      throw new IOException("process " + process.pid() + " does not die");
    }
  }

  /** SIGTERM to all at once, then waits; who is not gone by then is killed, and returned. */
  public static List<ProcessHandle> stop(List<ProcessHandle> processes, Duration within)
      throws IOException {
    for (ProcessHandle process : processes) {
      // A node that was paused hears nothing until it goes on.
      signal(process, "CONT");
      process.destroy();
    }
    List<ProcessHandle> late = new ArrayList<>();
    Instant until = Instant.now().plus(within);
    for (ProcessHandle process : processes) {
      if (!gone(process, Duration.between(Instant.now(), until))) {
        kill(process);
        late.add(process);
      }
    }
    return late;
  }

  /** Sends STOP or CONT. */
  public static void signal(ProcessHandle process, String signal) throws IOException {
    Process kill =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
            .redirectErrorStream(true)
            .start();
    try {
      String said =
          new String(kill.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (kill.waitFor() != 0 && process.isAlive()) {
        throw new IOException("kill -" + signal + " " + process.pid() + ": " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while signalling " + process.pid(), e);
    }
  }

  private static boolean gone(ProcessHandle process, Duration within) throws IOException {
    Instant until = Instant.now().plus(within);
    while (!isZombie(process)) {
      try {
        process.onExit().get(100, TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        if (Instant.now().isAfter(until)) {
          return false;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for process " + process.pid(), e);
      } catch (ExecutionException | CancellationException e) {
        throw new IOException("cannot wait for process " + process.pid(), e);
      }
    }
    return true;
  }

  /**
   * Whether it has ended and only its parent has not looked yet. A detached node's parent is the
   * first process, which in a container may be one that never looks.
   */
  private static boolean isZombie(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException noSuchProcessOrNoProc) {
      return false;
    }
  }
}
