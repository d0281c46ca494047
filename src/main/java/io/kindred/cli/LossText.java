package io.kindred.cli;

import io.kindred.management.LossPage;
import java.util.stream.Collectors;

/** What would be given up, for people. */
final class LossText {

  private LossText() {}

  static String of(LossPage page) {
    StringBuilder text = new StringBuilder();
    page.losses().forEach(loss -> text.append("- ").append(loss).append('\n'));
    if (!page.held().isEmpty()) {
      Table table = new Table("NODE", "HAS ITS LOG UP TO");
      page.held()
          .forEach(
              row ->
                  table.row(
                      row.node(),
                      row.positions().isEmpty()
                          ? "unknown: not fed by it since it started"
                          : row.positions().stream()
                              .map(position -> position < 0 ? "?" : position.toString())
                              .collect(Collectors.joining(" "))));
      text.append(table.render());
    }
    return text.toString();
  }
}
