package io.kindred.replication;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far a receiver has one lane of one sender's log. Pieces may come out of order, twice, or
 * never; merging needs no order, but positions are only told when everything below has come.
 *
 * <p>A newer session of the sender replaces everything: its log may have a new generation, and its
 * feed may go on lower (what is sent again is merged again, which changes nothing) or higher (it
 * gave up what lies between, and a reconciliation will find that).
 *
 * <p>Invariant: {@code synced <= applied <= received}.
 */
public final class InboxProgress {

  /** At some 45 bytes each a receipt stays far below a frame. */
  static final int SUPERSEDED_MAX = 1000;

  private enum Stage {
    ARRIVING,
    MERGING,
    APPLIED
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Local(long position, long[] ends) {}

  private static final class Arrival {
    final long to;
    final byte[][] pieces;
    int missing;
    Stage stage = Stage.ARRIVING;

    Arrival(Piece first) {
      to = first.to();
      pieces = new byte[first.total()][];
      missing = first.total();
    }
  }

  private final long inbox;
  private final TreeMap<Long, Arrival> arrivals = new TreeMap<>();
  private long generation;
  private long session = Receipt.NO_SESSION;
  private int probe;
  private long epoch;
  private long floor;
  private long applied;
  private long synced;
  private long received;
  private Local toBeSynced;
  private final List<Superseded> superseded = new ArrayList<>(0);

  /**
   * @param inbox tells this receiver from those before it
   */
  public InboxProgress(long inbox) {
    this.inbox = inbox;
  }

  /** The sender begins a session, or asks about one. */
  public void onHello(long logGeneration, LaneFeed.Hello hello) {
    if (hello.session() > session) {
      session = hello.session();
      generation = logGeneration;
      probe = 0;
      epoch = 0;
      floor = 0;
      applied = hello.start();
      synced = hello.start();
      received = hello.start();
      toBeSynced = null;
      arrivals.clear();
      superseded.clear();
    }
    if (hello.session() == session) {
      probe = Math.max(probe, hello.probe());
      epoch = Math.max(epoch, hello.epoch());
    }
  }

  /**
   * Takes a piece.
   *
   * @param senderFloor everything that the sender sends later is above this hybrid time; 0 promises
   *     nothing
   * @return the whole span, to be merged, if this piece completed it; empty otherwise, and for what
   *     has come before or belongs to another session
   */
  public Optional<Span> onPiece(long ofSession, long senderFloor, Piece piece) {
    if (ofSession != session || piece.from() < applied) {
      return Optional.empty();
    }
    floor = Math.max(floor, senderFloor);
    Arrival arrival = arrivals.computeIfAbsent(piece.from(), from -> new Arrival(piece));
    if (arrival.to != piece.to()
        || arrival.pieces.length != piece.total()
        || arrival.stage != Stage.ARRIVING
        || arrival.pieces[piece.index()] != null) {
      return Optional.empty();
    }
    arrival.pieces[piece.index()] = piece.bytes();
    arrival.missing--;
    if (arrival.missing > 0) {
      return Optional.empty();
    }
    arrival.stage = Stage.MERGING;
    raiseReceived();
    Span whole = new Span(piece.from(), piece.to(), join(arrival.pieces));
    java.util.Arrays.fill(arrival.pieces, null);
    return Optional.of(whole);
  }

  private static byte[] join(byte[][] pieces) {
    if (pieces.length == 1) {
      return pieces[0];
    }
    int length = 0;
    for (byte[] piece : pieces) {
      length = Math.addExact(length, piece.length);
    }
    byte[] joined = new byte[length];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, joined, at, piece.length);
      at += piece.length;
    }
    return joined;
  }

  private void raiseReceived() {
    Arrival next = arrivals.get(received);
    while (next != null && next.stage != Stage.ARRIVING) {
      received = next.to;
      next = arrivals.get(received);
    }
  }

  /** The sender knows that this much is applied here, and of what was superseded in it. */
  public void onHeard(long ofSession, long position) {
    if (ofSession == session && !superseded.isEmpty()) {
      superseded.removeIf(one -> one.position() <= position);
    }
  }

  /** All elements of a span are merged, and committed to this node's logs. */
  public void onMerged(long ofSession, Span span) {
    onMerged(ofSession, span, List.of());
  }

  /** The same, where some of them were older than what is here. */
  public void onMerged(long ofSession, Span span, List<Superseded> older) {
    if (ofSession != session) {
      return;
    }
    Arrival merged = arrivals.get(span.from());
    if (merged == null || merged.stage != Stage.MERGING) {
      return;
    }
    merged.stage = Stage.APPLIED;
    superseded.addAll(older);
    nameNoKeysBeyondMax();
    for (Iterator<Map.Entry<Long, Arrival>> all = arrivals.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Long, Arrival> first = all.next();
      if (first.getKey() != applied || first.getValue().stage != Stage.APPLIED) {
        return;
      }
      applied = first.getValue().to;
      all.remove();
    }
  }

  /**
   * Moves the synced position: what was applied when this node's logs ended at some positions is
   * synced once all of them are.
   *
   * @param ends where the logs of this node's lanes end
   * @param syncedEnds up to where they are synced
   */
  public void onLocalLogs(long[] ends, long[] syncedEnds) {
    if (toBeSynced != null && covers(syncedEnds, toBeSynced.ends())) {
      synced = toBeSynced.position();
      toBeSynced = null;
    }
    if (toBeSynced == null && synced < applied) {
      if (covers(syncedEnds, ends)) {
        synced = applied;
      } else {
        toBeSynced = new Local(applied, ends.clone());
      }
    }
  }

  private static boolean covers(long[] positions, long[] wanted) {
    for (int lane = 0; lane < wanted.length; lane++) {
      if (positions[lane] < wanted[lane]) {
        return false;
      }
    }
    return true;
  }

  /** A receipt has to fit a frame: where there are too many keys, spans are told of as a whole. */
  private void nameNoKeysBeyondMax() {
    if (superseded.size() <= SUPERSEDED_MAX) {
      return;
    }
    TreeMap<Long, Long> bySpan = new TreeMap<>();
    superseded.forEach(one -> bySpan.merge(one.position(), one.time(), Math::max));
    superseded.clear();
    bySpan.forEach(
        (position, time) -> superseded.add(new Superseded(position, Superseded.ANY, time)));
  }

  /** What the sender is to be told. */
  public Receipt receipt() {
    int first = 0;
    Arrival next = arrivals.get(received);
    while (next != null && first < next.pieces.length && next.pieces[first] != null) {
      first++;
    }
    return new Receipt(
        generation, session, inbox, probe, epoch, applied, synced, received, first, superseded);
  }

  /** The newest session of the sender's; {@link Receipt#NO_SESSION} before the first. */
  public long session() {
    return session;
  }

  /** Whether something is applied here and not known to be synced. */
  public boolean awaitsSync() {
    return synced < applied;
  }

  /** Whether everything that the sender's log of that generation had below {@code end} has come. */
  public boolean reached(long logGeneration, long end) {
    return session != Receipt.NO_SESSION && generation == logGeneration && applied >= end;
  }

  /** Whether the sender feeds by a ring at least as new as this one. */
  public boolean fedUnder(long ringEpoch) {
    return session != Receipt.NO_SESSION && epoch >= ringEpoch;
  }

  /** Everything that the sender sends later is above this hybrid time; 0 promises nothing. */
  public long floor() {
    return floor;
  }
}
