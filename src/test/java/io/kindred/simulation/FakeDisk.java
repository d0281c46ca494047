package io.kindred.simulation;

import io.kindred.storage.Disk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A directory that outlives its node. While the power is on it keeps what was written. When the
 * power fails it keeps what was forced; of the rest it keeps a beginning, or some writes and not
 * others, and one of them may be torn in its middle.
 */
final class FakeDisk implements Disk {

  /** A write that was not forced yet. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Write(int offset, byte[] bytes) {}

  private final class FakeFile implements File {
    private byte[] content = new byte[0];
    private byte[] forced = new byte[0];
    private final List<Write> unforced = new ArrayList<>();

    @Override
    public int read(ByteBuffer into, long offset) {
      if (offset >= content.length) {
        return 0;
      }
      int count = Math.min(into.remaining(), content.length - (int) offset);
      into.put(content, (int) offset, count);
      return count;
    }

    @Override
    public void write(ByteBuffer from, long offset) {
      byte[] bytes = new byte[from.remaining()];
      from.get(bytes);
      Write write = new Write((int) offset, bytes);
      content = applied(content, write);
      unforced.add(write);
    }

    @Override
    public void force() {
      if (!lies) {
        for (Write write : unforced) {
          forced = applied(forced, write);
        }
        unforced.clear();
      }
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public void truncate(long size) {
      content = Arrays.copyOf(content, (int) Math.min(size, content.length));
      forced = Arrays.copyOf(forced, (int) Math.min(size, forced.length));
      unforced.removeIf(write -> write.offset() >= size);
    }

    @Override
    public void close() {
      // the disk keeps it
    }

    void losePower() {
      int whole = random.nextInt(unforced.size() + 1);
      boolean inOrder = random.nextInt(3) > 0;
      for (int i = 0; i < unforced.size(); i++) {
        if (inOrder ? i < whole : random.nextBoolean()) {
          forced = applied(forced, unforced.get(i));
        } else if (i == whole) {
          forced = applied(forced, torn(unforced.get(i)));
        }
      }
      unforced.clear();
      content = forced;
    }
  }

  private final Random random;
  private final boolean lies;
  private final SortedMap<String, FakeFile> files = new TreeMap<>();
  private final Set<String> forcedNames = new HashSet<>();

  /**
   * @param lies whether it says that it has forced, and has not
   */
  FakeDisk(Random random, boolean lies) {
    this.random = random;
    this.lies = lies;
  }

  /** What is not forced may go, and be torn. */
  void losePower() {
    files.keySet().removeIf(name -> !forcedNames.contains(name) && random.nextBoolean());
    files.values().forEach(FakeFile::losePower);
  }

  @Override
  public List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public File open(String name) {
    return files.computeIfAbsent(name, any -> new FakeFile());
  }

  @Override
  public void delete(String name) {
    files.remove(name);
  }

  @Override
  public void force() {
    forcedNames.addAll(files.keySet());
  }

  private static byte[] applied(byte[] before, Write write) {
    int end = write.offset() + write.bytes().length;
    byte[] after = Arrays.copyOf(before, Math.max(before.length, end));
    System.arraycopy(write.bytes(), 0, after, write.offset(), write.bytes().length);
    return after;
  }

  private Write torn(Write write) {
    byte[] bytes = write.bytes().clone();
    int from = random.nextInt(bytes.length);
    if (random.nextBoolean()) {
      return new Write(write.offset(), Arrays.copyOf(bytes, from));
    }
    Arrays.fill(bytes, from, bytes.length, (byte) 0);
    return new Write(write.offset(), bytes);
  }

  @Override
  public String toString() {
    return "fake disk";
  }
}
