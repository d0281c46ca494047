package io.kindred.command;

import static io.kindred.command.CommandSpec.onNode;

import java.util.List;

/** Redis's connection group, as data; {@code server} carries it out. */
final class ConnectionCommands {

  // spotless:off
  static final List<CommandSpec> SPECS = List.of(
      onNode("ping",   -1, "fast", "connection", "Ping the server", "1.0.0"),
      onNode("echo",    2, "fast", "connection", "Echo the given string", "1.0.0"),
      onNode("hello",  -1, "noscript loading stale fast no_auth allow_busy", "connection", "Handshake with the server", "6.0.0"),
      onNode("auth",   -2, "noscript loading stale fast no_auth allow_busy", "connection", "Authenticate to the server", "1.0.0"),
      onNode("quit",   -1, "noscript loading stale fast no_auth allow_busy", "connection", "Close the connection", "1.0.0"),
      onNode("reset",   1, "noscript loading stale fast no_auth allow_busy", "connection", "Reset the connection", "6.2.0"),
      onNode("select",  2, "loading stale fast", "connection", "Change the selected database for the current connection; there is one, 0", "1.0.0"),
      onNode("client", -2, "noscript loading stale", "connection", "A container for client connection commands", "2.4.0"));
  // spotless:on

  private ConnectionCommands() {}
}
