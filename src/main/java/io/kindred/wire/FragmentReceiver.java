package io.kindred.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * The receiving end of a stream of messages in fragments: puts them together again, in order, and
 * notices where one is missing. Holds at most one unfinished message.
 */
public final class FragmentReceiver {

  /** What a fragment brought. */
  public sealed interface Received {

    /** The message goes on. */
    record More() implements Received {}

    /** A message is whole. */
    @SuppressWarnings("ArrayRecordComponent") // handed on and never compared
    record Message(byte[] bytes) implements Received {}

    /** A fragment of a session that is over, or one that was here before; to be ignored. */
    record Stale() implements Received {}

    /** The stream is broken and must begin anew; the reason is for people. */
    record Broken(String reason) implements Received {}
  }

  private static final Received MORE = new Received.More();
  private static final Received STALE = new Received.Stale();

  private final long messageBytesMax;
  private final List<byte[]> pieces = new ArrayList<>();
  private long pieceBytes;
  private long session = Long.MIN_VALUE;
  private long expected;

  /** How large a message may be; a larger one breaks the stream. */
  public FragmentReceiver(long messageBytesMax) {
    this.messageBytesMax = Math.min(messageBytesMax, Integer.MAX_VALUE - 8);
  }

  /** Takes the next fragment. */
  public Received accept(Fragment fragment) {
    if (fragment.session() < session) {
      return STALE;
    }
    if (fragment.session() > session) {
      session = fragment.session();
      expected = 0;
      forget();
    }
    if (fragment.sequence() < expected) {
      return STALE;
    }
    if (fragment.sequence() > expected) {
      return new Received.Broken(
          "fragment " + expected + " was lost before " + fragment.sequence() + " came");
    }
    if (pieceBytes + fragment.bytes().length > messageBytesMax) {
      forget();
      return new Received.Broken("a message is larger than " + messageBytesMax + " bytes");
    }
    expected++;
    if (fragment.last() && pieces.isEmpty()) {
      return new Received.Message(fragment.bytes());
    }
    pieces.add(fragment.bytes());
    pieceBytes += fragment.bytes().length;
    return fragment.last() ? new Received.Message(joined()) : MORE;
  }

  /** How many fragments of the session have come: what to acknowledge. */
  public long received() {
    return expected;
  }

  /** The session of the newest fragment; lower than any number where none has come. */
  public long session() {
    return session;
  }

  /** Whether a message has begun and is not whole. */
  public boolean isWithinMessage() {
    return !pieces.isEmpty();
  }

  private byte[] joined() {
    byte[] message = new byte[(int) pieceBytes];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, message, at, piece.length);
      at += piece.length;
    }
    forget();
    return message;
  }

  private void forget() {
    pieces.clear();
    pieceBytes = 0;
  }
}
