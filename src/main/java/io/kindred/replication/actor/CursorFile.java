package io.kindred.replication.actor;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindred.replication.Cursor;
import io.kindred.replication.Divergence;
import io.kindred.ring.NodeId;
import io.kindred.storage.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The peers' cursors on disk, {@code cursors.json}. Older is harmless: what is fed again changes
 * nothing. Replaced as a whole, so there is always one that can be read.
 */
final class CursorFile {

  /**
   * What is kept of a peer.
   *
   * @param shards that it was fed for
   * @param cursors one a lane
   * @param divergedSince ms since 1970; null while it is not
   * @param gaveUpLast ms since 1970; null while it is not diverged, or has been since before this
   *     was kept
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Peer(
      NodeId peer,
      List<Integer> shards,
      List<Cursor> cursors,
      Long divergedSince,
      Long gaveUpLast) {

    static Peer of(
        NodeId peer, List<Integer> shards, List<Cursor> cursors, Optional<Divergence> diverged) {
      return new Peer(
          peer,
          shards,
          cursors,
          diverged.map(Divergence::sinceMillis).orElse(null),
          diverged.map(Divergence::lastMillis).orElse(null));
    }

    Optional<Divergence> diverged() {
      return Optional.ofNullable(divergedSince)
          .map(since -> new Divergence(since, gaveUpLast == null ? since : gaveUpLast));
    }
  }

  private record Content(List<Peer> peers) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  CursorFile(Path dataDir) {
    this.file = dataDir.resolve("cursors.json");
  }

  /**
   * What was stored last; nothing where there is no file.
   *
   * @throws IOException where there is one that cannot be read
   */
  List<Peer> read() throws IOException {
    return Files.exists(file) ? JSON.readValue(file.toFile(), Content.class).peers() : List.of();
  }

  /** Replaces what was stored; on disk when it returns. */
  void write(List<Peer> peers) throws IOException {
    WholeFile.replace(
        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new Content(peers)));
  }
}
