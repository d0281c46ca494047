package io.kindred.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A real directory. */
public final class FileDisk implements Disk {

  private final Path directory;

  private FileDisk(Path directory) {
    this.directory = directory;
  }

  /** The directory, which is created where it is not there. */
  public static FileDisk at(Path directory) throws IOException {
    Files.createDirectories(directory);
    return new FileDisk(directory);
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public File open(String name) throws IOException {
    return new OpenFile(
        FileChannel.open(
            directory.resolve(name),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  @Override
  public File openToRead(String name) throws IOException {
    return new OpenFile(FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(directory.resolve(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        directory.resolve(from),
        directory.resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void force() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public String toString() {
    return directory.toAbsolutePath().toString();
  }

  private record OpenFile(FileChannel channel) implements File {

    /**
     * How much goes through the channel at once. The JDK copies through a direct buffer of that
     * size and keeps it for the thread: one 64 MB value would keep 64 MB for ever.
     */
    private static final int SLICE_BYTES = 1 << 20;

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      int sum = 0;
      int limit = into.limit();
      while (into.position() < limit) {
        into.limit(Math.min(limit, into.position() + SLICE_BYTES));
        int count;
        try {
          count = channel.read(into, offset + sum);
        } finally {
          into.limit(limit);
        }
        if (count < 0) {
          break;
        }
        sum += count;
      }
      return sum;
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      long at = offset;
      int limit = from.limit();
      while (from.position() < limit) {
        from.limit(Math.min(limit, from.position() + SLICE_BYTES));
        at += channel.write(from, at);
        from.limit(limit);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
