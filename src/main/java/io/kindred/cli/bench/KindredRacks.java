package io.kindred.cli.bench;

import io.kindred.management.NodesPage;
import io.kindred.management.NodesPage.NodeRow;
import io.kindred.storage.actor.NodeProtocol.FeedLag;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A Kindred cluster of a node a rack; clients ask the first. */
final class KindredRacks implements Server {

  /** A node looks at its feeds once a second: what it tells may be that old, and theirs too. */
  private static final Duration FRESH = Duration.ofMillis(2200);

  private static final Duration SETTLES_WITHIN = Duration.ofMinutes(10);

  private final List<KindredServer> nodes;

  private KindredRacks(List<KindredServer> nodes) {
    this.nodes = nodes;
  }

  /** All serve when this returns. */
  static KindredRacks start(Workbench bench, NodeChoice choice, int racks) throws IOException {
    return new KindredRacks(bench.kindreds(choice, racks));
  }

  /** By the rack's number, from 0. */
  KindredServer node(int rack) {
    return nodes.get(rack);
  }

  @Override
  public int port() {
    return nodes.get(0).port();
  }

  @Override
  public long pid() {
    return nodes.get(0).pid();
  }

  @Override
  public List<Long> pids() {
    return nodes.stream().map(KindredServer::pid).toList();
  }

  /** What the nodes that answer tell of all. */
  List<NodeRow> rows() throws IOException {
    return nodes.get(0).page("/kindred/v1/nodes", NodesPage.class).nodes();
  }

  /** Until every feed has brought everything. */
  @Override
  public void settle() throws IOException {
    Watch watch = nodes.get(0).watch();
    watch.pause(FRESH);
    watch.until(() -> isWhole(rows(), 0), SETTLES_WITHIN);
  }

  /** Whether all nodes are masters that answer, and no feed lags by more. */
  boolean isWhole(List<NodeRow> rows, long lagBytesMax) {
    return rows.size() == nodes.size()
        && rows.stream()
            .allMatch(
                row ->
                    row.serves()
                        && row.stats().isPresent()
                        && row.stats().get().feeds().size() == nodes.size() - 1
                        && row.stats().get().feeds().stream()
                            .allMatch(feed -> feed.lagBytes() <= lagBytesMax));
  }

  /** The row of a node, among those told. */
  static NodeRow row(List<NodeRow> rows, KindredServer node) throws NotMeasured {
    return rows.stream()
        .filter(row -> row.node().name().equals(node.name()))
        .findFirst()
        .orElseThrow(() -> new NotMeasured(node.name() + " is not in the ring"));
  }

  /** How the others feed a node. */
  static List<FeedLag> feedsTo(List<NodeRow> rows, KindredServer node) {
    return rows.stream()
        .filter(row -> !row.node().name().equals(node.name()))
        .flatMap(row -> row.stats().stream())
        .flatMap(stats -> stats.feeds().stream())
        .filter(feed -> feed.peer().name().equals(node.name()))
        .toList();
  }

  @Override
  public void close() throws IOException {
    for (KindredServer node : nodes) {
      node.close();
    }
  }
}
