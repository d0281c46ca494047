package io.kindred.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Three JVMs with the manifests' own settings, labels and port names find each other through a
 * Kubernetes API server, form one cluster, prove their copies equal and serve.
 */
class BootstrapIT {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final List<Process> processes = new ArrayList<>();
  @TempDir Path dir;

  @AfterEach
  void stop() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void threePodsFormOneClusterThroughTheApi() throws Exception {
    Map<String, Integer> ports = freePorts();
    List<String> addresses = List.of("127.0.0.1", "127.0.0.2", "127.0.0.3");
    try (MockApi api = new MockApi()) {
      String credentials = api.credentials(dir);
      List<JsonNode> racks = Manifests.documentsOfKind("StatefulSet");
      List<Map<String, String>> environments = new ArrayList<>();
      for (int i = 0; i < racks.size(); i++) {
        environments.add(api.run(racks.get(i), addresses.get(i), ports));
      }
      api.serve("app.kubernetes.io/name", "kindred");
      for (int i = 0; i < racks.size(); i++) {
        processes.add(start(environments.get(i), settings(ports, credentials), i + 1));
      }

      await()
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofMillis(500))
          .ignoreExceptionsInstanceOf(IOException.class)
          .failFast("a node has ended", this::anyEnded)
          .untilAsserted(
              () -> {
                for (String address : addresses) {
                  assertThat(status(address, ports.get("management"), "/ready"))
                      .as(() -> address + " says:\n" + logs())
                      .isEqualTo(200);
                  assertThat(membersUp(address, ports.get("management")))
                      .as(() -> address + " says:\n" + logs())
                      .hasSize(3);
                }
              });
    }
  }

  /** The end of each node's log: the only witness when a cluster does not form. */
  private String logs() {
    StringBuilder text = new StringBuilder();
    for (int number = 1; number <= processes.size(); number++) {
      List<String> lines = Manifests.read(dir.resolve("node-" + number + ".log")).lines().toList();
      text.append("node-").append(number).append('\n');
      lines
          .subList(Math.max(0, lines.size() - 15), lines.size())
          .forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.toString();
  }

  private boolean anyEnded() {
    return processes.stream().anyMatch(process -> !process.isAlive());
  }

  /** The ConfigMap's file, and what differs where there is neither DNS nor a network namespace. */
  private String settings(Map<String, Integer> ports, String credentials) {
    return Manifests.all(ConfigMap.class).get(0).getData().get("kindred.conf")
        + """

        kindred.node.host = ${POD_IP}
        kindred.node.bind-host = ${POD_IP}
        kindred.client.port = %d
        kindred.management.port = %d
        kindred.artery.port = %d
        kindred.data-dir = "%s/"${KINDRED_NODE_NAME}
        """
            .formatted(ports.get("redis"), ports.get("management"), ports.get("artery"), dir)
        + credentials;
  }

  private Process start(Map<String, String> environment, String settings, int number)
      throws IOException {
    Path file = Files.writeString(dir.resolve("kindred-" + number + ".conf"), settings);
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                "-cp",
                System.getProperty("java.class.path"),
                "io.kindred.cli.Kindred",
                "node",
                "--config",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("node-" + number + ".log").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static int status(String address, int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + path))
            .timeout(Duration.ofSeconds(3))
            .build();
    return HTTP.send(request, BodyHandlers.discarding()).statusCode();
  }

  private static List<String> membersUp(String address, int port) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + "/cluster/members/"))
            .timeout(Duration.ofSeconds(3))
            .build();
    com.fasterxml.jackson.databind.JsonNode page =
        new ObjectMapper().readTree(HTTP.send(request, BodyHandlers.ofByteArray()).body());
    return StreamSupport.stream(page.path("members").spliterator(), false)
        .filter(member -> member.path("status").asText().equals("Up"))
        .map(member -> member.path("node").asText())
        .toList();
  }

  /** Free on all three addresses, by asking for all addresses of this machine. */
  private static Map<String, Integer> freePorts() throws IOException {
    try (ServerSocket redis = anywhere();
        ServerSocket management = anywhere();
        ServerSocket artery = anywhere()) {
      return Map.of(
          "redis", redis.getLocalPort(),
          "management", management.getLocalPort(),
          "artery", artery.getLocalPort());
    }
  }

  private static ServerSocket anywhere() throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.bind(new InetSocketAddress((InetAddress) null, 0));
    return socket;
  }
}
