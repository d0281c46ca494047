package io.kindred.replication.actor;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindred.replication.Watermarks;
import io.kindred.storage.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node has adopted and purged, {@code watermarks.json}. On disk before anybody is told of
 * it. Without it a copy counts as one that never was an owner's: what it holds at or below the
 * others' step goes, and comes again from them.
 */
public final class WatermarkFile {

  private static final Logger LOG = LoggerFactory.getLogger(WatermarkFile.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  public WatermarkFile(Path dataDir) {
    this.file = dataDir.resolve("watermarks.json");
  }

  /** What was stored last; nothing where there is no file, or none that can be read. */
  public Watermarks.Stored read() {
    if (!Files.exists(file)) {
      return Watermarks.Stored.NOTHING;
    }
    try {
      return JSON.readValue(file.toFile(), Watermarks.Stored.class);
    } catch (IOException e) {
      LOG.error(
          "{} cannot be read, so what this node holds is not trusted: the other owners send it"
              + " again as far as they have purged",
          file,
          e);
      return Watermarks.Stored.NOTHING;
    }
  }

  /** Replaces what was stored; on disk when it returns. */
  void write(Watermarks.Stored stored) throws IOException {
    WholeFile.replace(file, JSON.writeValueAsBytes(stored));
  }
}
