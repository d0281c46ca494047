package io.kindred.cli;

import com.typesafe.config.Config;
import io.kindred.node.KindredNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kindred node}: one node in the foreground, until it is told to stop. */
@Command(name = "node", description = "Run one node in the foreground.")
final class NodeCommand implements Callable<Integer> {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "settings, in HOCON; what it does not say keeps its default")
  private Path file;

  @Option(names = "-D", paramLabel = "KEY=VALUE", description = "one setting; wins over the file")
  private Map<String, String> settings = Map.of();

  @Override
  public Integer call() throws Exception {
    Config config = NodeSettings.of(Optional.ofNullable(file), settings);
    AtomicReference<KindredNode> running = new AtomicReference<>(KindredNode.start(config));
    AtomicBoolean asked = new AtomicBoolean();
    Thread stop =
        new Thread(
            () -> {
              asked.set(true);
              close(running.get());
            },
            "kindred-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    while (true) {
      try {
        running.get().whenStopped().toCompletableFuture().get();
      } catch (ExecutionException e) {
        throw new IOException("the node ended", e.getCause());
      }
      if (asked.get()) {
        stop.join();
        return 0;
      }
      running.get().close();
      if (!running.get().mayStartAgain()) {
        Runtime.getRuntime().removeShutdownHook(stop);
        throw new Failure(
            "the node ended by itself",
            file == null ? "this process" : file.toString(),
            "see its log");
      }
      running.set(KindredNode.start(config));
    }
  }

  private static void close(KindredNode node) {
    try {
      node.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
