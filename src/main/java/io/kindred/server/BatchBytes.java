package io.kindred.server;

import java.io.ByteArrayOutputStream;

/** Bytes being written; of the right size from the start they are not copied once more. */
final class BatchBytes extends ByteArrayOutputStream {

  BatchBytes(int size) {
    super(size);
  }

  /** What was written. Nothing may be written any more. */
  byte[] take() {
    return count == buf.length ? buf : toByteArray();
  }
}
