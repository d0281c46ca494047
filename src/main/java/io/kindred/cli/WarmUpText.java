package io.kindred.cli;

import io.kindred.management.WarmUpsPage;
import io.kindred.management.WarmUpsPage.Move;
import io.kindred.management.WarmUpsPage.WarmUpRow;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Warm-ups for people. */
final class WarmUpText {

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private WarmUpText() {}

  static String table(WarmUpsPage page) {
    if (page.warmUps().isEmpty()) {
      return "no node is known\n";
    }
    Table table =
        new Table("RACK", "NODE", "PHASE", "SHARDS", "STREAMED", "RATE", "FROM", "TOOK", "REMARK");
    for (WarmUpRow row : page.warmUps()) {
      table.row(
          row.rack(),
          row.node(),
          row.phase(),
          row.answered() ? row.shardsDone() + "/" + row.shardsAll() : "-",
          row.answered() ? Quantity.bytes(row.bytesStreamed()) : "-",
          row.ended() || !row.answered() ? "-" : Quantity.bytes(row.bytesPerSecond()) + "/s",
          String.join(" ", row.sources()),
          row.answered() ? Quantity.millis(row.tookMillis()) : "-",
          row.answered() ? row.remark() : "does not answer");
    }
    return table.render();
  }

  /** One line a move. */
  static String move(WarmUpRow row, Move move) {
    return CLOCK.format(Instant.ofEpochMilli(move.atMillis()).atZone(ZoneId.systemDefault()))
        + "  "
        + row.node()
        + "  "
        + move.from()
        + " -> "
        + move.to()
        + "  "
        + move.because();
  }

  /** What is going on, in one line. */
  static String now(WarmUpRow row) {
    return row.node()
        + " "
        + row.phase()
        + " "
        + row.shardsDone()
        + "/"
        + row.shardsAll()
        + " shards, "
        + Quantity.bytes(row.bytesStreamed())
        + ", "
        + Quantity.bytes(row.bytesPerSecond())
        + "/s";
  }
}
