package io.kindred.wire;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * The sending end of a stream of messages in fragments: cuts them, and lets only so many pieces be
 * on their way. One session; what goes wrong is answered by a new one.
 *
 * <p>Invariant: {@code acknowledged <= next sequence <= acknowledged + window}.
 */
public final class FragmentSender {

  /** Half a frame of Artery's: room for what the serializer and the envelope add. */
  public static final int PIECE_BYTES_MAX = 128 << 10;

  private final long session;
  private final int window;
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private int offset;
  private long queuedBytes;
  private long queuedPieces;
  private long next;
  private long acknowledged;

  /**
   * @param session see {@link Fragment#session}
   * @param window how many pieces may be on their way
   */
  public FragmentSender(long session, int window) {
    if (window < 1) {
      throw new IllegalArgumentException("a window of " + window + " lets nothing pass");
    }
    this.session = session;
    this.window = window;
  }

  /**
   * Takes a message to be sent behind those before it. The array is handed over.
   *
   * @return the sequence of the message's last piece
   */
  public long offer(byte[] message) {
    waiting.add(message);
    queuedBytes += message.length;
    queuedPieces += pieces(message.length);
    return next + queuedPieces - 1;
  }

  /** The next piece, to be sent now; empty where nothing waits or the window is full. */
  public Optional<Fragment> poll() {
    if (waiting.isEmpty() || isFull()) {
      return Optional.empty();
    }
    byte[] message = waiting.peek();
    int end = Math.min(message.length, offset + PIECE_BYTES_MAX);
    boolean whole = offset == 0 && end == message.length;
    byte[] piece = whole ? message : Arrays.copyOfRange(message, offset, end);
    boolean last = end == message.length;
    queuedBytes -= end - offset;
    queuedPieces--;
    offset = last ? 0 : end;
    if (last) {
      waiting.remove();
    }
    return Optional.of(new Fragment(session, next++, last, piece));
  }

  /**
   * The receiver has all pieces below {@code upTo}. Older news is ignored; so is news of what was
   * never sent.
   */
  public void acknowledge(long upTo) {
    if (upTo > acknowledged && upTo <= next) {
      acknowledged = upTo;
    }
  }

  /** Whether the piece of this sequence has been sent. */
  public boolean hasSent(long sequence) {
    return sequence < next;
  }

  /** Whether as many pieces are on their way as may be. */
  public boolean isFull() {
    return next - acknowledged >= window;
  }

  /** Bytes that wait for the window. */
  public long queuedBytes() {
    return queuedBytes;
  }

  public long session() {
    return session;
  }

  private static long pieces(int length) {
    return Math.max(1, (length + (long) PIECE_BYTES_MAX - 1) / PIECE_BYTES_MAX);
  }
}
