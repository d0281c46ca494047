package io.kindred.cli.bench;

import java.io.IOException;

/** A store under measurement, as a child process. */
interface Server extends AutoCloseable {

  int port();

  long pid();

  /** Ends the process at once, and deletes its data unless the workbench keeps it. */
  @Override
  void close() throws IOException;
}
