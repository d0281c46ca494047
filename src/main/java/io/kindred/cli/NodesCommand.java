package io.kindred.cli;

import io.kindred.management.NodesPage;
import io.kindred.management.NodesPage.NodeRow;
import io.kindred.membership.ClockOffset;
import io.kindred.storage.actor.NodeProtocol.FeedLag;
import io.kindred.storage.actor.NodeProtocol.NodeStats;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "nodes", description = "Lists the nodes, their phases and what they hold.")
final class NodesCommand implements Callable<Integer> {

  private static final String FENCED =
      "its clock is too far off, so it refuses its clients' writes until that is set right (NTP)\n";

  @Mixin private At at;

  @Override
  public Integer call() {
    NodesPage page = at.client().get("/kindred/v1/nodes", NodesPage.class);
    at.print(page, () -> text(page));
    return 0;
  }

  static String text(NodesPage page) {
    Table table =
        new Table(
            "RACK",
            "NODE",
            "STORE",
            "CLIENTS AT",
            "MANAGEMENT",
            "RING",
            "PHASE",
            "REACH",
            "SHARDS",
            "KEYS",
            "TOMBSTONES",
            "CLIENTS",
            "FEED LAG",
            "LOG",
            "CLOCK");
    page.nodes().forEach(node -> row(table, node));
    return table.render()
        + page.nodes().stream()
            .flatMap(node -> node.stats().stream())
            .map(NodesCommand::warnings)
            .collect(Collectors.joining())
        + page.nodes().stream()
            .filter(NodeRow::fenced)
            .map(node -> node.node() + ": " + FENCED)
            .collect(Collectors.joining())
        + "reach and clocks are as "
        + page.askedOf()
        + " sees them\n";
  }

  private static String warnings(NodeStats stats) {
    return warning(
            stats,
            stats.quarantinedShards(),
            "%d shards may have lost something on its disk and are not served until they are proven"
                + " against another owner; GET /kindred/v1/snapshots there tells which")
        + warning(
            stats,
            stats.driftedSlots(),
            "the digests of %d slots are not those of what they hold, so comparisons cannot be"
                + " trusted here; start the node again, and see its log");
  }

  /** None where nothing is counted. */
  private static String warning(NodeStats stats, int count, String text) {
    return count == 0 ? "" : stats.node() + ": " + String.format(Locale.ROOT, text, count) + "\n";
  }

  private static void row(Table table, NodeRow node) {
    Optional<NodeStats> stats = node.stats();
    table.row(
        node.rack(),
        node.node().name(),
        Integer.toHexString(node.node().store()),
        node.host() + ":" + node.clientPort(),
        node.host() + ":" + node.managementPort(),
        node.standing(),
        node.phase(),
        node.reachable() ? "yes" : "NO",
        node.shardsOwned() + (node.shardsSucceeding() > 0 ? "+" + node.shardsSucceeding() : ""),
        figure(stats, told -> Quantity.count(told.keys())),
        figure(stats, told -> Quantity.count(told.tombstones())),
        figure(stats, told -> Quantity.count(told.clients())),
        figure(stats, NodesCommand::lag),
        figure(stats, told -> Quantity.bytes(told.logBytes())),
        node.clock().map(NodesCommand::clock).orElse("-") + (node.fenced() ? " FENCED" : ""));
  }

  private static String clock(ClockOffset clock) {
    return String.format(Locale.ROOT, "%+d ms", clock.offsetMillis());
  }

  /** The peer that is furthest behind tells how safe this node's newest writes are. */
  private static String lag(NodeStats stats) {
    String bytes =
        Quantity.bytes(stats.feeds().stream().mapToLong(FeedLag::lagBytes).max().orElse(0));
    return stats.feeds().stream().anyMatch(feed -> feed.divergedSinceMillis() > 0)
        ? bytes + " (diverged)"
        : bytes;
  }

  private static String figure(Optional<NodeStats> stats, Function<NodeStats, String> cell) {
    return stats.map(cell).orElse("-");
  }
}
