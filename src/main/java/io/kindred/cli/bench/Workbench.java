package io.kindred.cli.bench;

import io.kindred.cli.demo.DemoFolder;
import io.kindred.cli.demo.DemoPlan;
import io.kindred.cli.demo.DemoPlan.DemoNode;
import io.kindred.cli.demo.DemoState;
import io.kindred.cli.demo.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The folder and the processes of a bench. Invariant: when it is closed, no process that it started
 * runs.
 */
final class Workbench implements AutoCloseable {

  private static final int PORT_TRIES = 50;

  private final Path folder;
  private final boolean keep;
  private final NodeJvm own;
  private final Random dice = new Random();
  private final List<Server> running = new ArrayList<>();
  private int started;
  private boolean over;

  private Workbench(Path folder, boolean keep, NodeJvm own) {
    this.folder = folder;
    this.keep = keep;
    this.own = own;
  }

  /**
   * Makes a fresh folder below another.
   *
   * @param keep whether data and logs stay when their process ends
   */
  static Workbench in(Path parent, boolean keep) throws IOException {
    Files.createDirectories(parent);
    return new Workbench(
        Files.createTempDirectory(parent.toAbsolutePath(), "kindred-bench-"), keep, NodeJvm.own());
  }

  Path folder() {
    return folder;
  }

  /** A redis-server that syncs as told, in Redis's own words. */
  RedisServer redis(String appendfsync) throws IOException {
    return redis(appendfsync, List.of());
  }

  /** The same, a replica of another. */
  RedisServer replica(RedisServer of, String appendfsync) throws IOException {
    return redis(appendfsync, List.of("--replicaof", "127.0.0.1 " + of.port()));
  }

  private RedisServer redis(String appendfsync, List<String> more) throws IOException {
    Path data = Files.createDirectory(folder.resolve("redis-" + next()));
    return added(RedisServer.start(this, data, freePort(), appendfsync, more));
  }

  /** A Kindred node that serves. */
  KindredServer kindred(NodeChoice choice) throws IOException {
    KindredServer server = kindredAtRest(choice);
    try {
      server.start();
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** A Kindred node that was not started yet. */
  KindredServer kindredAtRest(NodeChoice choice) throws IOException {
    return kindredsAtRest(choice, 1).get(0);
  }

  /** Kindred nodes that serve, one a rack. */
  List<KindredServer> kindreds(NodeChoice choice, int racks) throws IOException {
    List<KindredServer> servers = kindredsAtRest(choice, racks);
    try {
      for (KindredServer server : servers) {
        server.begin();
      }
      for (KindredServer server : servers) {
        server.awaitServing();
      }
    } catch (IOException e) {
      for (KindredServer server : servers) {
        server.close();
      }
      throw e;
    }
    return servers;
  }

  private List<KindredServer> kindredsAtRest(NodeChoice choice, int racks) throws IOException {
    DemoPlan plan = freePlan(racks);
    DemoFolder data = new DemoFolder(folder.resolve("kindred-" + next()));
    data.begin(new DemoState(plan, choice.settings(), new TreeMap<>()));
    List<String> options = new ArrayList<>();
    options.add("-Xmx" + choice.heapOrShare());
    options.addAll(
        choice.jvm().options(Optional.ofNullable(System.getenv("KINDRED_NODE_JVM")), own));
    options.addAll(choice.jvmOptions());
    Path java = choice.jvm().home().resolve("bin/java");
    List<KindredServer> servers = new ArrayList<>();
    for (DemoNode node : plan.nodes()) {
      Path own = racks == 1 ? data.path() : data.data(node);
      servers.add(added(new KindredServer(this, data, own, node, java, options)));
    }
    return servers;
  }

  private synchronized int next() {
    return ++started;
  }

  private <S extends Server> S added(S server) throws IOException {
    synchronized (this) {
      if (!over) {
        running.add(server);
        return server;
      }
    }
    server.close();
    throw new NotMeasured("the bench is being stopped");
  }

  /** Told by a server that its process has ended. */
  void closed(Server server, Path data) throws IOException {
    synchronized (this) {
      running.remove(server);
    }
    if (!keep) {
      delete(data);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private DemoPlan freePlan(int racks) throws NotMeasured {
    for (int attempt = 0; attempt < PORT_TRIES; attempt++) {
      // Below the ports that systems hand out by themselves, which others may get meanwhile.
      DemoPlan plan = new DemoPlan(racks, 1, 10_000 + dice.nextInt(18_000));
      if (Ports.taken(plan.nodes()).isEmpty()) {
        return plan;
      }
    }
    throw new NotMeasured("no free ports were found for " + 3 * racks + " to listen on");
  }

  /** One at a time: a bench that is stopped deletes from two threads. */
  private synchronized void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() throws IOException {
    List<Server> left;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      left = List.copyOf(running);
    }
    for (Server server : left) {
      server.close();
    }
    if (!keep) {
      delete(folder);
    }
  }
}
