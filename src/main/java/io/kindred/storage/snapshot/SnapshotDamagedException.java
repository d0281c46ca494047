package io.kindred.storage.snapshot;

import java.io.IOException;

/** A snapshot is not what was written. The message names the file, the place and what is wrong. */
public final class SnapshotDamagedException extends IOException {

  private static final long serialVersionUID = 1L;

  SnapshotDamagedException(String file, long offset, String what) {
    super(file + ", offset " + offset + ": " + what);
  }
}
