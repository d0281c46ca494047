package io.kindred.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindred.cli.demo.DemoFolder;
import io.kindred.cli.demo.DemoPlan.DemoNode;
import io.kindred.cli.demo.DemoState.Running;
import io.kindred.cli.demo.NodeProcess;
import io.kindred.management.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One Kindred node: a whole cluster of one rack, or a node of several. */
final class KindredServer implements Server {

  /** A node with tens of millions of records replays its log for that long. */
  private static final Duration SERVES_WITHIN = Duration.ofMinutes(5);

  private static final String SNAPSHOTS = "/kindred/v1/snapshots";

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final Workbench bench;
  private final DemoFolder folder;
  private final Path data;
  private final DemoNode node;
  private final Path java;
  private final List<String> jvmOptions;
  private ProcessHandle process;

  /**
   * A node that was not started yet.
   *
   * @param data what is deleted once it was closed
   */
  KindredServer(
      Workbench bench,
      DemoFolder folder,
      Path data,
      DemoNode node,
      Path java,
      List<String> jvmOptions) {
    this.bench = bench;
    this.folder = folder;
    this.data = data;
    this.node = node;
    this.java = java;
    this.jvmOptions = jvmOptions;
  }

  /** Starts its process, with whatever data is there; how long it took until it served. */
  Duration start() throws IOException {
    long began = System.nanoTime();
    begin();
    awaitServing();
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** Starts its process and does not wait. */
  void begin() throws IOException {
    Running running = NodeProcess.start(folder, node, java, jvmOptions);
    process =
        ProcessHandle.of(running.pid())
            .orElseThrow(() -> new NotMeasured("the node ended at once"));
  }

  /** Until it serves clients; what it said last where it does not. */
  void awaitServing() throws IOException {
    try {
      watch().until(this::serves, SERVES_WITHIN);
    } catch (NotMeasured e) {
      throw new NotMeasured(e.getMessage() + ": " + String.join(" | ", lastWords()), e);
    }
  }

  String name() {
    return node.name();
  }

  /** A page of its management port. */
  <T> T page(String path, Class<T> page) throws IOException {
    HttpResponse<String> answer = ask("GET", path);
    if (answer.statusCode() != 200) {
      throw new IOException(path + " of " + name() + " is answered with " + answer.statusCode());
    }
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8), page);
  }

  /** Asks it for what takes a POST. */
  <T> T post(String path, Class<T> page) throws IOException {
    HttpResponse<String> answer = ask("POST", path);
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(path + " of " + name() + " is answered with " + answer.statusCode());
    }
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8), page);
  }

  private List<String> lastWords() throws IOException {
    return folder.logTail(node, 3);
  }

  private boolean serves() throws IOException {
    return management("GET", "/ready") == 200;
  }

  /** The status of the answer of the node's management port. */
  int management(String method, String path) throws IOException {
    return ask(method, path).statusCode();
  }

  private HttpResponse<String> ask(String method, String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.managementPort() + path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .method(
                method,
                method.equals("GET")
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotMeasured("interrupted", e);
    }
  }

  /**
   * Has all shards written to snapshots.
   *
   * @throws NotMeasured where the node does not want to
   */
  void beginSnapshots() throws IOException {
    int status = management("POST", SNAPSHOTS);
    if (status / 100 != 2) {
      throw new NotMeasured("the node answers POST " + SNAPSHOTS + " with HTTP status " + status);
    }
  }

  /**
   * Waits until no snapshot is being written, nor is to be.
   *
   * @throws NotMeasured where the last one failed
   */
  void awaitSnapshots(Duration within) throws IOException {
    watch()
        .until(
            () -> {
              JsonNode snapshots = snapshots();
              return !snapshots.path("underWay").asBoolean(true)
                  && snapshots.path("shardsWaiting").asInt(1) == 0;
            },
            within);
    JsonNode failure = snapshots().path("failure");
    if (failure.isTextual()) {
      throw new NotMeasured("a snapshot failed: " + failure.asText());
    }
  }

  /** How the node's snapshots stand, as its management port tells it. */
  JsonNode snapshots() throws IOException {
    return JSON.readTree(ask("GET", SNAPSHOTS).body()).path("snapshots");
  }

  Watch watch() {
    return new Watch(process, "the Kindred node");
  }

  /** As {@code kill -9}; its data stays. */
  void kill() throws IOException {
    if (process != null) {
      NodeProcess.kill(process);
      awaitItsThreads();
    }
  }

  /** A killed JVM gives its memory back for a while yet, and is charged to us only after that. */
  private void awaitItsThreads() throws IOException {
    try {
      process.onExit().get(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotMeasured("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new NotMeasured("the killed node does not end", e);
    }
  }

  /** What it said so far. */
  List<String> log() throws IOException {
    return Files.readAllLines(folder.log(node));
  }

  @Override
  public int port() {
    return node.clientPort();
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    kill();
    bench.closed(this, data);
  }
}
