package io.kindred.reconcile;

import io.kindred.ring.NodeId;
import io.kindred.wire.WireMessage;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a run found and did.
 *
 * @param id the run's
 * @param state RUNNING, COMPLETED, or FAILED with {@code reason}
 * @param startedAtMillis since 1970
 * @param tookMillis so far, or in all
 * @param shardsDone of {@code shardsAll}
 * @param shardsInSync of those compared, in which nothing had to be repaired; none of a participant
 *     that did not take what it lacked
 * @param shardsNotCompared of those done, in which fewer than two participants answered to the end
 * @param slotsCompared how many slots had their digests compared
 * @param slotsDiffering how many of them differed at the first look, writes in flight included
 * @param slotsStillDiffering how many differed when compared again after the repair
 * @param nodes one row a participant
 * @param bytesListed of elements read by the engine
 * @param bytesRecommended of elements sent by it
 * @param reason why it failed; empty otherwise
 */
public record RunReport(
    String id,
    State state,
    long startedAtMillis,
    long tookMillis,
    int shardsDone,
    int shardsAll,
    int shardsInSync,
    int shardsNotCompared,
    int slotsCompared,
    int slotsDiffering,
    int slotsStillDiffering,
    List<NodeReport> nodes,
    long bytesListed,
    long bytesRecommended,
    String reason)
    implements WireMessage {

  /** How far a run is. */
  public enum State {
    RUNNING,
    COMPLETED,
    FAILED
  }

  /**
   * What a run found of one participant.
   *
   * @param rack the participant's
   * @param skipped why it was left out; empty where it answered everything
   * @param missing elements that it lacked and has now
   * @param stale elements of which it had an older one and has the newest now
   * @param superseded recommended elements that something newer had overtaken meanwhile
   * @param shardsCompared how many of its shards were compared to the end, with whoever answered
   * @param shardsUnproven how many of its shards done so far were not compared with every
   *     participant that the plan names for them, or were done when it had failed to take what it
   *     lacked
   * @param remark what else to know of it: why it did not take what it lacked; or a feed that did
   *     not arrive in time, so that {@code missing} and {@code stale} may count writes in flight;
   *     empty otherwise
   */
  public record NodeReport(
      NodeId node,
      String rack,
      String skipped,
      long missing,
      long stale,
      long superseded,
      int shardsCompared,
      int shardsUnproven,
      String remark) {}

  /** The same run, ended before its time. */
  public RunReport failed(String why) {
    return new RunReport(
        id,
        State.FAILED,
        startedAtMillis,
        tookMillis,
        shardsDone,
        shardsAll,
        shardsInSync,
        shardsNotCompared,
        slotsCompared,
        slotsDiffering,
        slotsStillDiffering,
        nodes,
        bytesListed,
        bytesRecommended,
        why);
  }

  /**
   * Who was compared in all of its shards with everybody that the plan names for them, and took
   * what it lacked.
   */
  public SortedSet<NodeId> whole() {
    return nodes.stream()
        .filter(row -> row.skipped().isEmpty() && row.shardsUnproven() == 0)
        .map(NodeReport::node)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Whether the run came to its end, compared {@code node} in every one of its shards with every
   * participant that the plan names for the shard, and found nothing to repair at it. False as soon
   * as any of them was left out, at any point and for whatever reason: who was not asked may hold
   * what the node lacks. What another participant lacks, and could not be given, is no reason.
   */
  public boolean provesComplete(NodeId node) {
    return state == State.COMPLETED
        && nodes.stream()
            .filter(row -> row.node().equals(node))
            .anyMatch(
                row ->
                    row.skipped().isEmpty()
                        && row.shardsCompared() > 0
                        && row.shardsUnproven() == 0
                        && row.missing() == 0
                        && row.stale() == 0);
  }
}
