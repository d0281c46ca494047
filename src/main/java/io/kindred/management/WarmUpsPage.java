package io.kindred.management;

import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import io.kindred.warmup.Progress;
import java.util.List;

/** {@code GET /kindred/v1/warmups}: how far each node is on its way to being a master. */
public record WarmUpsPage(List<WarmUpRow> warmUps) {

  /**
   * One node's way. A node that does not answer has only its phase, as last announced.
   *
   * @param answered whether the node itself told this
   * @param shardsDone of {@code shardsAll} that it is to hold
   * @param bytesStreamed received from sources so far
   * @param bytesPerSecond lately
   * @param secondsLeft of streaming, as far as one can tell; -1 where one cannot
   * @param sources nodes that it streams from now
   * @param retries streams begun again
   * @param startedAtMillis when it began, in ms since 1970; 0 where unknown
   * @param tookMillis so far, or until it became a master
   * @param remark what it waits for or why it failed; may be empty
   * @param moves the phases it went through, oldest first
   */
  public record WarmUpRow(
      NodeId node,
      String rack,
      Phase phase,
      boolean answered,
      int shardsDone,
      int shardsAll,
      long bytesStreamed,
      long bytesPerSecond,
      long secondsLeft,
      List<String> sources,
      int retries,
      long startedAtMillis,
      long tookMillis,
      String remark,
      List<Move> moves) {

    /** Of a node that tells nothing itself. */
    static WarmUpRow unanswered(Member member, Phase announced) {
      return new WarmUpRow(
          member.id(),
          member.rack(),
          announced,
          false,
          0,
          0,
          0,
          0,
          -1,
          List.of(),
          0,
          0,
          0,
          "",
          List.of());
    }

    /** As the node itself tells it. */
    static WarmUpRow of(Progress progress, long nowMillis) {
      List<Move> moves =
          progress.history().stream()
              .map(move -> new Move(move.from(), move.to(), move.atMillis(), move.because()))
              .toList();
      boolean ended = hasEnded(progress.phase());
      long until = ended && !moves.isEmpty() ? moves.get(moves.size() - 1).atMillis() : nowMillis;
      return new WarmUpRow(
          progress.node(),
          progress.rack(),
          progress.phase(),
          true,
          progress.shardsDone(),
          progress.shardsAll(),
          progress.bytes(),
          progress.bytesPerSecond(),
          progress.secondsLeft(),
          progress.sources().stream().map(share -> share.source().name()).toList(),
          progress.retries(),
          progress.startedAtMillis(),
          progress.startedAtMillis() == 0 ? 0 : Math.max(0, until - progress.startedAtMillis()),
          remark(progress),
          moves);
    }

    private static String remark(Progress progress) {
      if (!progress.waitingFor().isEmpty()) {
        return "waits for " + progress.waitingFor();
      }
      return progress.phase() == Phase.MASTER ? "" : progress.because();
    }

    private static boolean hasEnded(Phase phase) {
      return phase == Phase.MASTER || phase == Phase.FAILED;
    }

    /** Whether nothing more will happen by itself. */
    public boolean ended() {
      return hasEnded(phase);
    }
  }

  /** A change of phase, when, and why. */
  public record Move(Phase from, Phase to, long atMillis, String because) {}
}
