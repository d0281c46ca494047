package io.kindred.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.kindred.cli.demo.Overrides;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The whole configuration of a node that is started from the command line. */
final class NodeSettings {

  private NodeSettings() {}

  /** What was given on the command line wins over the file, and that over application.conf. */
  static Config of(Optional<Path> file, Map<String, String> settings) {
    Config given = Overrides.of(settings).withFallback(ConfigFactory.defaultOverrides());
    if (file.isPresent()) {
      if (!Files.isReadable(file.get())) {
        throw new Failure(
            "the settings cannot be read",
            file.get().toAbsolutePath().toString(),
            "name a file that is there and may be read");
      }
      given = given.withFallback(ConfigFactory.parseFile(file.get().toFile()));
    }
    return given
        .withFallback(ConfigFactory.defaultApplication())
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }
}
