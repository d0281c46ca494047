package io.kindred.wire;

/**
 * One piece of a message on a stream of messages from one sender to one receiver.
 *
 * @param session counts the times that the sender has begun anew; a higher one replaces all that
 *     was before
 * @param sequence counts the session's pieces, from 0
 * @param last whether a message ends here
 * @param bytes at most {@link FragmentSender#PIECE_BYTES_MAX}
 */
@SuppressWarnings("ArrayRecordComponent") // sent once and never compared
public record Fragment(long session, long sequence, boolean last, byte[] bytes) {

  public Fragment {
    if (bytes.length > FragmentSender.PIECE_BYTES_MAX) {
      throw new IllegalArgumentException("a piece of " + bytes.length + " bytes is no fragment");
    }
  }
}
