package io.kindred.warmup;

import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.wire.WireMessage;
import java.util.List;

/**
 * How far one node's warm-up is, for operators.
 *
 * @param node whose
 * @param rack its rack
 * @param phase where it stands
 * @param because why it stands there
 * @param waitingFor what keeps it there, with names; empty where nothing does
 * @param shardsDone streamed to their end, of {@code shardsAll}; both 0 while there is nothing to
 *     stream
 * @param elements received from sources in this warm-up
 * @param bytes of them
 * @param bytesPerSecond of late
 * @param secondsLeft of streaming, as far as one can tell; -1 where one cannot
 * @param sources who sent what
 * @param retries streams that broke and went on elsewhere
 * @param startedAtMillis when this warm-up began, since 1970; 0 before
 * @param movesMade since the process started
 * @param history the last moves from phase to phase, oldest first, those before a restart included
 */
public record Progress(
    NodeId node,
    String rack,
    Phase phase,
    String because,
    String waitingFor,
    int shardsDone,
    int shardsAll,
    long elements,
    long bytes,
    long bytesPerSecond,
    long secondsLeft,
    List<SourceShare> sources,
    int retries,
    long startedAtMillis,
    long movesMade,
    List<Move> history)
    implements WireMessage {

  /** What one source node sent, and how many shards it was asked for. */
  public record SourceShare(NodeId source, int shards, long bytes) {}

  /**
   * One move from phase to phase.
   *
   * @param cause the event
   * @param because the reason that the table of moves gives
   */
  public record Move(long atMillis, Phase from, Phase to, String cause, String because) {}
}
