package io.kindred.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A disk in memory that knows what was synced, so that a power cut can take the rest: whole writes,
 * parts of them, and in any order, as disks do; what a directory was not synced for may have its
 * old name, none, or be there again. It can also be full, fail to sync, or lie about it. A failed
 * sync forgets what it should have synced, as Linux does: it can be read until the power goes, and
 * no later sync brings it to the disk. For one thread.
 */
public final class FaultyDisk implements Disk {

  private static final int PAGE_BYTES = 4096;

  /** What a crash does to writes that were not synced. */
  public enum Crash {
    /** The process died: the operating system writes them all. */
    KEEPS_ALL,
    /** The power was cut: none reached the disk. */
    LOSES_ALL,
    /** The power was cut in the middle: all up to some byte reached the disk. */
    KEEPS_A_PREFIX,
    /** The power was cut: each reached the disk or did not, or a part of it. */
    KEEPS_ANY;

    static Crash any(Random random) {
      return List.of(values()).get(random.nextInt(values().length));
    }

    /** Any that is one of the machine, not of the process alone. */
    public static Crash anyPowerCut(Random random) {
      return List.of(LOSES_ALL, KEEPS_A_PREFIX, KEEPS_ANY).get(random.nextInt(3));
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Unsynced(long offset, byte[] bytes) {}

  private static final class Content {
    // From and to of what cannot be read, by pages as Linux does it.
    final List<long[]> bad = new ArrayList<>();
    byte[] durable = {};
    byte[] seen = {};
    final List<Unsynced> unsynced = new ArrayList<>();
    boolean named;
    // The name that is on the disk where it has another one by now.
    String formerName;

    void sync() {
      for (Unsynced write : unsynced) {
        durable = written(durable, write, write.bytes().length);
      }
      unsynced.clear();
    }
  }

  private final SortedMap<String, Content> files = new TreeMap<>();
  // Deleted, and there again after a crash perhaps.
  private final SortedMap<String, Content> deleted = new TreeMap<>();
  private final boolean lies;
  private long roomBytes = Long.MAX_VALUE;
  private boolean syncFails;
  private int readsToFail;
  private Error nextWriteError;
  private Error nextReadError;

  /** A disk that keeps its word. */
  public FaultyDisk() {
    this(false);
  }

  /**
   * An empty disk.
   *
   * @param lies whether it says that it has synced, and has not
   */
  public FaultyDisk(boolean lies) {
    this.lies = lies;
  }

  /** How many more bytes can be written; a write that does not fit leaves the part that does. */
  public void setRoom(long bytes) {
    roomBytes = bytes;
  }

  /** Whether syncs fail, of files and of names. */
  public void setSyncFails(boolean fails) {
    syncFails = fails;
  }

  /** So many reads go well, the next one fails, and leaves the buffer anyhow. */
  void setReadToFail(int after) {
    readsToFail = after + 1;
  }

  /** The next read ends as none should. */
  void setNextReadError(Error error) {
    nextReadError = error;
  }

  /** The next write ends as none should. */
  void setNextWriteError(Error error) {
    nextWriteError = error;
  }

  /** A file's bytes as a reader sees them. */
  public byte[] bytes(String name) {
    return files.get(name).seen.clone();
  }

  /** Replaces a file's bytes, as bit rot or an operator may. */
  public void setBytes(String name, byte[] bytes) {
    Content content = files.get(name);
    content.seen = bytes.clone();
    content.durable = bytes.clone();
    content.unsynced.clear();
  }

  /** Makes some bytes of a file unreadable, as a bad sector does. */
  public void setUnreadable(String name, long from, long to) {
    files.get(name).bad.add(new long[] {from, to});
  }

  /** Makes all of a file readable again. */
  public void setReadable(String name) {
    files.get(name).bad.clear();
  }

  /** The disk as it is found after a crash; this one is to be used no more. */
  public FaultyDisk after(Crash crash, Random random) {
    FaultyDisk found = new FaultyDisk(lies);
    if (crash != Crash.KEEPS_ALL) {
      deleted.forEach(
          (name, content) -> {
            if (random.nextBoolean()) {
              Content back = new Content();
              back.durable = survivor(content, crash, random);
              back.seen = back.durable.clone();
              back.named = true;
              found.files.put(name, back);
            }
          });
    }
    files.forEach(
        (newName, content) -> {
          String name = newName;
          if (!content.named && crash != Crash.KEEPS_ALL && random.nextBoolean()) {
            if (content.formerName == null) {
              return;
            }
            name = content.formerName;
          }
          Content kept = new Content();
          kept.bad.addAll(content.bad);
          found.files.put(name, kept);
          if (crash == Crash.KEEPS_ALL) {
            // Written by the process, and still not synced by anyone.
            kept.durable = content.durable;
            kept.seen = content.seen;
            kept.unsynced.addAll(content.unsynced);
            kept.named = content.named;
            return;
          }
          kept.durable = survivor(content, crash, random);
          kept.seen = kept.durable.clone();
          kept.named = true;
        });
    return found;
  }

  private static byte[] survivor(Content content, Crash crash, Random random) {
    byte[] bytes = content.durable;
    int writes = content.unsynced.size();
    int whole =
        switch (crash) {
          case KEEPS_ALL, KEEPS_ANY -> writes;
          case LOSES_ALL -> 0;
          case KEEPS_A_PREFIX -> random.nextInt(writes + 1);
        };
    for (int i = 0; i < whole; i++) {
      Unsynced write = content.unsynced.get(i);
      boolean any = crash == Crash.KEEPS_ANY;
      int kept = any ? random.nextInt(write.bytes().length + 1) : write.bytes().length;
      boolean all = any && random.nextBoolean();
      bytes = written(bytes, write, all ? write.bytes().length : kept);
    }
    if (crash == Crash.KEEPS_A_PREFIX && whole < writes) {
      Unsynced torn = content.unsynced.get(whole);
      int kept = random.nextInt(torn.bytes().length + 1);
      bytes = written(bytes, torn, kept);
      if (random.nextBoolean()) {
        // The file grew, and its last blocks were never written.
        bytes =
            Arrays.copyOf(bytes, Math.max(bytes.length, (int) torn.offset() + torn.bytes().length));
      }
    }
    return bytes;
  }

  private static byte[] written(byte[] bytes, Unsynced write, int count) {
    if (count == 0) {
      return bytes;
    }
    int end = (int) write.offset() + count;
    byte[] changed = Arrays.copyOf(bytes, Math.max(bytes.length, end));
    System.arraycopy(write.bytes(), 0, changed, (int) write.offset(), count);
    return changed;
  }

  @Override
  public List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public File open(String name) {
    return new OpenFile(files.computeIfAbsent(name, made -> new Content()));
  }

  @Override
  public void delete(String name) {
    Content content = files.remove(name);
    if (content.named) {
      deleted.put(name, content);
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Content content = files.remove(from);
    if (content == null) {
      throw new IOException("there is no file " + from);
    }
    if (content.named) {
      content.formerName = from;
      content.named = false;
    }
    files.put(to, content);
  }

  @Override
  public void force() throws IOException {
    if (syncFails) {
      throw new IOException("Input/output error");
    }
    if (!lies) {
      deleted.clear();
      for (Content content : files.values()) {
        content.named = true;
        content.formerName = null;
      }
    }
  }

  @Override
  public String toString() {
    return "memory";
  }

  private final class OpenFile implements File {

    private final Content content;
    private boolean closed;

    OpenFile(Content content) {
      this.content = content;
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      requireOpen();
      if (nextReadError != null) {
        Error error = nextReadError;
        nextReadError = null;
        throw error;
      }
      if (readsToFail > 0 && --readsToFail == 0) {
        into.limit(into.limit() - into.remaining() / 2);
        throw new IOException("Input/output error");
      }
      requireReadable(offset, offset + into.remaining());
      int count = (int) Math.max(0, Math.min(into.remaining(), content.seen.length - offset));
      if (count > 0) {
        into.put(content.seen, (int) offset, count);
      }
      return count;
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      requireOpen();
      if (nextWriteError != null) {
        Error error = nextWriteError;
        nextWriteError = null;
        throw error;
      }
      // A page of which only a part changes is read first.
      requireReadable(offset, offset + from.remaining());
      // What is there already takes no room when it is written again.
      long growth = Math.max(0, offset + from.remaining() - content.seen.length);
      long missing = Math.max(0, growth - roomBytes);
      int fits = (int) Math.max(0, from.remaining() - missing);
      boolean full = missing > 0;
      byte[] bytes = new byte[fits];
      from.get(bytes);
      roomBytes -= Math.min(growth, roomBytes);
      Unsynced write = new Unsynced(offset, bytes);
      content.seen = written(content.seen, write, fits);
      content.unsynced.add(write);
      if (full) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void force() throws IOException {
      requireOpen();
      if (syncFails) {
        content.unsynced.clear();
        throw new IOException("Input/output error");
      }
      if (!lies) {
        content.sync();
      }
    }

    @Override
    public long size() throws IOException {
      requireOpen();
      return content.seen.length;
    }

    @Override
    public void truncate(long size) throws IOException {
      requireOpen();
      if (size < content.seen.length) {
        content.sync();
        content.seen = Arrays.copyOf(content.seen, (int) size);
        content.durable =
            Arrays.copyOf(content.durable, Math.min(content.durable.length, (int) size));
      }
    }

    private void requireReadable(long from, long to) throws IOException {
      long first = from - from % PAGE_BYTES;
      long behind = to + PAGE_BYTES - 1 - (to + PAGE_BYTES - 1) % PAGE_BYTES;
      for (long[] bad : content.bad) {
        if (first < bad[1] && behind > bad[0]) {
          throw new IOException("Input/output error");
        }
      }
    }

    private void requireOpen() throws IOException {
      if (closed) {
        throw new IOException("closed");
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
