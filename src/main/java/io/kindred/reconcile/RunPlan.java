package io.kindred.reconcile;

import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What one comparison covers. A reconciliation compares all owners of all shards and repairs all of
 * them; a warm-up's verification does the same with a new node and the other owners of its shards.
 *
 * @param id tells runs apart, in reports and in logs
 * @param ring decides who takes part: for each shard its owners, cut to {@code participants}
 * @param shards which shards, ascending
 * @param participants whose copies are compared: owners, successors, or former nodes
 * @param targets which of them are repaired
 * @param answerWithin how long a node may take for one answer before it is skipped
 */
public record RunPlan(
    String id,
    Ring ring,
    List<Integer> shards,
    List<NodeId> participants,
    List<NodeId> targets,
    Duration answerWithin) {

  public RunPlan {
    shards = List.copyOf(shards);
    participants = List.copyOf(participants);
    targets = List.copyOf(targets);
  }

  /** A plan to compare all owners of all shards, and to repair all of them. */
  public static RunPlan ofAllOwners(String id, Ring ring, Duration answerWithin) {
    List<Integer> shards = IntStream.range(0, ring.shards().count()).boxed().toList();
    List<NodeId> owners =
        shards.stream().flatMap(s -> ring.owners(s).stream()).distinct().sorted().toList();
    return new RunPlan(id, ring, shards, owners, owners, answerWithin);
  }

  /** A plan to compare some owners in the shards that at least two of them own. */
  public static RunPlan among(List<NodeId> some, String id, Ring ring, Duration answerWithin) {
    List<Integer> shards =
        IntStream.range(0, ring.shards().count())
            .filter(s -> ring.owners(s).stream().filter(some::contains).count() >= 2)
            .boxed()
            .toList();
    return new RunPlan(id, ring, shards, some, some, answerWithin);
  }

  /**
   * Who is to be compared in a shard, cut to the participants: whoever the ring feeds it to, and
   * former nodes, which may have something of any.
   */
  public List<NodeId> participantsOf(int shard) {
    return Stream.concat(ring.fed(shard).stream(), ring.former().stream().map(Member::id))
        .filter(participants::contains)
        .toList();
  }
}
