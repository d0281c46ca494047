package io.kindred.server;

import io.kindred.command.CommandSpec;
import io.kindred.command.Commands;
import java.util.HashMap;
import java.util.Map;

/** What carries out the commands that concern the node, by name: the other half of the table. */
final class NodeCommands {

  /** Carries one out; answers through the slot, now or later. The arity has been checked. */
  @FunctionalInterface
  interface NodeCommand {
    void run(Connection connection, byte[][] args, Slot slot);
  }

  private final Map<String, NodeCommand> byName = new HashMap<>();

  /** Throws IllegalStateException where the table of commands and what is here do not match. */
  NodeCommands(FrontDoor.Services services) {
    byName.putAll(new ConnectionGroup(services).commands());
    byName.putAll(new ServerGroup(services).commands());
    byName.putAll(new ClusterGroup(services).commands());
    byName.putAll(new KeyspaceGroup(services).commands());
    for (CommandSpec spec : Commands.all().values()) {
      boolean isHere = byName.containsKey(spec.name());
      if (isHere != spec.action() instanceof CommandSpec.Action.OnNode) {
        throw new IllegalStateException("who carries out " + spec.name() + "?");
      }
    }
  }

  void run(String name, Connection connection, byte[][] args, Slot slot) {
    byName.get(name).run(connection, args, slot);
  }
}
