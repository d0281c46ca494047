package io.kindred.server;

import io.kindred.command.Arguments;
import io.kindred.command.Failures;
import io.kindred.command.Reply;
import io.kindred.command.ShardQueries;
import io.kindred.entry.Slot;
import io.kindred.membership.ClockOffset;
import io.kindred.membership.ClockStatus;
import io.kindred.membership.ClusterView;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** CLUSTER, as cluster-aware clients need it, and KINDRED. */
final class ClusterGroup {

  private final FrontDoor.Services services;
  private final KeyspaceGroup keyspace;
  private final LevelCommands levels = new LevelCommands();

  ClusterGroup(FrontDoor.Services services) {
    this.services = services;
    this.keyspace = new KeyspaceGroup(services);
  }

  Map<String, NodeCommands.NodeCommand> commands() {
    return Map.of(
        "cluster",
        this::cluster,
        "kindred",
        this::kindred,
        "readonly",
        (connection, args, slot) -> slot.onReply(Reply.OK),
        "readwrite",
        (connection, args, slot) -> slot.onReply(Reply.OK));
  }

  private ClusterMap map() {
    return new ClusterMap(services.board().current());
  }

  private void cluster(Connection connection, byte[][] args, io.kindred.server.Slot slot) {
    String subcommand = Arguments.text(args[1]).toLowerCase(Locale.ROOT);
    boolean takesOne = subcommand.equals("keyslot") || subcommand.equals("countkeysinslot");
    List<String> known = List.of("slots", "shards", "nodes", "info", "myid");
    if (!takesOne && !known.contains(subcommand)) {
      slot.onReply(Failures.unknownSubcommand("CLUSTER", args[1]));
    } else if (args.length != (takesOne ? 3 : 2)) {
      slot.onReply(Failures.arity("cluster|" + subcommand));
    } else if (subcommand.equals("countkeysinslot")) {
      connection.dispatch().send();
      countKeys(args[2], slot);
    } else {
      slot.onReply(answer(subcommand, args));
    }
  }

  private Reply answer(String subcommand, byte[][] args) {
    return switch (subcommand) {
      case "keyslot" -> Reply.of(Slot.of(args[2]));
      case "slots" -> slots();
      case "shards" -> shards();
      case "nodes" -> new Reply.Verbatim(map().nodesText());
      case "info" -> new Reply.Verbatim(map().infoText());
      case "myid" -> Reply.bulk(ClusterMap.idOf(services.self().id()));
      default -> throw new IllegalArgumentException("CLUSTER " + subcommand);
    };
  }

  private void countKeys(byte[] slotArgument, io.kindred.server.Slot answerTo) {
    OptionalLong slot = Arguments.integer(slotArgument);
    Routes routes = services.router().routes();
    if (slot.isEmpty() || slot.getAsLong() < 0 || slot.getAsLong() >= Slot.COUNT) {
      answerTo.onReply(new Reply.Failure("ERR Invalid slot"));
    } else if (routes.shardCount() == 0) {
      answerTo.onReply(Reply.ZERO);
    } else {
      keyspace.ask(
          routes.shards().shardOf((int) slot.getAsLong()),
          answerTo,
          ShardQueries.COUNT_IN_SLOT.getBytes(StandardCharsets.US_ASCII),
          slotArgument);
    }
  }

  private Reply slots() {
    List<Reply> rows = new ArrayList<>();
    for (ClusterMap.Range range : map().ranges()) {
      Member member = range.member();
      Reply node =
          new Reply.Array(
              List.of(
                  Reply.bulk(member.host()),
                  Reply.of(member.clientPort()),
                  Reply.bulk(ClusterMap.idOf(member.id())),
                  Reply.EMPTY_ARRAY));
      rows.add(new Reply.Array(List.of(Reply.of(range.first()), Reply.of(range.last()), node)));
    }
    return new Reply.Array(rows);
  }

  private Reply shards() {
    List<Reply> rows = new ArrayList<>();
    map()
        .byMember()
        .forEach(
            (member, ranges) -> {
              List<Reply> bounds = new ArrayList<>();
              for (ClusterMap.Range range : ranges) {
                bounds.add(Reply.of(range.first()));
                bounds.add(Reply.of(range.last()));
              }
              rows.add(
                  new Reply.Pairs(
                      List.of(
                          Reply.bulk("slots"), new Reply.Array(bounds),
                          Reply.bulk("nodes"), new Reply.Array(List.of(shardNode(member))))));
            });
    return new Reply.Array(rows);
  }

