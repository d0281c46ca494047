package io.kindred.cli;

import io.kindred.management.Json;
import io.kindred.management.Problem;
import io.kindred.management.StatusPage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks one node's management port. What fails is thrown as a {@link Failure}. */
final class ManagementClient {

  /** A page may ask other nodes, and waits a few seconds for those that do not answer. */
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(15);

  /** Status is told from memory: a node that takes longer is paused or overloaded. */
  private static final Duration STATUS_WITHIN = Duration.ofSeconds(1);

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final String at;

  /**
   * Addresses a node.
   *
   * @param at host:port
   */
  ManagementClient(String at) {
    this.at = at;
  }

  String at() {
    return at;
  }

  /** The first of some addresses where a node answers; the demo's nodes, say. */
  static ManagementClient firstOf(List<String> addresses) {
    return addresses.stream()
        .map(ManagementClient::new)
        .filter(client -> client.statusNow().isPresent())
        .findFirst()
        .orElseThrow(
            () ->
                new Failure(
                    "no node answers",
                    addresses.get(0) + " to " + addresses.get(addresses.size() - 1),
                    "start a cluster with `kindred demo`, or name a node with --at HOST:PORT (its"
                        + " management port)"));
  }

  /** How the node is; empty where it does not answer at once. */
  Optional<StatusPage> statusNow() {
    try {
      HttpResponse<byte[]> response =
          HTTP.send(
              request("/kindred/v1/status").timeout(STATUS_WITHIN).build(),
              BodyHandlers.ofByteArray());
      return response.statusCode() == 200
          ? Optional.of(Json.read(response.body(), StatusPage.class))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  <T> T get(String path, Class<T> page) {
    return send(request(path).timeout(ANSWERS_WITHIN).GET().build(), page);
  }

  <T> T post(String path, Class<T> page) {
    return send(
        request(path)
            .timeout(ANSWERS_WITHIN)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"))
            .build(),
        page);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + at + path));
  }

  private <T> T send(HttpRequest request, Class<T> page) {
    try {
      HttpResponse<byte[]> response = HTTP.send(request, BodyHandlers.ofByteArray());
      if (response.statusCode() / 100 == 2) {
        return Json.read(response.body(), page);
      }
      throw new Failure(problem(response));
    } catch (IOException e) {
      throw new Failure(
          "the node does not answer: " + reason(e),
          at,
          "see whether it runs and whether " + at + " is its management port");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted while asking the node", at, "");
    }
  }

  private Problem problem(HttpResponse<byte[]> response) {
    try {
      return Json.read(response.body(), Problem.class);
    } catch (IOException notOurs) {
      return new Problem(
          "the answer was HTTP status " + response.statusCode() + " (" + reason(notOurs) + ")",
          at + response.uri().getPath(),
          "see whether " + at + " is a node's management port");
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
  }
}
