package io.kindred.replication;

import io.kindred.entry.ElementWriter;
import io.kindred.storage.LaneLog;
import io.kindred.storage.LogReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads one lane's log as one peer is to have it, span by span. What holds nothing for the peer is
 * gathered until something goes with it: where three nodes write, two thirds of each log would
 * otherwise cost a message that says nothing. For one thread.
 */
public final class SpanReader implements Closeable {

  // So much of a log that holds nothing for the peer is told at once, or a reader that starts far
  // behind would not be heard of for long.
  private static final long SCAN_BYTES_MAX = 1L << 20;

  // Packed bytes may hold far more; so many entries take a hundredth of a second.
  private static final int SCAN_ENTRIES_MAX = 16 << 10;

  private final LaneLog log;
  private final int spanBytes;
  private final ElementWriter gathered = new ElementWriter();
  private FeedFilter filter;
  private LogReader reader;
  private long from;
  private int scanned;

  /**
   * @param spanBytes how much a span is to hold; it holds more where one commit of the lane did
   */
  public SpanReader(LaneLog log, int spanBytes) {
    this.log = log;
    this.spanBytes = spanBytes;
  }

  /**
   * The next span.
   *
   * @param position where it begins; elsewhere than behind the span before, the log is opened anew
   * @param filter what of the log the peer is to have
   * @param evenEmpty whether to give a span that holds nothing for the peer; otherwise such a
   *     stretch is kept for the next call
   * @return empty where the log has nothing more, or nothing that cannot wait: see {@link #holds}
   * @throws IOException where the log cannot be read
   */
  public Optional<Span> next(long position, FeedFilter filter, boolean evenEmpty)
      throws IOException {
    if (reader == null || position != from || !filter.equals(this.filter)) {
      close();
      reader = log.readFrom(position);
      from = position;
      scanned = 0;
      this.filter = filter;
      gathered.reset();
    }
    while (gathered.size() < spanBytes && !scannedEnough()) {
      long moved =
          reader.read(
              (long) spanBytes - gathered.size(),
              (shard, own, element) -> {
                scanned++;
                if (filter.carries(shard, own)) {
                  gathered.put(element);
                }
              });
      if (moved == 0) {
        break;
      }
    }
    long to = reader.position();
    boolean enough = !gathered.isEmpty() || evenEmpty || scannedEnough();
    if (to == from || !enough) {
      return Optional.empty();
    }
    Span span = new Span(from, to, gathered.toByteArray());
    gathered.reset();
    from = to;
    scanned = 0;
    return Optional.of(span);
  }

  private boolean scannedEnough() {
    return reader.position() - from >= SCAN_BYTES_MAX || scanned >= SCAN_ENTRIES_MAX;
  }

  /** Whether a stretch with nothing for the peer was read and not told. */
  public boolean holds() {
    return reader != null && reader.position() > from;
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
