package io.kindred.cli;

import io.kindred.reconcile.RunReport;
import io.kindred.reconcile.RunReport.NodeReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A run's report for people. */
final class ReportText {

  private ReportText() {}

  static String table(List<RunReport> reports) {
    if (reports.isEmpty()) {
      return "no reconciliation was run yet\n";
    }
    Table table = new Table("ID", "STARTED", "STATE", "TOOK", "SHARDS", "MISSING", "STALE");
    for (RunReport report : reports) {
      table.row(
          report.id(),
          started(report),
          report.state(),
          Quantity.millis(report.tookMillis()),
          report.shardsDone() + "/" + report.shardsAll(),
          Quantity.count(report.nodes().stream().mapToLong(NodeReport::missing).sum()),
          Quantity.count(report.nodes().stream().mapToLong(NodeReport::stale).sum()));
    }
    return table.render();
  }

  static String of(RunReport report) {
    StringBuilder text = new StringBuilder();
    text.append("run ").append(report.id()).append(": ").append(report.state());
    text.append(report.reason().isEmpty() ? "" : ", " + report.reason()).append('\n');
    text.append("started ").append(started(report));
    text.append(", took ").append(Quantity.millis(report.tookMillis())).append('\n');
    text.append("shards   ").append(report.shardsDone()).append(" of ").append(report.shardsAll());
    text.append(", ").append(report.shardsInSync()).append(" had nothing to repair");
    if (report.shardsNotCompared() > 0) {
      text.append(", ").append(report.shardsNotCompared()).append(" NOT compared");
    }
    text.append('\n');
    text.append("slots    ").append(Quantity.count(report.slotsCompared())).append(" compared, ");
    text.append(Quantity.count(report.slotsDiffering())).append(" differed, ");
    text.append(Quantity.count(report.slotsStillDiffering())).append(" still differ\n");
    text.append("moved    ").append(Quantity.bytes(report.bytesListed())).append(" read, ");
    text.append(Quantity.bytes(report.bytesRecommended())).append(" recommended\n");
    Table nodes = new Table("RACK", "NODE", "SHARDS", "MISSING", "STALE", "SUPERSEDED", "REMARK");
    for (NodeReport node : report.nodes()) {
      nodes.row(
          node.rack(),
          node.node(),
          node.shardsCompared(),
          Quantity.count(node.missing()),
          Quantity.count(node.stale()),
          Quantity.count(node.superseded()),
          remark(node));
    }
    return text.append(nodes.render()).toString();
  }

  private static String remark(NodeReport node) {
    return node.skipped().isEmpty() ? node.remark() : "SKIPPED: " + node.skipped();
  }

  private static Instant started(RunReport report) {
    return Instant.ofEpochMilli(report.startedAtMillis()).truncatedTo(ChronoUnit.SECONDS);
  }
}
