package io.kindred.reconcile.actor;

import io.kindred.entry.Element;
import io.kindred.entry.ElementWriter;
import io.kindred.ring.Shards;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What is to be recommended to one node, encoded and cut into pieces, until it may be sent. The
 * first pieces stay in memory, all later ones go to a temporary file that has no name any more and
 * is gone when this is closed or the process ends. Filled first, then emptied; by one thread at a
 * time.
 *
 * <p>Pieces form batches, each of elements of one shard only, so that what became of them can be
 * told by shard. The receiver keeps a batch until it is whole, so batches are kept short; only an
 * element larger than that makes a longer one.
 */
final class Outbox implements Closeable {

  /** Half of what a frame carries: CBOR and headers come on top. */
  static final int PIECE_BYTES_MAX = 128 * 1024;

  private static final int BATCH_BYTES = 1024 * 1024;

  /**
   * A piece of one batch.
   *
   * @param batch counts the batches, from 0
   * @param piece counts the pieces of its batch, from 0
   * @param more whether further pieces of this batch follow
   * @param shard of all elements of the batch
   */
  @SuppressWarnings("ArrayRecordComponent") // pieces are never compared
  record Piece(int batch, int piece, byte[] bytes, boolean more, int shard) {}

  /** A piece whose bytes are in the file, behind those of the ones before. */
  private record Filed(int batch, int piece, int length, boolean more, int shard) {}

  private final Shards shards;
  private final long memoryBytesMax;
  private final ElementWriter writer = new ElementWriter();
  private final Deque<Piece> kept = new ArrayDeque<>();
  private final Deque<Filed> filed = new ArrayDeque<>();
  private FileChannel file;
  private long keptBytes;
  private long readAt;
  private long elements;
  private int batch;
  private int piece;
  private long batchBytes;
  private int shard = -1;

  /**
   * An empty one.
   *
   * @param memoryBytesMax how many bytes of pieces stay in memory
   */
  Outbox(Shards shards, long memoryBytesMax) {
    this.shards = shards;
    this.memoryBytesMax = memoryBytesMax;
  }

  /** Takes the next element; those of one shard come together. */
  void add(Element element) {
    int its = shards.shardOf(element.key().slot());
    if (its != shard || batchBytes + writer.size() >= BATCH_BYTES) {
      seal();
      shard = its;
    }
    writer.put(element);
    elements++;
    while (writer.size() > PIECE_BYTES_MAX) {
      cut(true);
    }
  }

  /** Ends the batch that is being filled; nothing is ever sent of one that was not ended. */
  void seal() {
    if (!writer.isEmpty()) {
      cut(false);
      writer.reset();
      batch++;
      piece = 0;
      batchBytes = 0;
    }
  }

  private void cut(boolean more) {
    byte[] bytes = writer.take(PIECE_BYTES_MAX);
    batchBytes += bytes.length;
    if (file == null && keptBytes + bytes.length <= memoryBytesMax) {
      keptBytes += bytes.length;
      kept.add(new Piece(batch, piece, bytes, more, shard));
    } else {
      append(bytes);
      filed.add(new Filed(batch, piece, bytes.length, more, shard));
    }
    piece++;
  }

  private void append(byte[] bytes) {
    try {
      if (file == null) {
        Path path = Files.createTempFile("kindred-recommendation", null);
        file =
            FileChannel.open(
                path,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot set a recommendation aside", e);
    }
  }

  /** How many elements were put in. */
  long elements() {
    return elements;
  }

  /** Takes out the next piece, or empty where none is left. */
  Optional<Piece> next() {
    if (!kept.isEmpty()) {
      return Optional.of(kept.remove());
    }
    if (filed.isEmpty()) {
      return Optional.empty();
    }
    Filed next = filed.remove();
    byte[] bytes = read(next.length());
    return Optional.of(new Piece(next.batch(), next.piece(), bytes, next.more(), next.shard()));
  }

  private byte[] read(int length) {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    try {
      while (buffer.hasRemaining()) {
        if (file.read(buffer, readAt + buffer.position()) < 0) {
          throw new IOException("the file ends at " + (readAt + buffer.position()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read a recommendation back", e);
    }
    readAt += length;
    return buffer.array();
  }

  @Override
  public void close() {
    kept.clear();
    filed.clear();
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close a recommendation's file", e);
      }
    }
  }
}
