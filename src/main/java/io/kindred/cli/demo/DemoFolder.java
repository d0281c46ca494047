package io.kindred.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindred.cli.demo.DemoPlan.DemoNode;
import io.kindred.cli.demo.DemoState.Running;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** The folder of a demo, see the package. */
public final class DemoFolder {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter SUFFIX = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final Path folder;

  public DemoFolder(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  public Path path() {
    return folder;
  }

  public Path data(DemoNode node) {
    return folder.resolve(node.name());
  }

  public Path log(DemoNode node) {
    return folder.resolve(node.name() + ".log");
  }

  public Path settings(DemoNode node) {
    return folder.resolve(node.name() + ".conf");
  }

  /** Empty where no demo was ever started here. */
  public Optional<DemoState> state() throws IOException {
    Path file = folder.resolve("demo.json");
    return Files.exists(file)
        ? Optional.of(JSON.readValue(file.toFile(), DemoState.class))
        : Optional.empty();
  }

  /** Writes the state anew. */
  public void begin(DemoState state) throws IOException {
    Files.createDirectories(folder);
    write(state);
    for (DemoNode node : state.plan().nodes()) {
      Files.writeString(settings(node), state.plan().settings(node, data(node), state.settings()));
    }
  }

  /** Notes a node's process; two commands may do so at once. */
  public void note(DemoNode node, Running running) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!lock.isValid()) {
        throw new IOException("the lock of " + folder + " was lost");
      }
      write(state().orElseThrow().with(node.number(), running));
    }
  }

  private void write(DemoState state) throws IOException {
    Path fresh = Files.createTempFile(folder, "demo", ".tmp");
    JSON.writerWithDefaultPrettyPrinter().writeValue(fresh.toFile(), state);
    Files.move(
        fresh,
        folder.resolve("demo.json"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Moves a node's data aside, so that it starts empty.
   *
   * @return where it lies now; empty where there was none
   */
  public Optional<Path> setAside(DemoNode node, LocalDateTime now) throws IOException {
    Path data = data(node);
    if (!Files.exists(data)) {
      return Optional.empty();
    }
    Path aside = folder.resolve(node.name() + ".old-" + now.format(SUFFIX));
    for (int more = 2; Files.exists(aside); more++) {
      aside = folder.resolve(node.name() + ".old-" + now.format(SUFFIX) + "-" + more);
    }
    return Optional.of(Files.move(data, aside));
  }

  /** The end of what a node said, at most {@code linesMax} lines. */
  public List<String> logTail(DemoNode node, int linesMax) throws IOException {
    if (!Files.exists(log(node))) {
      return List.of();
    }
    // Read leniently: a killed process may have left half a character.
    List<String> lines =
        new String(Files.readAllBytes(log(node)), java.nio.charset.StandardCharsets.UTF_8)
            .lines()
            .toList();
    return lines.subList(Math.max(0, lines.size() - linesMax), lines.size());
  }
}
