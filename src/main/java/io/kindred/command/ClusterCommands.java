package io.kindred.command;

import static io.kindred.command.CommandSpec.onNode;

import java.util.List;

/** Redis's cluster group, as data; {@code server} carries it out. */
final class ClusterCommands {

  // spotless:off
  static final List<CommandSpec> SPECS = List.of(
      onNode("cluster",  -2, "loading stale", "cluster", "A container for cluster commands", "3.0.0"),
      onNode("readonly",  1, "loading stale fast", "cluster", "Enable read queries for a connection; every node takes them anyway", "3.0.0"),
      onNode("readwrite", 1, "loading stale fast", "cluster", "Disable read queries for a connection; without effect", "3.0.0"));
  // spotless:on

  private ClusterCommands() {}
}
