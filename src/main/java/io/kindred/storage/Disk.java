package io.kindred.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The files of one directory: a real one in a node, one with torn writes, lost tails and full disks
 * in tests. Files may be read by other threads beside their one writer.
 */
public interface Disk {

  /** One open file. */
  interface File extends Closeable {

    /** Reads at an offset until the buffer is full or the file ends; returns how many bytes. */
    int read(ByteBuffer into, long offset) throws IOException;

    /** Writes all of the buffer at an offset; what a failed write left behind is undefined. */
    void write(ByteBuffer from, long offset) throws IOException;

    /**
     * Writes what is there from one offset to another, or to the file's end, once more. After a
     * sync that failed the operating system may have it in memory alone, marked as if it were on
     * the disk: no further sync would bring it there, until a power cut takes it.
     */
    default void writeAgain(long from, long to) throws IOException {
      long end = Math.min(to, size());
      ByteBuffer some = ByteBuffer.allocate((int) Math.min(1 << 16, Math.max(0, end - from)));
      for (long offset = from; offset < end; offset += some.limit()) {
        some.clear().limit((int) Math.min(some.capacity(), end - offset));
        read(some, offset);
        write(some.flip(), offset);
      }
    }

    /** Returns once all that was written is on the disk itself. */
    void force() throws IOException;

    long size() throws IOException;

    void truncate(long size) throws IOException;
  }

  /** The names of the files there are, sorted. */
  List<String> list() throws IOException;

  /** Opens a file; an empty one is made where there is none. */
  File open(String name) throws IOException;

  /**
   * Opens a file that is there, for one reader alone, who closes it without closing it for others;
   * throws IOException where it is not there.
   */
  default File openToRead(String name) throws IOException {
    if (!list().contains(name)) {
      throw new IOException("there is no file " + name + " in " + this);
    }
    return open(name);
  }

  void delete(String name) throws IOException;

  /** Gives a file another name, in place of a file that has it; open files stay open. */
  void rename(String from, String to) throws IOException;

  /** Returns once new, changed and deleted names are on the disk itself. */
  void force() throws IOException;

  /** Where this is, for messages. */
  @Override
  String toString();
}
