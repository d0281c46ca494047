package io.kindred.replication.actor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Keeps the cursors' file as new as it must be: at most one write at a time, none where nothing
 * changed. What is on disk may be older than what is in memory; a feed then sends again what was
 * merged already.
 */
final class CursorKeeper {

  private final CursorFile file;
  private final Executor blocking;
  private boolean changed;
  private boolean saving;

  CursorKeeper(CursorFile file, Executor blocking) {
    this.file = file;
    this.blocking = blocking;
  }

  /** What was stored by a node of as many lanes; nothing where the file cannot be read. */
  List<CursorFile.Peer> load(int lanes, Logger log) {
    try {
      return file.read().stream().filter(stored -> stored.cursors().size() == lanes).toList();
    } catch (IOException unreadable) {
      // Nothing is lost: without cursors the peers are fed from the oldest that the logs have.
      log.warn("cannot read the stored cursors", unreadable);
      return List.of();
    }
  }

  /** What is on disk is out of date from now on. */
  void changed() {
    changed = true;
  }

  /** Begins to write, if there is something new and nothing is being written. */
  Optional<CompletionStage<Void>> save(Supplier<List<CursorFile.Peer>> content) {
    if (!changed || saving) {
      return Optional.empty();
    }
    changed = false;
    saving = true;
    List<CursorFile.Peer> now = content.get();
    return Optional.of(CompletableFuture.runAsync(() -> write(now), blocking));
  }

  private void write(List<CursorFile.Peer> content) {
    try {
      file.write(content);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** A write has ended; one that failed is tried again. */
  void saved(boolean good) {
    saving = false;
    changed |= !good;
  }

  /** Writes at once, on the caller's thread. */
  void saveNow(List<CursorFile.Peer> content) throws IOException {
    file.write(content);
  }
}
