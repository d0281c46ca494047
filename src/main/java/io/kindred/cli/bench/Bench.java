package io.kindred.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Something that {@code kindred bench} can measure. */
public interface Bench {

  /** About how long it will take. */
  Duration takes();

  /**
   * Measures; a row for what cannot be measured says so. Whatever ends it, also Ctrl-C, ends its
   * processes.
   *
   * @param parent where a folder is made for the stores' data
   * @param keep whether that folder stays
   */
  BenchReport run(Path parent, boolean keep) throws IOException;
}
