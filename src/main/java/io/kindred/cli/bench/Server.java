package io.kindred.cli.bench;

import java.io.IOException;
import java.util.List;

/** A store under measurement, as a child process. */
interface Server extends AutoCloseable {

  int port();

  long pid();

  /** All its processes, the one at the port first. */
  default List<Long> pids() {
    return List.of(pid());
  }

  /** Waits until nothing that clients have asked is still being worked on. */
  default void settle() throws IOException {}

  /** Ends the process at once, and deletes its data unless the workbench keeps it. */
  @Override
  void close() throws IOException;
}
