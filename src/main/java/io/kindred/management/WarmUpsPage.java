package io.kindred.management;

import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
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
          List.of(),
          0,
          0,
          0,
          "",
          List.of());
    }

    /** Whether nothing more will happen by itself. */
    public boolean ended() {
      return phase == Phase.MASTER || phase == Phase.FAILED;
    }
  }

  /** A change of phase, when, and why. */
  public record Move(Phase from, Phase to, long atMillis, String because) {}
}
