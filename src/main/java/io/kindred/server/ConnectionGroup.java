package io.kindred.server;

import io.kindred.command.Arguments;
import io.kindred.command.Failures;
import io.kindred.command.Reply;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** PING, HELLO, CLIENT and the like. */
final class ConnectionGroup {

  /** The version of Redis whose behaviour clients may expect. */
  static final String REDIS_VERSION = "7.0.15";

  /** Redis's; all clients here are normal ones. */
  private static final Set<String> CLIENT_TYPES = Set.of("normal", "master", "replica", "pubsub");

  private static final Reply PONG = new Reply.Simple("PONG");

  private static final String NO_PASSWORD =
      "ERR AUTH <password> called without any password configured for the default user."
          + " Are you sure your configuration is correct?";

  private final FrontDoor.Services services;

  ConnectionGroup(FrontDoor.Services services) {
    this.services = services;
  }

  Map<String, NodeCommands.NodeCommand> commands() {
    return Map.of(
        "ping", (connection, args, slot) -> slot.onReply(ping(args)),
        "echo", (connection, args, slot) -> slot.onReply(new Reply.Bulk(args[1])),
        "auth", (connection, args, slot) -> slot.onReply(auth(args)),
        "quit", (connection, args, slot) -> slot.onReply(Reply.OK),
        "select", (connection, args, slot) -> slot.onReply(select(args)),
        "client", (connection, args, slot) -> slot.onReply(client(connection.client(), args)),
        "hello", this::hello,
        "reset",
            (connection, args, slot) -> {
              connection.client().reset();
              connection.replaceNewest().onReply(new Reply.Simple("RESET"));
            });
  }

  private static Reply ping(byte[][] args) {
    return switch (args.length) {
      case 1 -> PONG;
      case 2 -> new Reply.Bulk(args[1]);
      default -> Failures.arity("ping");
    };
  }

  private static Reply auth(byte[][] args) {
    if (args.length > 3) {
      return Failures.SYNTAX;
    }
    boolean isDefaultUser = args.length == 3 && Arguments.is(args[1], "default");
    return args.length == 2
        ? new Reply.Failure(NO_PASSWORD)
        : isDefaultUser
            ? Reply.OK
            : new Reply.Failure("WRONGPASS invalid username-password pair or user is disabled.");
  }

  private static Reply select(byte[][] args) {
    OptionalLong index = Arguments.integer(args[1]);
    if (index.isEmpty()) {
      return Failures.NOT_AN_INTEGER;
    }
    return index.getAsLong() == 0 ? Reply.OK : new Reply.Failure("ERR DB index is out of range");
  }

  private void hello(Connection connection, byte[][] args, Slot slot) {
    Client client = connection.client();
    boolean resp3 = client.resp3();
    if (args.length > 1) {
      OptionalLong version = Arguments.integer(args[1]);
      if (version.isEmpty()) {
        slot.onReply(new Reply.Failure("ERR Protocol version is not an integer or out of range"));
        return;
      }
      if (version.getAsLong() < 2 || version.getAsLong() > 3) {
        slot.onReply(new Reply.Failure("NOPROTO unsupported protocol version"));
        return;
      }
      resp3 = version.getAsLong() == 3;
    }
    String name = null;
    for (int i = 2; i < args.length; i++) {
      if (Arguments.is(args[i], "auth") && i + 2 < args.length) {
        Reply authenticated = auth(new byte[][] {args[i], args[i + 1], args[i + 2]});
        if (authenticated != Reply.OK) {
          slot.onReply(authenticated);
          return;
        }
        i += 2;
      } else if (Arguments.is(args[i], "setname") && i + 1 < args.length) {
        name = Arguments.text(args[++i]);
      } else {
        slot.onReply(
            new Reply.Failure(
                "ERR Syntax error in HELLO option '" + Arguments.text(args[i]) + "'"));
        return;
      }
    }
    if (name != null && !client.rename(name)) {
      slot.onReply(badName());
      return;
    }
    client.useResp3(resp3);
    connection.replaceNewest().onReply(greeting(client));
  }