  private static Reply shardNode(Member member) {
    return new Reply.Pairs(
        List.of(
            Reply.bulk("id"), Reply.bulk(ClusterMap.idOf(member.id())),
            Reply.bulk("port"), Reply.of(member.clientPort()),
            Reply.bulk("ip"), Reply.bulk(member.host()),
            Reply.bulk("endpoint"), Reply.bulk(member.host()),
            Reply.bulk("role"), Reply.bulk("master"),
            Reply.bulk("replication-offset"), Reply.ZERO,
            Reply.bulk("health"), Reply.bulk("online")));
  }

  private void kindred(Connection connection, byte[][] args, io.kindred.server.Slot slot) {
    if (Arguments.is(args[1], "at")) {
      levels.at(connection, args, slot);
    } else if (Arguments.is(args[1], "consistency")) {
      slot.onReply(LevelCommands.consistency(connection.client(), args));
    } else if (args.length == 2 && Arguments.is(args[1], "ring")) {
      slot.onReply(ring());
    } else if (args.length == 2 && Arguments.is(args[1], "nodes")) {
      slot.onReply(nodes());
    } else {
      slot.onReply(Failures.unknownSubcommand("KINDRED", args[1]));
    }
  }

  /** Epoch, datacenter, and for each rack the ranges of shards with their owner and successor. */
  private Reply ring() {
    ClusterView view = services.board().current();
    if (view.ring().isEmpty()) {
      return Reply.NULL;
    }
    Ring ring = view.ring().get();
    List<Reply> racks = new ArrayList<>();
    ring.seats()
        .forEach(
            (rack, row) -> {
              List<Reply> ranges = new ArrayList<>();
              int from = 0;
              for (int shard = 1; shard <= row.size(); shard++) {
                if (shard == row.size() || !row.get(shard).equals(row.get(from))) {
                  String successor = row.get(from).successor().map(Object::toString).orElse("");
                  ranges.add(
                      new Reply.Pairs(
                          List.of(
                              Reply.bulk("first-shard"), Reply.of(from),
                              Reply.bulk("last-shard"), Reply.of(shard - 1L),
                              Reply.bulk("owner"), Reply.bulk(row.get(from).owner().toString()),
                              Reply.bulk("successor"), Reply.bulk(successor))));
                  from = shard;
                }
              }
              racks.add(Reply.bulk(rack));
              racks.add(new Reply.Array(ranges));
            });
    return new Reply.Pairs(
        List.of(
            Reply.bulk("epoch"), Reply.of(ring.epoch()),
            Reply.bulk("datacenter"), Reply.bulk(ring.datacenter()),
            Reply.bulk("shards"), Reply.of(ring.shards().count()),
            Reply.bulk("racks"), new Reply.Pairs(racks)));
  }

  private Reply nodes() {
    ClusterView view = services.board().current();
    ClockStatus clocks = services.board().clocks().current();
    NodeId self = view.self().id();
    List<Member> members = view.ring().map(Ring::members).orElse(List.of(view.self()));
    List<Reply> rows = new ArrayList<>();
    for (Member member : members) {
      int owned = view.ring().map(ring -> ring.ownedBy(member.id()).size()).orElse(0);
      rows.add(
          new Reply.Pairs(
              List.of(
                  Reply.bulk("name"), Reply.bulk(member.id().name()),
                  Reply.bulk("id"), Reply.bulk(member.id().toString()),
                  Reply.bulk("rack"), Reply.bulk(member.rack()),
                  Reply.bulk("host"), Reply.bulk(member.host()),
                  Reply.bulk("client-port"), Reply.of(member.clientPort()),
                  Reply.bulk("management-port"), Reply.of(member.managementPort()),
                  Reply.bulk("phase"), Reply.bulk(view.phase(member.id()).name()),
                  Reply.bulk("reachable"), Reply.of(view.reachable().contains(member.id()) ? 1 : 0),
                  Reply.bulk("owned-shards"), Reply.of(owned),
                  Reply.bulk("clock-offset-ms"), offset(clocks.offset(member.id(), self)),
                  Reply.bulk("fenced"), Reply.of(clocks.isFenced(member.id(), self) ? 1 : 0))));
    }
    return new Reply.Array(rows);
  }

  /** Nil where nothing is known of that clock. */
  private static Reply offset(Optional<ClockOffset> offset) {
    return offset.map(known -> Reply.of(known.offsetMillis())).orElse(Reply.NULL);
  }
}
