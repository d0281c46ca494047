package io.kindred.cli.bench;

import java.io.IOException;

/** Something could not be measured; the message says why, for the row that stays empty. */
final class NotMeasured extends IOException {

  private static final long serialVersionUID = 1;

  NotMeasured(String reason) {
    super(reason);
  }

  NotMeasured(String reason, Throwable cause) {
    super(reason, cause);
  }
}
