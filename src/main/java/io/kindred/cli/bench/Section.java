package io.kindred.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A part of the bench that can be run alone. */
interface Section {

  String name();

  /** About how long it takes. */
  Duration takes(StorePlan plan);

  /**
   * Measures.
   *
   * @throws IOException where the section as a whole cannot be measured; {@link NotMeasured} with
   *     the reason
   */
  List<Row> run(BenchScene scene) throws IOException;
}
