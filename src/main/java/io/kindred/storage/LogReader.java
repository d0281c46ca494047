package io.kindred.storage;

import io.kindred.entry.Element;
import io.kindred.entry.StoredString;
import java.io.Closeable;
import java.io.IOException;

/** Reads a lane's log forwards, beside its writer. For one thread. */
public interface LogReader extends Closeable {

  /** Takes the entries of a log one by one. */
  @FunctionalInterface
  interface Visitor {
    /** Takes one; {@code own} where the node accepted it from a client. */
    void entry(int shard, boolean own, Element element);

    /** Takes a string and its expiry of one version at once; else they come one by one. */
    default void string(int shard, boolean own, StoredString stored) {
      entry(shard, own, stored.string());
      entry(shard, own, stored.expiry());
    }

    /**
     * A batch's note about the one before it.
     *
     * @param length of the batch before
     * @param shards bit {@code s mod 64} is set for each shard s that it had entries of
     */
    default void trail(long length, long shards) {}

    /** Told again and again while a start replays a log: how many bytes of how many are read. */
    default void progress(long bytes, long ofBytes) {}
  }

  /** Position behind the last batch read. */
  long position();

  /**
   * Visits the next committed batches until about {@code bytesMax} bytes were read (at least one
   * batch where there is one) or the log's end is reached.
   *
   * @param bytesMax of entries; packed they may take less in the file
   * @return how many bytes the position moved by; 0 at the end
   * @throws IOException where the file cannot be read or a checksum fails; names file and position
   */
  long read(long bytesMax, Visitor visitor) throws IOException;
}
