package io.kindred.cli;

import io.kindred.cli.bench.BenchReport;
import io.kindred.cli.bench.Machine;
import io.kindred.cli.bench.Row;
import java.util.Locale;

/** A measurement for people. */
final class BenchText {

  /** More than this of the processors taken by others, and a section's ratios say little. */
  private static final double QUIET_PERCENT = 5;

  private BenchText() {}

  static String of(BenchReport report) {
    StringBuilder text = new StringBuilder(machine(report.machine()));
    report
        .settings()
        .forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    Table table =
        new Table(
            "NAME", "KINDRED", "MIN-MAX", "AGAINST", "MIN-MAX", "RESULT", "MIN-MAX", "TARGET",
            "HOLDS", "REMARK");
    for (Row row : report.rows()) {
      table.row(
          row.name(),
          row.kindred().map(figure -> number(figure.median()) + " " + figure.unit()).orElse("-"),
          row.kindred().map(figure -> range(figure.min(), figure.max())).orElse("-"),
          row.against().map(figure -> number(figure.median()) + " " + figure.of()).orElse("-"),
          row.against().map(figure -> range(figure.min(), figure.max())).orElse("-"),
          row.value().map(value -> number(value) + " " + row.unit()).orElse("-"),
          row.spread().map(spread -> range(spread.min(), spread.max())).orElse("-"),
          row.target().orElse("-"),
          row.holds().map(holds -> holds ? "yes" : "NO").orElse("-"),
          row.remark());
    }
    text.append(table.render());
    for (BenchReport.SectionRun run : report.sections()) {
      if (run.othersPercent() > QUIET_PERCENT) {
        text.append(
            String.format(
                Locale.ROOT,
                "NOISE: while %s ran, others used %.0f %% of the processors%n",
                run.name(),
                run.othersPercent()));
      }
    }
    return text.toString();
  }

  private static String machine(Machine machine) {
    return String.format(
        Locale.ROOT,
        "%d cores, %s, %s, %s%nKindred %s on JDK %s beside redis-server %s%n",
        machine.cores(),
        machine.cpu(),
        Quantity.bytes(machine.memoryBytes()),
        machine.kernel(),
        machine.kindred(),
        machine.jdk(),
        machine.redis());
  }

  private static String range(double min, double max) {
    return min == max ? "-" : number(min) + "-" + number(max);
  }

  /** Three digits or more, and thousands set apart. */
  static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 1000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
