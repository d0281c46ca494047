package io.kindred.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rows under headings, aligned; a column of which every cell is a number stands to the right. */
final class Table {

  private static final Pattern NUMBER = Pattern.compile("-|[0-9][0-9,.]*( ?([KMG]iB|B|s|ms|%))?");

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    this.headings = List.of(headings);
  }

  Table row(Object... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(
          cells.length
              + " cells under "
              + headings.size()
              + " headings: "
              + Arrays.toString(cells));
    }
    rows.add(Arrays.stream(cells).map(String::valueOf).toList());
    return this;
  }

  /** Lines without trailing blanks, each ended. */
  String render() {
    StringBuilder text = new StringBuilder();
    line(headings, text);
    rows.forEach(row -> line(row, text));
    return text.toString();
  }

  private void line(List<String> cells, StringBuilder text) {
    List<String> padded = new ArrayList<>();
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      String blanks = " ".repeat(width(column) - cell.length());
      padded.add(isNumeric(column) ? blanks + cell : cell + blanks);
    }
    text.append(padded.stream().collect(Collectors.joining("  ")).stripTrailing()).append('\n');
  }

  private int width(int column) {
    return Math.max(
        headings.get(column).length(),
        rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
  }

  private boolean isNumeric(int column) {
    return !rows.isEmpty()
        && rows.stream().allMatch(row -> NUMBER.matcher(row.get(column)).matches());
  }
}
