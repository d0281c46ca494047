package io.kindred.replication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What of a lane's log is on its way to a peer: sent, and not acknowledged. Bounded in bytes and
 * messages, so a peer that does not answer costs no more memory than this.
 *
 * <p>A span of one piece leaves the window when it is applied. Of a span of many pieces all but the
 * last leave when they have arrived (or the span could never be larger than the window), and the
 * last when the span is applied.
 *
 * <p>Invariants: pieces are first sent in the log's order without gaps; what is sent and has not
 * left the window can be sent again byte for byte; acknowledged positions only grow.
 */
public final class FeedWindow {

  private final FeedSettings.Window limits;
  private final List<Piece> onTheWay = new ArrayList<>();
  private int nextToSend;
  private long bytesOnTheWay;

  private Span loading;
  private int nextPiece;
  private long loaded;

  private long applied;
  private long received;
  private int receivedPieces;

  /**
   * @param start where the first span begins
   */
  public FeedWindow(long start, FeedSettings.Window limits) {
    this.limits = limits;
    this.loaded = start;
    this.applied = start;
    this.received = start;
  }

  /** Whether all that was loaded has been sent, and there is room for more. */
  public boolean wantsSpan() {
    return loading == null && nextToSend == onTheWay.size() && hasRoom(1);
  }

  /** Takes the next span; only when {@link #wantsSpan}. */
  public void load(Span span) {
    if (!wantsSpan() || span.from() != loaded) {
      throw new IllegalStateException(
          "loaded up to " + loaded + ", asked to load from " + span.from());
    }
    loading = span;
    nextPiece = 0;
    loaded = span.to();
  }

  /** Position behind the last span loaded: where the next one begins. */
  public long loaded() {
    return loaded;
  }

  /** Position behind the last span that was sent whole. */
  public long sent() {
    return loading == null ? loaded : loading.from();
  }

  /** Whether something was sent that has not left the window. */
  public boolean isWaiting() {
    return !onTheWay.isEmpty();
  }

  /** What to send next, again or for the first time; empty while there is nothing or no room. */
  public Optional<Piece> next() {
    if (nextToSend < onTheWay.size()) {
      return Optional.of(onTheWay.get(nextToSend++));
    }
    if (loading == null) {
      return Optional.empty();
    }
    int begin = nextPiece * limits.pieceBytes();
    int end = (int) Math.min((long) begin + limits.pieceBytes(), loading.bytes().length);
    if (!hasRoom(end - begin)) {
      return Optional.empty();
    }
    int total = loading.pieces(limits.pieceBytes());
    byte[] bytes = total == 1 ? loading.bytes() : Arrays.copyOfRange(loading.bytes(), begin, end);
    Piece piece = new Piece(loading.from(), loading.to(), nextPiece++, total, bytes);
    if (piece.isLast()) {
      loading = null;
    }
    onTheWay.add(piece);
    nextToSend++;
    bytesOnTheWay += bytes.length;
    return Optional.of(piece);
  }

  // A piece larger than the whole window may go alone, or it would never go.
  private boolean hasRoom(int bytes) {
    return onTheWay.isEmpty()
        || (onTheWay.size() < limits.pieces() && bytesOnTheWay + bytes <= limits.bytes());
  }

  /**
   * Takes note of what has arrived. May come late, out of order and twice. What speaks of more than
   * was sent is not about this window and changes nothing.
   *
   * @return whether anything left the window or moved
   */
  public boolean acknowledge(long appliedThere, long receivedThere, int piecesThere) {
    if (appliedThere > sent() || receivedThere > sent()) {
      return false;
    }
    int pieces = piecesThere;
    if (receivedThere == sent()) {
      pieces = loading == null ? 0 : Math.min(pieces, nextPiece);
    }
    boolean moved = false;
    if (appliedThere > applied) {
      applied = appliedThere;
      moved = true;
    }
    if (receivedThere > received || (receivedThere == received && pieces > receivedPieces)) {
      received = receivedThere;
      receivedPieces = pieces;
      moved = true;
    }
    if (moved) {
      drop();
    }
    return moved;
  }

  private void drop() {
    int index = 0;
    int sendAgainFrom = nextToSend;
    for (Iterator<Piece> all = onTheWay.iterator(); all.hasNext(); index++) {
      Piece piece = all.next();
      boolean done = piece.to() <= applied || (hasArrived(piece) && !piece.isLast());
      if (done) {
        all.remove();
        bytesOnTheWay -= piece.bytes().length;
        sendAgainFrom -= index < nextToSend ? 1 : 0;
      }
    }
    nextToSend = sendAgainFrom;
  }

  private boolean hasArrived(Piece piece) {
    return piece.to() <= received || (piece.from() == received && piece.index() < receivedPieces);
  }

  /**
   * Everything that has not arrived will be sent again.
   *
   * @return how many pieces
   */
  public int goBack() {
    int first = 0;
    while (first < onTheWay.size() && hasArrived(onTheWay.get(first))) {
      first++;
    }
    int again = Math.max(0, nextToSend - first);
    nextToSend = Math.min(nextToSend, first);
    return again;
  }

  /** Bytes that are on their way. */
  public long bytesOnTheWay() {
    return bytesOnTheWay;
  }

  /** Messages that are on their way. */
  public int piecesOnTheWay() {
    return onTheWay.size();
  }
}
