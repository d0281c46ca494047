package io.kindred.warmup.actor;

import io.kindred.ring.Phase;
import io.kindred.warmup.Claim;
import io.kindred.warmup.Progress.Move;
import io.kindred.warmup.WarmUp;
import io.kindred.warmup.WarmUpEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a node manager keeps over restarts.
 *
 * @param warmUp where the warm-up stood; told to operators, never gone on from
 * @param streamedFor the claim for which {@code streamed} counts
 * @param streamed shards that were streamed to their end. A hint only: they are not streamed again,
 *     but compared like all others, so that it does no harm where the data is gone
 * @param moves the last moves, oldest first
 */
public record KeptState(
    WarmUp warmUp, Optional<Claim> streamedFor, SortedSet<Integer> streamed, List<Move> moves) {

  /** What is kept before the first start. */
  static final KeptState EMPTY =
      new KeptState(WarmUp.BEGIN, Optional.empty(), Collections.emptySortedSet(), List.of());

  // A warm-up has five moves; this keeps the last ten of them, and the state below 16 KiB.
  private static final int MOVES_MAX = 50;

  public KeptState {
    streamed = Collections.unmodifiableSortedSet(new TreeSet<>(streamed));
    moves = List.copyOf(moves);
  }

  /** A start begins at STANDBY, whatever was kept. */
  KeptState started(long now) {
    Move move =
        new Move(
            now,
            warmUp.phase(),
            Phase.STANDBY,
            "Started",
            "a start proves nothing of the data, whatever was noted before it");
    return new KeptState(WarmUp.BEGIN, streamedFor, streamed, with(move));
  }

  /** What is kept after a step. */
  KeptState after(WarmUp.Step step, WarmUpEvent event, long now) {
    Phase to = step.next().phase();
    List<Move> moved =
        to == warmUp.phase()
            ? moves
            : with(new Move(now, warmUp.phase(), to, event.toString(), step.because()));
    if (event instanceof WarmUpEvent.SuccessionGranted granted) {
      boolean goesOn = streamedFor.filter(granted.claim()::sameAs).isPresent();
      SortedSet<Integer> known = goesOn ? streamed : Collections.emptySortedSet();
      return new KeptState(step.next(), Optional.of(granted.claim()), known, moved);
    }
    if (event instanceof WarmUpEvent.ShardStreamed one) {
      SortedSet<Integer> more = new TreeSet<>(streamed);
      more.add(one.shard());
      return new KeptState(step.next(), streamedFor, more, moved);
    }
    boolean over = to == Phase.MASTER || to == Phase.STANDBY;
    return over
        ? new KeptState(step.next(), Optional.empty(), Collections.emptySortedSet(), moved)
        : new KeptState(step.next(), streamedFor, streamed, moved);
  }

  private List<Move> with(Move move) {
    List<Move> more = new ArrayList<>(moves);
    more.add(move);
    return more.subList(Math.max(0, more.size() - MOVES_MAX), more.size());
  }

  /** The reason of the last move. */
  String because() {
    return moves.isEmpty() ? "" : moves.get(moves.size() - 1).because();
  }
}
