package io.kindred.replication;

import java.time.Duration;

/**
 * The measures of a feed to one peer.
 *
 * @param windowBytes what may be on its way without having been acknowledged, all lanes together
 * @param windowPieces the same, in messages
 * @param pieceBytes the most that one message carries; frames over 256 KiB would be dropped
 * @param retentionBytes a peer further behind a log's end than this is diverged
 * @param resendAfter how long the feed waits for progress before it asks what has arrived
 * @param resendAtMost up to which the wait doubles while there is no answer; also how often an idle
 *     feed makes itself heard
 * @param holdEmpty how long "nothing for you" may wait for something that goes with it
 */
public record FeedSettings(
    long windowBytes,
    int windowPieces,
    int pieceBytes,
    long retentionBytes,
    Duration resendAfter,
    Duration resendAtMost,
    Duration holdEmpty) {

  private static final int PIECE_BYTES_MAX = 192 * 1024;

  public FeedSettings {
    if (pieceBytes < 1 || pieceBytes > PIECE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a feed's message has 1 to " + PIECE_BYTES_MAX + " bytes, not " + pieceBytes);
    }
    if (windowBytes < 1 || windowPieces < 1 || retentionBytes < 1) {
      throw new IllegalArgumentException(
          "a feed's window and retention are positive: "
              + (windowBytes + ", " + windowPieces + ", " + retentionBytes));
    }
  }

  /** The configured measures, with the usual waits. */
  public static FeedSettings of(long windowBytes, int pieceBytes, long retentionBytes) {
    // 32 messages are a round trip's worth at one message a millisecond, the pace of a busy feed.
    return new FeedSettings(
        windowBytes,
        32,
        pieceBytes,
        retentionBytes,
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofMillis(100));
  }

  /** A lane's share of the window. At least two messages, so that one can follow another. */
  public Window laneWindow(int lanes) {
    return new Window(
        Math.max(1, windowBytes / lanes), Math.max(2, windowPieces / lanes), pieceBytes);
  }

  /** A lane's share of the window to a peer. */
  public record Window(long bytes, int pieces, int pieceBytes) {}

  /** How long to wait after so many questions without an answer. */
  public Duration patience(int unanswered) {
    Duration doubled = resendAfter.multipliedBy(1L << Math.min(unanswered, 10));
    return doubled.compareTo(resendAtMost) < 0 ? doubled : resendAtMost;
  }
}
