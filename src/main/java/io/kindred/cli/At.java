package io.kindred.cli;

import io.kindred.management.Json;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which node a command asks, and in what form it answers. */
final class At {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--json",
      description = "Print one JSON document, as the node told it, instead of a table.")
  private boolean json;

  private Optional<String> address = Optional.empty();

  @Option(
      names = "--at",
      paramLabel = "HOST:PORT",
      description =
          "A node's management port. Without it, the first of 127.0.0.1:8101 to :8109 (the demo's"
              + " nodes) that answers.")
  void setAddress(String given) {
    URI uri;
    try {
      uri = URI.create("http://" + given);
    } catch (IllegalArgumentException e) {
      throw wrong(given, e);
    }
    if (uri.getHost() == null || uri.getPort() < 0 || !uri.getPath().isEmpty()) {
      throw wrong(given, null);
    }
    this.address = Optional.of(given);
  }

  private CommandLine.ParameterException wrong(String given, Throwable cause) {
    return new CommandLine.ParameterException(
        command.commandLine(), "--at takes HOST:PORT, not '" + given + "'", cause);
  }

  ManagementClient client() {
    return address
        .map(ManagementClient::new)
        .orElseGet(
            () ->
                ManagementClient.firstOf(
                    IntStream.rangeClosed(8101, 8109)
                        .mapToObj(port -> "127.0.0.1:" + port)
                        .toList()));
  }

  boolean json() {
    return json;
  }

  /** Prints a page, or the text made from it. */
  void print(Object page, Supplier<String> text) {
    PrintWriter out = command.commandLine().getOut();
    out.print(json ? Json.pretty(page) + "\n" : text.get());
    out.flush();
  }
}
