package io.kindred.cli.bench;

import java.util.Arrays;
import java.util.List;

/**
 * What redis-benchmark found for one command.
 *
 * @param perSecond answered requests
 */
record BenchmarkLine(double perSecond, double p50Millis, double p99Millis, double maxMillis) {

  /**
   * Reads what {@code redis-benchmark --csv} printed.
   *
   * @param test the command, as {@code SET}
   * @throws NotMeasured where it is not the table that version 7 prints
   */
  static BenchmarkLine parse(List<String> printed, String test) throws NotMeasured {
    List<List<String>> rows = printed.stream().map(BenchmarkLine::cells).toList();
    List<String> headings =
        rows.stream()
            .filter(cells -> cells.get(0).equals("test"))
            .findFirst()
            .orElseThrow(() -> unreadable(printed, "no headings"));
    List<String> row =
        rows.stream()
            .filter(cells -> cells.get(0).equals(test) && cells.size() == headings.size())
            .findFirst()
            .orElseThrow(() -> unreadable(printed, "no row of " + test));
    try {
      return new BenchmarkLine(
          number(headings, row, "rps"),
          number(headings, row, "p50_latency_ms"),
          number(headings, row, "p99_latency_ms"),
          number(headings, row, "max_latency_ms"));
    } catch (IllegalArgumentException e) {
      throw new NotMeasured(unreadable(printed, e.getMessage()).getMessage(), e);
    }
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split(",", -1)).map(cell -> cell.replace("\"", "").strip()).toList();
  }

  private static double number(List<String> headings, List<String> row, String heading) {
    int column = headings.indexOf(heading);
    if (column < 0) {
      throw new IllegalArgumentException("no column " + heading);
    }
    return Double.parseDouble(row.get(column));
  }

  private static NotMeasured unreadable(List<String> printed, String why) {
    return new NotMeasured(
        "redis-benchmark printed something else (" + why + "): " + String.join(" | ", printed));
  }
}
