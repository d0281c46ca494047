package io.kindred.replication;

import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One lane's feed to one peer, from the sender's side: what to send next, and what an answer means.
 * Knows no clock: time comes in as milliseconds of any clock that does not go back.
 *
 * <p>A feed runs in <em>sessions</em>. A session begins at a position of the log with a {@link
 * Hello}; nothing else is sent before the peer has answered one, so a peer that is away costs a
 * small message now and then and no more. Within a session spans are sent in order, once, and again
 * if a later Hello shows that they have not arrived. A new session is begun at the peer's synced
 * position when another inbox answers than before (the peer has restarted, and may have lost what
 * it had not synced), and where the owner of the feed says so: {@link #rewind}, {@link #jump}.
 *
 * <p>Sessions of one node only grow, over restarts too; each replaces all that the receiver knew of
 * the one before, so that a feed may go on at a lower or higher position.
 *
 * <p>Invariant: the cursor never passes what one inbox said that it has applied in this session.
 */
public final class LaneFeed {

  /** Something for the peer. */
  public sealed interface Send permits Hello, Carry {}

  /**
   * Begins a session, or asks how far it is.
   *
   * @param start where the session began
   * @param epoch every own entry behind {@code start} of a shard that this epoch of the ring names
   *     the peer for is, or will be, in this session
   * @param probe counts the Hellos of this feed
   */
  public record Hello(long session, long start, long epoch, int probe) implements Send {}

  /** A piece of a span. */
  public record Carry(long session, Piece piece) implements Send {}

  /** What a receipt meant. */
  public enum Outcome {
    /** It was about another log, or another session. */
    IGNORED,
    /** The peer lives; nothing moved. */
    HEARD,
    /** The cursor or the window moved. */
    MOVED,
    /** A new session was begun, so the log must be read again from {@link #loaded}. */
    RESTARTED
  }

  private final FeedSettings settings;
  private final FeedSettings.Window limits;
  private final LongSupplier sessions;

  private Cursor cursor;
  private long epoch;
  private long session;
  private long start;
  private FeedWindow window;
  private boolean open;
  private long inbox;
  private long epochHeard;

  private boolean helloDue;
  private int probe;
  private int probeAnswered;
  private int unanswered;
  private long quietSince;
  private long resends;

  /**
   * @param cursor where the feed begins: at its synced position
   * @param epoch of the ring that the spans will be filtered by
   * @param lanes how many lanes share the window to the peer
   * @param sessions gives a number above all that it gave before, in this boot and earlier ones
   */
  public LaneFeed(
      Cursor cursor, long epoch, FeedSettings settings, int lanes, LongSupplier sessions) {
    this.settings = settings;
    this.limits = settings.laneWindow(lanes);
    this.sessions = sessions;
    this.epoch = epoch;
    begin(cursor, sessions.getAsLong());
  }

  private void begin(Cursor from, long number) {
    cursor = from.backToSynced();
    session = number;
    start = cursor.applied();
    window = new FeedWindow(start, limits);
    open = false;
    inbox = 0;
    epochHeard = 0;
    helloDue = true;
    unanswered = 0;
  }

  /**
   * Begins a new session, at {@code position} or below it where the peer had synced less, with
   * spans filtered by a ring of this epoch.
   */
  public void rewind(long position, long ringEpoch) {
    epoch = Math.max(epoch, ringEpoch);
    begin(cursor.notBeyond(position), sessions.getAsLong());
  }

  /** Gives up whatever the peer lacks below {@code position}, and begins a new session there. */
  public void jump(long position) {
    begin(Cursor.at(cursor.generation(), position), sessions.getAsLong());
  }

  /** The ring has moved on, and names the peer for no shard that it did not name it for before. */
  public void announce(long ringEpoch) {
    if (ringEpoch > epoch) {
      epoch = ringEpoch;
      helloDue = true;
    }
  }

  /** Asks the peer how far it is, now. */
  public void ask() {
    helloDue = true;
  }

  /** Whether the next span should be loaded. */
  public boolean wantsSpan() {
    return open && window.wantsSpan();
  }

  /** Takes the next span, which begins at {@link #loaded}. */
  public void load(Span span) {
    window.load(span);
  }

  /** Where the next span begins. */
  public long loaded() {
    return window.loaded();
  }

  /** What to send now; empty when there is nothing, or no room. */
  public Optional<Send> next(long now) {
    if (helloDue) {
      helloDue = false;
      quietSince = now;
      return Optional.of(new Hello(session, start, epoch, ++probe));
    }
    if (!open) {
      return Optional.empty();
    }
    boolean wasQuiet = !window.isWaiting();
    Optional<Piece> piece = window.next(probe);
    if (wasQuiet && piece.isPresent()) {
      quietSince = now;
    }
    return piece.map(next -> new Carry(session, next));
  }

  /** Takes note of an answer. */
  public Outcome onReceipt(Receipt receipt, long now) {
    if (receipt.session() > session) {
      // The receiver holds a session of ours that we have no memory of. Go above it.
      begin(cursor, Math.max(sessions.getAsLong(), receipt.session() + 1));
      return Outcome.RESTARTED;
    }
    boolean forgotten = open && receipt.inbox() != inbox;
    if (receipt.session() < session) {
      boolean knowsNone = receipt.session() == Receipt.NO_SESSION;
      return knowsNone && forgotten ? restartAtSynced() : Outcome.IGNORED;
    }
    if (receipt.generation() != cursor.generation()) {
      return Outcome.IGNORED;
    }
    if (forgotten) {
      return restartAtSynced();
    }
    boolean opened = !open;
    open = true;
    inbox = receipt.inbox();
    return progress(receipt, now) || opened ? Outcome.MOVED : Outcome.HEARD;
  }

  private Outcome restartAtSynced() {
    begin(cursor, sessions.getAsLong());
    return Outcome.RESTARTED;
  }

  private boolean progress(Receipt receipt, long now) {
    unanswered = 0;
    epochHeard = Math.max(epochHeard, receipt.epoch());
    boolean moved =
        window.acknowledge(receipt.applied(), receipt.received(), receipt.receivedPieces());
    if (receipt.applied() <= window.sent()) {
      Cursor before = cursor;
      cursor = cursor.advanced(receipt.applied(), receipt.synced());
      moved |= !before.equals(cursor);
    }
    if (moved) {
      quietSince = now;
    }
    if (receipt.probe() > probeAnswered) {
      probeAnswered = receipt.probe();
      resends += window.goBack(probeAnswered);
    }
    return moved;
  }

  /** When {@link #onTime} has something to do. */
  public long dueAt() {
    boolean waiting = !open || window.isWaiting() || epochHeard < epoch;
    return quietSince
        + (waiting ? settings.patience(unanswered) : settings.resendAtMost()).toMillis();
  }

  /** Asks the peer how far it is, where it has been quiet for too long. */
  public void onTime(long now) {
    if (now >= dueAt()) {
      unanswered++;
      helloDue = true;
    }
  }

  /** How far the peer has the log. */
  public Cursor cursor() {
    return cursor;
  }

  /** How many pieces were sent again, ever. */
  public long resends() {
    return resends;
  }

  /** Whether the peer has answered in this session. */
  public boolean isOpen() {
    return open;
  }
}
