package io.kindred.membership.actor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kindred.consensus.Acceptor;
import io.kindred.membership.Voter;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.storage.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a node keeps of the ring on its disk: {@code ring.json}, the newest ring it knows, and
 * {@code acceptor.json}, what it promised and accepted. A file that cannot be read throws: a node
 * that has forgotten its promises must not vote.
 */
public final class RingDisk {

  /** The content of {@code acceptor.json}; see {@link Voter}. */
  public record Promises(long epoch, Acceptor<Ring> acceptor) {}

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final Path ringFile;
  private final Path acceptorFile;

  private RingDisk(Path directory) {
    this.ringFile = directory.resolve("ring.json");
    this.acceptorFile = directory.resolve("acceptor.json");
  }

  /**
   * The files in that directory, which is created where there is none.
   *
   * @throws UncheckedIOException where there is a ring but no promises, or writing fails
   */
  public static RingDisk open(Path directory) {
    RingDisk disk = new RingDisk(directory);
    try {
      Files.createDirectories(directory);
      if (!Files.exists(disk.acceptorFile)) {
        if (Files.exists(disk.ringFile)) {
          throw new IOException(
              disk.acceptorFile
                  + " is missing beside a ring: this node cannot know what it promised. Let it join"
                  + " again with an empty directory");
        }
        disk.write(disk.acceptorFile, new Promises(0, Acceptor.blank()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return disk;
  }

  /** The ring in a data directory, if it has one. */
  public static Optional<Ring> ringIn(Path directory) {
    Path file = new RingDisk(directory).ringFile;
    return Files.exists(file) ? Optional.of(read(file, Ring.class)) : Optional.empty();
  }

  /** The voter as it was when its last answer left. */
  public Voter voter(NodeId self) {
    Promises promises = read(acceptorFile, Promises.class);
    return new Voter(self, ringIn(ringFile.getParent()), promises.epoch(), promises.acceptor());
  }

  /** Brings what has changed to the disk, the ring first. Blocks until it is there. */
  public void keep(Voter before, Voter now) {
    try {
      if (!before.ring().equals(now.ring())) {
        write(ringFile, now.ring().orElseThrow());
      }
      if (before.epoch() != now.epoch() || !before.acceptor().equals(now.acceptor())) {
        write(acceptorFile, new Promises(now.epoch(), now.acceptor()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T read(Path file, Class<T> type) {
    try {
      return JSON.readValue(file.toFile(), type);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private void write(Path file, Object content) throws IOException {
    WholeFile.replace(file, JSON.writeValueAsBytes(content));
  }
}
