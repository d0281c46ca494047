package io.kindred.replication;

import java.util.List;

/**
 * What a receiver tells a sender of one lane: how far it has its log. Positions are contiguous:
 * everything below has come.
 *
 * @param generation of the sender's log, as the receiver knows it
 * @param session the newest session of the sender's that it knows; {@link #NO_SESSION} if none
 * @param inbox drawn by each receiver when it starts, so that the sender notices that one which has
 *     forgotten everything took the place of another
 * @param probe the newest {@link LaneFeed.Hello#probe} it has seen in this session
 * @param epoch the newest ring epoch that the sender announced in this session
 * @param applied merged, and committed to the receiver's logs
 * @param synced past the receiver's fsync
 * @param received arrived, though perhaps not merged yet
 * @param receivedPieces of the span that begins at {@code received}: how many of its first pieces
 *     have arrived
 * @param superseded what of the spans that were sent promptly was older than what the receiver has;
 *     told again until the sender has heard that the span is applied
 */
public record Receipt(
    long generation,
    long session,
    long inbox,
    int probe,
    long epoch,
    long applied,
    long synced,
    long received,
    int receivedPieces,
    List<Superseded> superseded) {

  public Receipt {
    superseded = List.copyOf(superseded);
  }

  /** One of a receiver that has nothing newer. */
  public Receipt(
      long generation,
      long session,
      long inbox,
      int probe,
      long epoch,
      long applied,
      long synced,
      long received,
      int receivedPieces) {
    this(
        generation,
        session,
        inbox,
        probe,
        epoch,
        applied,
        synced,
        received,
        receivedPieces,
        List.of());
  }

  /** Sessions are positive. */
  public static final long NO_SESSION = 0;
}
