package io.kindred.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk as a start reads it, logs and snapshots: bad sectors cost what is on them and not the
 * node. Where a read fails it is tried again page by page; a page that cannot be read has bytes
 * that nothing of ours consists of, so whoever reads finds damage there, and the page is
 * remembered: such bytes were written once, and are no torn tail. Nothing is written over them, and
 * the file is never deleted, since they may be readable another day.
 *
 * <p>For one thread; its files may be read and written by others once the start is over.
 */
public final class Salvage implements Disk {

  /** What Linux reads at least, and fails as a whole. */
  private static final int PAGE_BYTES = 4096;

  private static final int AGAIN_PAGES = 16;

  /** From so many of a file on none is tried alone: each may cost seconds. */
  private static final int MANY_PAGES = 64;

  /** No mark begins with it, no checksum is right over nothing else, and it is not zero. */
  private static final byte UNREADABLE = (byte) 0xff;

  /** What could not be read of one file: offsets of pages, and what the disk said first. */
  private record Unreadable(NavigableSet<Long> pages, String why) {}

  private final Disk disk;
  private final Map<String, Unreadable> unreadable = new TreeMap<>();

  public Salvage(Disk disk) {
    this.disk = disk;
  }

  /** What could not be read so far, for an operator. */
  List<String> found() {
    return unreadable.entrySet().stream()
        .map(
            file ->
                "%s/%s: %d pages, the first at offset %d: %s"
                    .formatted(
                        disk,
                        file.getKey(),
                        file.getValue().pages().size(),
                        file.getValue().pages().first(),
                        file.getValue().why()))
        .toList();
  }

  /** Whether something of a file between two offsets could not be read. */
  boolean isUnreadable(String name, long from, long to) {
    Unreadable here = unreadable.get(name);
    Long last = here == null ? null : here.pages().lower(to);
    return last != null && last + PAGE_BYTES > from;
  }

  private void note(String name, long page, IOException why) {
    unreadable
        .computeIfAbsent(name, made -> new Unreadable(new TreeSet<>(), why.getMessage()))
        .pages()
        .add(page);
  }

  private boolean hasMany(String name) {
    Unreadable here = unreadable.get(name);
    return here != null && here.pages().size() >= MANY_PAGES;
  }

  /**
   * Gives a small file that cannot be read another name, so that a new one can take its place;
   * nothing where it can be read.
   */
  void moveAside(String name) throws IOException {
    if (!disk.list().contains(name)) {
      return;
    }
    try (File file = openToRead(name)) {
      file.read(ByteBuffer.allocate((int) Math.min(file.size(), 1 << 20)), 0);
    }
    if (unreadable.containsKey(name)) {
      delete(disk, name, files());
      disk.force();
    }
  }

  private static String aside(String name) {
    return name + ".unreadable";
  }

  /** Deletes a file; one of those that could not be read whole only gets another name. */
  public static void delete(Disk disk, String name, Set<String> unreadable) throws IOException {
    if (unreadable.contains(name)) {
      disk.rename(name, aside(name));
    } else {
      disk.delete(name);
    }
  }

  /** The files of which something could not be read. */
  public Set<String> files() {
    return Set.copyOf(unreadable.keySet());
  }

  private static long pageOf(long offset) {
    return offset - offset % PAGE_BYTES;
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public File open(String name) throws IOException {
    return new SalvagedFile(name, disk.open(name));
  }

  @Override
  public File openToRead(String name) throws IOException {
    return new SalvagedFile(name, disk.openToRead(name));
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void force() throws IOException {
    disk.force();
  }

  @Override
  public String toString() {
    return disk.toString();
  }

  private final class SalvagedFile implements File {

    private final String name;
    private final File file;

    SalvagedFile(String name, File file) {
      this.name = name;
      this.file = file;
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      int start = into.position();
      int limit = into.limit();
      try {
        return file.read(into, offset);
      } catch (IOException e) {
        into.limit(limit).position(start);
        return readPages(into, offset, e);
      }
    }

    private int readPages(ByteBuffer into, long offset, IOException why) throws IOException {
      int limit = into.limit();
      long end = Math.min(file.size(), offset + into.remaining());
      long at = offset;
      while (at < end) {
        long behind = Math.min(end, pageOf(at) + PAGE_BYTES);
        int start = into.position();
        int bytes = (int) (behind - at);
        into.limit(start + bytes);
        boolean known = isUnreadable(name, at, behind);
        IOException failure = known || hasMany(name) ? why : readPage(into, at);
        if (failure != null) {
          for (int i = start; i < start + bytes; i++) {
            into.put(i, UNREADABLE);
          }
          note(name, pageOf(at), failure);
        }
        into.limit(limit).position(start + bytes);
        at = behind;
      }
      return (int) Math.max(0, end - offset);
    }

    private IOException readPage(ByteBuffer into, long offset) {
      try {
        file.read(into, offset);
        return null;
      } catch (IOException e) {
        return e;
      }
    }

    @Override
    public void writeAgain(long from, long to) throws IOException {
      long end = Math.min(to, size());
      long behind;
      for (long at = from; at < end; at = behind) {
        behind = Math.min(end, pageOf(at) + AGAIN_PAGES * PAGE_BYTES);
        writePiecesAgain(at, behind);
      }
    }

    private void writePiecesAgain(long from, long to) throws IOException {
      ByteBuffer some = ByteBuffer.allocate((int) (to - from));
      read(some, from);
      long behind;
      for (long at = from; at < to; at = behind) {
        behind = isUnreadable(name, from, to) ? Math.min(to, pageOf(at) + PAGE_BYTES) : to;
        if (!isUnreadable(name, at, behind)) {
          file.write(some.limit((int) (behind - from)).position((int) (at - from)), at);
        }
      }
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      file.write(from, offset);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
