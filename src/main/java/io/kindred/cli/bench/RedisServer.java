package io.kindred.cli.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A redis-server of Debian's, with its append-only file and nothing else. */
final class RedisServer implements Server {

  private final Process process;
  private final int port;
  private final Path folder;
  private final Workbench bench;

  private RedisServer(Process process, int port, Path folder, Workbench bench) {
    this.process = process;
    this.port = port;
    this.folder = folder;
    this.bench = bench;
  }

  static RedisServer start(
      Workbench bench, Path folder, int port, String appendfsync, List<String> more)
      throws IOException {
    List<String> command = new ArrayList<>(command(folder, port, appendfsync));
    command.addAll(more);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
    RedisServer server = new RedisServer(process, port, folder, bench);
    try {
      new Watch(process.toHandle(), "redis-server")
          .until(() -> Talk.ask(port, "PING").equals("PONG"), Duration.ofSeconds(20));
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private static List<String> command(Path folder, int port, String appendfsync) {
    return List.of(
        "redis-server",
        "--bind",
        "127.0.0.1",
        "--port",
        Integer.toString(port),
        "--dir",
        folder.toString(),
        "--save",
        "",
        "--appendonly",
        "yes",
        "--appendfsync",
        appendfsync,
        "--auto-aof-rewrite-percentage",
        "0",
        // Replicas that begin together need not wait for each other.
        "--repl-diskless-sync-delay",
        "0");
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IOException("redis-server " + process.pid() + " does not die");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ending redis-server", e);
    }
    bench.closed(this, folder);
  }
}