  private static Reply greeting(Client client) {
    return new Reply.Pairs(
        List.of(
            Reply.bulk("server"), Reply.bulk("redis"),
            Reply.bulk("version"), Reply.bulk(REDIS_VERSION),
            Reply.bulk("proto"), Reply.of(client.resp3() ? 3 : 2),
            Reply.bulk("id"), Reply.of(client.id()),
            Reply.bulk("mode"), Reply.bulk("cluster"),
            Reply.bulk("role"), Reply.bulk("master"),
            Reply.bulk("modules"), Reply.EMPTY_ARRAY));
  }

  private Reply client(Client client, byte[][] args) {
    String subcommand = Arguments.text(args[1]).toLowerCase(Locale.ROOT);
    int count = args.length;
    return switch (subcommand) {
      case "id" -> exactly(2, count, subcommand, () -> Reply.of(client.id()));
      case "getname" ->
          exactly(
              2,
              count,
              subcommand,
              () -> client.name().isEmpty() ? Reply.NULL : Reply.bulk(client.name()));
      case "setname" ->
          exactly(
              3,
              count,
              subcommand,
              () -> client.rename(Arguments.text(args[2])) ? Reply.OK : badName());
      case "setinfo" -> exactly(4, count, subcommand, () -> setInfo(client, args));
      case "info" ->
          exactly(
              2,
              count,
              subcommand,
              () -> new Reply.Verbatim(client.describe(System.currentTimeMillis()) + "\n"));
      case "list" -> list(args);
      case "no-evict", "no-touch" -> exactly(3, count, subcommand, () -> onOrOff(args[2]));
      default -> Failures.unknownSubcommand("CLIENT", args[1]);
    };
  }

  private static Reply exactly(
      int wanted, int count, String subcommand, java.util.function.Supplier<Reply> reply) {
    return count == wanted ? reply.get() : Failures.arity("client|" + subcommand);
  }

  private Reply list(byte[][] args) {
    Predicate<Client> wanted = each -> true;
    if (args.length == 4 && Arguments.is(args[2], "type")) {
      String type = Arguments.text(args[3]).toLowerCase(Locale.ROOT);
      if (!CLIENT_TYPES.contains(type)) {
        return new Reply.Failure("ERR Unknown client type '" + Arguments.text(args[3]) + "'");
      }
      wanted = each -> type.equals("normal");
    } else if (args.length > 3 && Arguments.is(args[2], "id")) {
      Set<Long> ids = new HashSet<>();
      for (byte[] id : Arrays.copyOfRange(args, 3, args.length)) {
        OptionalLong number = Arguments.integer(id);
        if (number.isEmpty() || number.getAsLong() < 1) {
          return new Reply.Failure("ERR Invalid client ID");
        }
        ids.add(number.getAsLong());
      }
      wanted = each -> ids.contains(each.id());
    } else if (args.length != 2) {
      return Failures.SYNTAX;
    }
    long now = System.currentTimeMillis();
    return new Reply.Verbatim(
        services.clients().all().stream()
            .filter(wanted)
            .map(each -> each.describe(now) + '\n')
            .collect(Collectors.joining()));
  }

  private static Reply onOrOff(byte[] word) {
    // Nothing is evicted and no access times are kept, so both states are the same.
    return Arguments.is(word, "on") || Arguments.is(word, "off") ? Reply.OK : Failures.SYNTAX;
  }

  private static Reply setInfo(Client client, byte[][] args) {
    String value = Arguments.text(args[3]);
    if (Arguments.is(args[2], "lib-name")) {
      return client.setLibraryName(value) ? Reply.OK : badInfo("lib-name");
    }
    if (Arguments.is(args[2], "lib-ver")) {
      return client.setLibraryVersion(value) ? Reply.OK : badInfo("lib-ver");
    }
    return new Reply.Failure("ERR Unrecognized option '" + Arguments.text(args[2]) + "'");
  }

  private static Reply badInfo(String option) {
    return new Reply.Failure(
        "ERR " + option + " cannot contain spaces, newlines or special characters.");
  }

  private static Reply badName() {
    return new Reply.Failure(
        "ERR Client names cannot contain spaces, newlines or special characters.");
  }
}
