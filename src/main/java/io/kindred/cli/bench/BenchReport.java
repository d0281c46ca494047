package io.kindred.cli.bench;

import java.util.List;
import java.util.Map;

/**
 * What a run of the bench found.
 *
 * @param settings as asked for, and as they came about
 * @param sections what was run, in order
 * @param rows of all sections
 */
public record BenchReport(
    Machine machine, Map<String, String> settings, List<SectionRun> sections, List<Row> rows) {

  /**
   * How a section went.
   *
   * @param seconds it took
   * @param othersPercent of all processors' time that went to processes that are not ours
   */
  public record SectionRun(String name, double seconds, double othersPercent) {}

  /** Whether every row has a value. */
  public boolean complete() {
    return rows.stream().allMatch(row -> row.value().isPresent());
  }
}
