package io.kindred.storage.actor;

import io.kindred.entry.Element;
import io.kindred.entry.ElementReader;
import io.kindred.ring.Shards;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Batches of elements that arrive piece by piece, decoded as they come. A sender sends a piece when
 * the one before was answered; a sender that died leaves a batch behind, and the oldest such is
 * dropped when too many are open.
 */
final class MergeBatches {

  /** Few senders (engines, verifying nodes) are at work at once; more than this were abandoned. */
  private static final int OPEN_MAX = 64;

  private static final class Batch {
    final ElementReader reader = new ElementReader();
    final Map<Integer, List<Element>> elements = new TreeMap<>();
    int pieces;
  }

  private final Shards shards;
  private final Map<String, Batch> open = new LinkedHashMap<>();

  MergeBatches(Shards shards) {
    this.shards = shards;
  }

  /**
   * Takes a piece in.
   *
   * @throws IOException where it is not the next one, or no piece of elements; the batch is
   *     forgotten then
   */
  void accept(String id, int piece, byte[] bytes) throws IOException {
    if (piece == 0) {
      open.remove(id);
      dropOldestBeyondMax();
      open.put(id, new Batch());
    }
    Batch batch = open.get(id);
    if (batch == null || batch.pieces != piece) {
      open.remove(id);
      throw new IOException(
          "piece " + piece + " of batch " + id + " is not the one that was expected");
    }
    batch.pieces++;
    batch.reader.feed(
        bytes,
        element ->
            batch
                .elements
                .computeIfAbsent(shards.shardOf(element.key().slot()), any -> new ArrayList<>())
                .add(element));
  }

  /** The elements of a complete batch, by shard; the batch is forgotten. */
  Map<Integer, List<Element>> take(String id) {
    return open.remove(id).elements;
  }

  private void dropOldestBeyondMax() {
    Iterator<String> oldest = open.keySet().iterator();
    while (open.size() >= OPEN_MAX) {
      oldest.next();
      oldest.remove();
    }
  }
}
