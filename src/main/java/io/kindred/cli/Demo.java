package io.kindred.cli;

import com.sun.management.OperatingSystemMXBean;
import io.kindred.cli.demo.DemoFolder;
import io.kindred.cli.demo.DemoPlan;
import io.kindred.cli.demo.DemoPlan.DemoNode;
import io.kindred.cli.demo.DemoState;
import io.kindred.cli.demo.DemoState.Running;
import io.kindred.cli.demo.NodeProcess;
import io.kindred.cli.demo.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the commands of the demo do. */
final class Demo {

  /** A node has as long to answer what is in flight, and to sync its logs. */
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(40);

  private static final int LOG_LINES = 30;

  private final DemoFolder folder;
  private final PrintWriter out;
  private final PrintWriter err;

  Demo(DemoFolder folder, PrintWriter out, PrintWriter err) {
    this.folder = folder;
    this.out = out;
    this.err = err;
  }

  /** Starts all nodes of a plan, anew or with the data of an earlier demo of the same plan. */
  void begin(DemoPlan plan, Map<String, String> settings) throws IOException {
    Optional<DemoState> earlier = folder.state();
    if (earlier.isPresent()) {
      refuseIfRunning(earlier.get());
      refuseOtherShape(earlier.get().plan(), plan);
      err.println("kindred: starting with the data in " + folder.path());
    }
    refuseTakenPorts(plan.nodes());
    folder.begin(new DemoState(plan, settings, new TreeMap<>()));
    for (DemoNode node : plan.nodes()) {
      launch(node, plan.size());
    }
  }

  private void refuseIfRunning(DemoState state) {
    List<String> running =
        state.plan().nodes().stream()
            .filter(node -> process(state, node).isPresent())
            .map(DemoNode::name)
            .toList();
    if (!running.isEmpty()) {
      throw new Failure(
          "a demo runs here already: " + String.join(", ", running),
          folder.path().toString(),
          "end it with `kindred demo stop`, or use another --dir and --base-port");
    }
  }

  private void refuseOtherShape(DemoPlan earlier, DemoPlan plan) {
    if (earlier.racks() != plan.racks()
        || earlier.nodesPerRack() != plan.nodesPerRack()
        || earlier.basePort() != plan.basePort()) {
      throw new Failure(
          "the data of an earlier demo is here: --racks "
              + earlier.racks()
              + " --nodes-per-rack "
              + earlier.nodesPerRack()
              + " --base-port "
              + earlier.basePort(),
          folder.path().toString(),
          "start it with these, use another --dir, or delete the folder");
    }
  }

  private void refuseTakenPorts(List<DemoNode> nodes) {
    List<String> taken = Ports.taken(nodes);
    if (!taken.isEmpty()) {
      throw new Failure(
          "ports are taken",
          String.join("; ", taken),
          "end what listens there, or choose others with --base-port");
    }
  }

  private void launch(DemoNode node, int nodes) throws IOException {
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    List<String> options =
        NodeProcess.jvmOptions(
            Optional.ofNullable(System.getenv("KINDRED_NODE_JVM")),
            Optional.ofNullable(System.getenv("KINDRED_HEAP")),
            nodes,
            machine.getTotalMemorySize());
    folder.note(node, NodeProcess.start(folder, node, options));
  }

  /** Waits until all are masters; then stays until Ctrl-C, or returns. */
  int run(boolean detach, int waitSeconds) throws IOException {
    Thread stopper = new Thread(this::stopQuietly, "stop");
    Runtime.getRuntime().addShutdownHook(stopper);
    DemoWait wait = new DemoWait(folder, out, err, this::processOf, this::logOf);
    if (!wait.untilReady(Duration.ofSeconds(waitSeconds))) {
      return 1;
    }
    if (detach) {
      Runtime.getRuntime().removeShutdownHook(stopper);
      return 0;
    }
    err.println("kindred: Ctrl-C stops the nodes; their data stays in " + folder.path());
    wait.whileAnyRuns();
    return 0;
  }

