package io.kindred.cli;

import java.io.PrintWriter;

/**
 * What goes on, on the standard error: in a terminal one line that is overwritten, elsewhere a line
 * for each change.
 */
final class Progress {

  private final PrintWriter err;
  private final boolean terminal;
  private String last = "";

  Progress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** The launcher looks whether the standard error is a terminal; Java 17 cannot tell. */
  static Progress on(PrintWriter err) {
    return new Progress(err, "1".equals(System.getenv("KINDRED_TERMINAL")));
  }

  boolean isTerminal() {
    return terminal;
  }

  /** Shows a line if it differs from the last one. */
  void show(String line) {
    if (line.equals(last)) {
      return;
    }
    last = line;
    if (terminal) {
      err.print("\r\033[K" + line);
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** Leaves the line as it is and goes below it. */
  void end() {
    if (terminal && !last.isEmpty()) {
      err.println();
      err.flush();
    }
    last = "";
  }
}
