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

  private static final class Sent {
    final Piece piece;
    int probe;

    Sent(Piece piece) {
      this.piece = piece;
    }
  }

  private final FeedSettings.Window limits;
  private final List<Sent> onTheWay = new ArrayList<>();
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

  /**
   * What to send next, again or for the first time; empty while there is nothing or no room.
   *
   * @param probe the last question that was sent to the peer before this
   */
  public Optional<Piece> next(int probe) {
    if (nextToSend == onTheWay.size() && !cut()) {
      return Optional.empty();
    }
    Sent next = onTheWay.get(nextToSend++);
    next.probe = probe;
    return Optional.of(next.piece);
  }

  private boolean cut() {
    if (loading == null) {
      return false;
    }
    int begin = nextPiece * limits.pieceBytes();
    int end = (int) Math.min((long) begin + limits.pieceBytes(), loading.bytes().length);
    if (!hasRoom(end - begin)) {
      return false;
    }
    int total = loading.pieces(limits.pieceBytes());
    byte[] bytes = total == 1 ? loading.bytes() : Arrays.copyOfRange(loading.bytes(), begin, end);
    Piece piece = new Piece(loading.from(), loading.to(), nextPiece++, total, bytes);
    if (piece.isLast()) {
      loading = null;
    }
    onTheWay.add(new Sent(piece));
    bytesOnTheWay += bytes.length;
    return true;
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
    for (Iterator<Sent> all = onTheWay.iterator(); all.hasNext(); index++) {
      Piece piece = all.next().piece;
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
   * The peer has answered a question, so what was sent before it has arrived by now or is lost. If
   * the first piece that has not arrived is such a one, it and all behind it will be sent again.
   *
   * @param probe the question that was answered
   * @return how many pieces will be sent again
   */
  public int goBack(int probe) {
    int first = 0;
    while (first < nextToSend && hasArrived(onTheWay.get(first).piece)) {
      first++;
    }
    if (first == nextToSend || onTheWay.get(first).probe >= probe) {
      return 0;
    }
    int again = nextToSend - first;
    nextToSend = first;
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
