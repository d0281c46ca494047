package io.kindred.server;

import io.kindred.command.Arguments;
import io.kindred.command.CommandSpec;
import io.kindred.command.Commands;
import io.kindred.command.Consistency;
import io.kindred.command.Failures;
import io.kindred.command.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** KINDRED CONSISTENCY, for a connection, and KINDRED AT, for one command. */
final class LevelCommands {

  /** Where in KINDRED AT the command begins. */
  private static final int COMMAND_AT = 3;

  /** {@code KINDRED CONSISTENCY [READ level] [WRITE level]}; without either it tells both. */
  static Reply consistency(Client client, byte[][] args) {
    if (args.length % 2 != 0) {
      return Failures.SYNTAX;
    }
    Levels wanted = client.levels();
    for (int i = 2; i < args.length; i += 2) {
      Optional<Consistency> level = Consistency.named(Arguments.text(args[i + 1]));
      boolean isRead = Arguments.is(args[i], "read");
      if (!isRead && !Arguments.is(args[i], "write")) {
        return Failures.SYNTAX;
      }
      if (level.isEmpty()) {
        return unknown(args[i + 1]);
      }
      wanted =
          isRead ? new Levels(level.get(), wanted.write()) : new Levels(wanted.read(), level.get());
    }
    if (args.length == 2) {
      return new Reply.Pairs(
          List.of(
              Reply.bulk("read"), Reply.bulk(wanted.read().word()),
              Reply.bulk("write"), Reply.bulk(wanted.write().word())));
    }
    client.setLevels(wanted);
    return Reply.OK;
  }

  /** {@code KINDRED AT level command…}. */
  void at(Connection connection, byte[][] args, Slot slot) {
    if (args.length <= COMMAND_AT) {
      slot.onReply(Failures.arity("kindred|at"));
      return;
    }
    Optional<Consistency> level = Consistency.named(Arguments.text(args[2]));
    byte[][] inner = Arrays.copyOfRange(args, COMMAND_AT, args.length);
    CommandSpec spec = Commands.find(inner[0]);
    if (level.isEmpty()) {
      slot.onReply(unknown(args[2]));
    } else if (spec == null) {
      slot.onReply(Failures.unknownCommand(inner));
    } else if (!spec.accepts(inner.length)) {
      slot.onReply(Failures.arity(spec.name()));
    } else if (spec.action() instanceof CommandSpec.Action.OnNode) {
      slot.onReply(
          new Reply.Failure(
              "ERR KINDRED AT is for commands on keys, and " + spec.name() + " is none"));
    } else {
      connection.dispatch().run(spec, inner, level.get(), slot);
    }
  }

  private static Reply unknown(byte[] level) {
    String quoted = Arguments.text(level).replace('\r', ' ').replace('\n', ' ');
    return new Reply.Failure(
        "ERR unknown level '"
            + quoted.substring(0, Math.min(quoted.length(), 64))
            + "'; there are "
            + Consistency.words());
  }
}
