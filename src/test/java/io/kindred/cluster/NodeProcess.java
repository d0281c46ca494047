package io.kindred.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One node's process, with what it printed. */
final class NodeProcess {

  private static final Path LIB = Path.of("target/lib");
  private static final Path CLASSES = Path.of("target/classes");

  private final Process process;
  private final Path output;

  private NodeProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts a node as the launcher does.
   *
   * @param settings given as {@code -Dkey=value} to the node command
   * @param output where what it prints is added
   */
  static NodeProcess start(Map<String, String> settings, Path output) {
    return start(settings, output, ClassArchive.options());
  }

  /** The same, with these further options for its JVM. */
  static NodeProcess start(Map<String, String> settings, Path output, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As bin/kindred does: with one or two cores every callback of an ask would start a thread.
    command.add("-Djava.util.concurrent.ForkJoinPool.common.parallelism=2");
    command.add("-Xmx1g");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.addAll(options);
    command.add("-cp");
    command.add(classPath());
    command.add("io.kindred.cli.Kindred");
    command.add("node");
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
              .start();
      return new NodeProcess(process, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String classPath() {
    if (Files.isDirectory(LIB)) {
      return ClassArchive.jar().orElse(CLASSES) + ":" + LIB + "/*";
    }
    return System.getProperty("java.class.path");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** As {@code kill -9}; returns when the process is gone. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** As {@code kill}; returns when the process has ended by itself. */
  void stop() {
    process.destroy();
    awaitEnd();
  }

  /** As {@code kill -STOP}: it holds its sockets and does nothing. */
  void pause() {
    signal("STOP");
  }

  /** As {@code kill -CONT}. */
  void resume() {
    signal("CONT");
  }

  /** The last lines that it printed, for a failure's message. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(output, java.nio.charset.StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("kill -" + name + " " + process.pid() + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("did not end within 30 s:\n" + lastWords());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
