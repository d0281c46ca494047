package io.kindred.replication;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where the feed of a lane to a peer begins.
 *
 * @param cursor where
 * @param incomplete whether the log no longer has something that the peer may lack, so that only a
 *     reconciliation can make it whole
 */
public record FeedStart(Cursor cursor, boolean incomplete) {

  /**
   * A lane's log as the feeds found it.
   *
   * @param recoveredEnd where it ended before anything of this boot was put into it
   */
  public record Log(long generation, long oldest, long recoveredEnd, long end) {}

  /**
   * A peer that was there before this node started watching the ring: at its stored cursor or, if
   * there is none, at the oldest there is. A cursor is of the log as it was one unclean stop ago at
   * most: of two, the first may have taken positions back that were then given to other writes.
   */
  public static FeedStart known(Optional<Cursor> stored, Log log) {
    Cursor cursor =
        stored
            .filter(found -> found.generation() >= log.generation() - 1)
            .map(found -> found.inLog(log.generation(), log.recoveredEnd()))
            .orElseGet(() -> Cursor.at(log.generation(), 0));
    return cursor.applied() >= log.oldest()
        ? new FeedStart(cursor, false)
        : new FeedStart(Cursor.at(log.generation(), log.oldest()), true);
  }

  /**
   * A peer, or a shard of a peer, that the ring named while this node watched: at the oldest
   * position that some other peer, from which it may be streaming, has not applied. What lies below
   * is at all those peers, so that a copy streamed from any of them from now on has it; what lies
   * above comes by the feed. A write between, accepted here and not yet applied at the source of
   * the stream, would be in neither.
   *
   * @param leastApplied the least applied cursor of those other peers
   */
  public static FeedStart newcomer(OptionalLong leastApplied, Log log) {
    long position = Math.min(leastApplied.orElse(log.end()), log.end());
    return new FeedStart(
        Cursor.at(log.generation(), Math.max(position, log.oldest())), position < log.oldest());
  }

  /** How far a peer is diverged whose lanes begin so; empty where it is not. */
  public static Optional<Divergence> divergence(
      List<FeedStart> starts, Optional<Divergence> before, long nowMillis) {
    boolean incomplete = starts.stream().anyMatch(FeedStart::incomplete);
    return incomplete ? Optional.of(Divergence.gaveUp(before, nowMillis)) : before;
  }
}