  private void stopQuietly() {
    try {
      stop();
    } catch (IOException | Failure e) {
      err.println("kindred: the nodes were not all stopped: " + e.getMessage());
    }
    err.flush();
  }

  int stop() throws IOException {
    DemoState state = state();
    List<ProcessHandle> running =
        state.plan().nodes().stream().flatMap(node -> process(state, node).stream()).toList();
    if (running.isEmpty()) {
      err.println("kindred: no node of " + folder.path() + " runs");
      return 0;
    }
    List<ProcessHandle> late = NodeProcess.stop(running, STOPS_WITHIN);
    for (ProcessHandle process : late) {
      err.println(
          "kindred: process "
              + process.pid()
              + " did not stop within "
              + STOPS_WITHIN.toSeconds()
              + " s and was killed");
    }
    err.println("kindred: stopped " + running.size() + " nodes; data stays in " + folder.path());
    return 0;
  }

  int kill(int number) throws IOException {
    DemoNode node = node(number);
    NodeProcess.kill(running(node));
    err.println("kindred: killed " + node.name());
    return 0;
  }

  int signal(int number, String signal, String done) throws IOException {
    DemoNode node = node(number);
    NodeProcess.signal(running(node), signal);
    err.println("kindred: " + node.name() + " " + done);
    return 0;
  }

  int start(int number) throws IOException {
    DemoNode node = stopped(number);
    refuseTakenPorts(List.of(node));
    launch(node, state().plan().size());
    return awaitAnswer(node, "starts with its data");
  }

  int replace(int number) throws IOException {
    DemoNode node = stopped(number);
    refuseTakenPorts(List.of(node));
    Optional<Path> aside = folder.setAside(node, LocalDateTime.now(ZoneId.systemDefault()));
    aside.ifPresent(old -> err.println("kindred: its old data is now " + old));
    launch(node, state().plan().size());
    return awaitAnswer(node, "starts empty");
  }

  private int awaitAnswer(DemoNode node, String how) throws IOException {
    DemoWait wait = new DemoWait(folder, out, err, this::processOf, this::logOf);
    if (!wait.untilAnswers(node)) {
      return 1;
    }
    err.println("kindred: " + node.name() + " " + how + "; `kindred warmup watch` follows it");
    return 0;
  }

  private DemoNode stopped(int number) throws IOException {
    DemoNode node = node(number);
    if (processOf(node).isPresent()) {
      throw new Failure(
          node.name() + " runs",
          folder.path().toString(),
          "end it first with `kindred demo kill " + number + "`");
    }
    return node;
  }

  private ProcessHandle running(DemoNode node) throws IOException {
    return processOf(node)
        .orElseThrow(
            () ->
                new Failure(
                    node.name() + " does not run",
                    folder.path().toString(),
                    "start it with `kindred demo start " + node.number() + "`"));
  }

  private DemoNode node(int number) throws IOException {
    DemoPlan plan = state().plan();
    return plan.node(number)
        .orElseThrow(
            () ->
                new Failure(
                    "there is no node " + number,
                    folder.path().toString(),
                    "this demo has the nodes 1 to " + plan.size()));
  }

  private DemoState state() throws IOException {
    return folder
        .state()
        .orElseThrow(
            () ->
                new Failure(
                    "there is no demo", folder.path().toString(), "start one with `kindred demo`"));
  }

  private Optional<ProcessHandle> processOf(DemoNode node) throws IOException {
    return process(state(), node);
  }

  private static Optional<ProcessHandle> process(DemoState state, DemoNode node) {
    Running running = state.processes().get(node.number());
    return Optional.ofNullable(running).flatMap(NodeProcess::find);
  }

  private void logOf(DemoNode node) throws IOException {
    err.println("kindred: the end of " + folder.log(node) + ":");
    folder.logTail(node, LOG_LINES).forEach(line -> err.println("  " + line));
  }
}
