package io.kindred.command;

import static io.kindred.command.CommandSpec.onNode;

import java.util.List;

/** Redis's server group, and Kindred's own commands, as data; {@code server} carries them out. */
final class ServerCommands {

  // spotless:off
  static final List<CommandSpec> SPECS = List.of(
      onNode("command", -1, "loading stale", "server", "Get array of command details", "2.8.13"),
      onNode("info",    -1, "loading stale", "server", "Get information and statistics about the server", "1.0.0"),
      onNode("config",  -2, "admin noscript loading stale", "server", "A container for server configuration commands", "2.0.0"),
      onNode("dbsize",   1, "readonly fast", "server", "Return the number of keys in the rack", "1.0.0"),
      onNode("time",     1, "loading stale fast", "server", "Return the current server time", "2.6.0"),
      onNode("kindred", -2, "loading stale", "server", "A container for Kindred's own commands", "7.0.0"));
  // spotless:on

  private ServerCommands() {}
}
