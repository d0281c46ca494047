package io.kindred.server;

import io.kindred.command.Arguments;
import io.kindred.command.CommandSpec;
import io.kindred.command.Commands;
import io.kindred.command.Failures;
import io.kindred.command.Glob;
import io.kindred.command.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** COMMAND, INFO, CONFIG, TIME. */
final class ServerGroup {

  private final FrontDoor.Services services;
  private final Info info;

  ServerGroup(FrontDoor.Services services) {
    this.services = services;
    this.info = new Info(services);
  }

  Map<String, NodeCommands.NodeCommand> commands() {
    return Map.of(
        "command", (connection, args, slot) -> slot.onReply(command(args)),
        "info", (connection, args, slot) -> slot.onReply(info(args)),
        "config", (connection, args, slot) -> slot.onReply(config(args)),
        "time", (connection, args, slot) -> slot.onReply(time()));
  }

  private static Reply time() {
    long micros = System.currentTimeMillis() * 1000;
    return new Reply.Array(
        List.of(
            Reply.bulk(Long.toString(micros / 1_000_000)),
            Reply.bulk(Long.toString(micros % 1_000_000))));
  }

  private Reply info(byte[][] args) {
    List<String> sections = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      sections.add(Arguments.text(args[i]).toLowerCase(Locale.ROOT));
    }
    return new Reply.Verbatim(info.text(sections));
  }

  private static Reply command(byte[][] args) {
    if (args.length == 1) {
      return entries(Commands.all().values());
    }
    String subcommand = Arguments.text(args[1]).toLowerCase(Locale.ROOT);
    return switch (subcommand) {
      case "count" ->
          args.length == 2 ? Reply.of(Commands.all().size()) : Failures.arity("command|count");
      case "info" ->
          args.length == 2 ? entries(Commands.all().values()) : new Reply.Array(named(args));
      case "docs" -> docs(args);
      case "list" -> list(args);
      case "getkeys" -> args.length < 3 ? Failures.arity("command|getkeys") : keys(args);
      default -> Failures.unknownSubcommand("COMMAND", args[1]);
    };
  }

  private static List<Reply> named(byte[][] args) {
    List<Reply> entries = new ArrayList<>();
    for (int i = 2; i < args.length; i++) {
      CommandSpec spec = Commands.find(args[i]);
      entries.add(spec == null ? Reply.NULL : entry(spec));
    }
    return entries;
  }

  private static Reply entries(Collection<CommandSpec> specs) {
    return new Reply.Array(specs.stream().map(ServerGroup::entry).toList());
  }

  /** Redis 7's ten fields: the last three, tips, key specifications and subcommands, are empty. */
  private static Reply entry(CommandSpec spec) {
    List<Reply> flags = new ArrayList<>();
    spec.flags().forEach(flag -> flags.add(new Reply.Simple(flag)));
    List<Reply> categories = new ArrayList<>();
    categories.add(new Reply.Simple("@" + (spec.isWrite() ? "write" : "read")));
    categories.add(new Reply.Simple("@" + aclGroup(spec.group())));
    categories.add(new Reply.Simple(spec.flags().contains("fast") ? "@fast" : "@slow"));
    return new Reply.Array(
        List.of(
            Reply.bulk(spec.name()),
            Reply.of(spec.arity()),
            new Reply.Members(flags),
            Reply.of(spec.firstKey()),
            Reply.of(spec.lastKey()),
            Reply.of(spec.step()),
            new Reply.Members(categories),
            Reply.EMPTY_ARRAY,
            Reply.EMPTY_ARRAY,
            Reply.EMPTY_ARRAY));
  }

  private static String aclGroup(String group) {
    return switch (group) {
      case "generic" -> "keyspace";
      case "server", "cluster" -> "admin";
      case "sorted-set" -> "sortedset";
      default -> group;
    };
  }

  private static Reply docs(byte[][] args) {
    List<Reply> pairs = new ArrayList<>();
    for (CommandSpec spec : Commands.all().values()) {
      boolean isAsked =
          args.length == 2
              || Arrays.stream(args, 2, args.length)
                  .anyMatch(arg -> Arguments.is(arg, spec.name()));
      if (isAsked) {
        pairs.add(Reply.bulk(spec.name()));
        pairs.add(
            new Reply.Pairs(
                List.of(
                    Reply.bulk("summary"), Reply.bulk(spec.summary()),
                    Reply.bulk("since"), Reply.bulk(spec.since()),
                    Reply.bulk("group"), Reply.bulk(spec.group()))));
      }
    }
    return new Reply.Pairs(pairs);
  }

  private static Reply list(byte[][] args) {
    Glob pattern = null;
    if (args.length == 5 && Arguments.is(args[2], "filterby") && Arguments.is(args[3], "pattern")) {
      pattern = new Glob(args[4]);
    } else if (args.length != 2) {
      return Failures.SYNTAX;
    }
    List<Reply> names = new ArrayList<>();
    for (String name : Commands.all().keySet()) {
      if (pattern == null || pattern.matches(name.getBytes(StandardCharsets.US_ASCII))) {
        names.add(Reply.bulk(name));
      }
    }
    return new Reply.Array(names);
  }

  private static Reply keys(byte[][] args) {
    CommandSpec spec = Commands.find(args[2]);
    int count = args.length - 2;
    if (spec == null) {
      return new Reply.Failure("ERR Invalid command specified");
    }
    if (spec.firstKey() == 0) {
      return new Reply.Failure("ERR The command has no key arguments");
    }
    if (!spec.accepts(count)) {
      return new Reply.Failure("ERR Invalid number of arguments specified for command");
    }
    int last = spec.lastKey() < 0 ? count + spec.lastKey() : spec.lastKey();
    List<Reply> keys = new ArrayList<>();
    for (int i = spec.firstKey(); i <= last; i += spec.step()) {
      keys.add(new Reply.Bulk(args[2 + i]));
    }
    return new Reply.Array(keys);
  }

  private Reply config(byte[][] args) {
    if (Arguments.is(args[1], "get")) {
      return args.length < 3 ? Failures.arity("config|get") : configGet(args);
    }
    if (Arguments.is(args[1], "resetstat")) {
      return new Reply.Failure("ERR the counters cannot be set back: they are read as differences");
    }
    if (Arguments.is(args[1], "set")) {
      return new Reply.Failure(
          "ERR a node's settings are read when it starts; change its configuration file instead");
    }
    return Failures.unknownSubcommand("CONFIG", args[1]);
  }

  private Reply configGet(byte[][] args) {
    List<Reply> pairs = new ArrayList<>();
    settings()
        .forEach(
            (name, value) -> {
              byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
              boolean isAsked =
                  Arrays.stream(args, 2, args.length)
                      .map(arg -> Arguments.text(arg).toLowerCase(Locale.ROOT))
                      .anyMatch(
                          glob -> new Glob(glob.getBytes(StandardCharsets.UTF_8)).matches(bytes));
              if (isAsked) {
                pairs.add(Reply.bulk(name));
                pairs.add(Reply.bulk(value));
              }
            });
    return new Reply.Pairs(pairs);
  }

  /** What is in force, by Redis's names, where Redis has one for it. */
  private SortedMap<String, String> settings() {
    NodeFacts facts = services.nodeFacts();
    ServerLimits limits = services.limits();
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("appendfsync", facts.fsync());
    settings.put("appendonly", "yes");
    settings.put("cluster-enabled", "yes");
    settings.put("databases", "1");
    settings.put("dir", facts.dataDirectory());
    settings.put("io-threads", Integer.toString(facts.lanes()));
    settings.put("maxclients", Integer.toString(limits.maxClients()));
    settings.put("maxmemory", Long.toString(facts.maxMemoryBytes()));
    settings.put("maxmemory-policy", "noeviction");
    settings.put("port", Integer.toString(services.self().clientPort()));
    settings.put("proto-max-bulk-len", Integer.toString(limits.bulkBytesMax()));
    settings.put("protected-mode", limits.protectedMode() ? "yes" : "no");
    settings.put("requirepass", "");
    settings.put("save", "");
    settings.put("timeout", "0");
    return settings;
  }
}
