package io.kindred.management;

import io.kindred.membership.ClusterView;
import io.kindred.replication.actor.FeedInbox;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.ring.RingChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an operator would give up, told before it is done: {@code GET /kindred/v1/nodes/NODE/forget}
 * and {@code GET /kindred/v1/ring/recovery}. A POST to the same path does it.
 *
 * @param epoch of the ring that this is about
 * @param nodes that would be given up, sorted
 * @param allowed whether the ring would take it
 * @param refusal why not; empty where it is allowed
 * @param losses what may be lost, and what follows, a sentence each
 * @param held how far each node in reach has the log of the one to be forgotten; empty for a
 *     recovery
 */
public record LossPage(
    long epoch,
    List<NodeId> nodes,
    boolean allowed,
    String refusal,
    List<String> losses,
    List<HeldRow> held) {

  /**
   * How far a node has another's log.
   *
   * @param positions applied, lane by lane; -1 where it was not fed since it started; no lane at
   *     all where that holds for all
   */
  public record HeldRow(NodeId node, List<Long> positions) {}

  /** What a POST leads to: the ring as of that epoch shows it. */
  public record Done(long epoch) {}

  /** What it means to forget a node. */
  static LossPage ofForgetting(Ring ring, NodeId node, List<FeedInbox.Received> received) {
    List<String> losses = new ArrayList<>();
    losses.add(
        "what "
            + node
            + " acknowledged and had not fed to another owner is lost for good: of each lane of its"
            + " log, all beyond the positions below");
    int seats = ring.ownedBy(node).size();
    if (seats > 0) {
      losses.add(
          "its "
              + seats
              + " shards stay under its name, served by other racks, until another node of its rack"
              + " takes them");
    }
    losses.add("no copy has to be proven against it any more, and nothing waits for it");
    losses.add(
        "it can never come back as "
            + node
            + ": its data directory must be moved away before it starts again, empty");
    List<HeldRow> held =
        received.stream().map(each -> new HeldRow(each.node(), each.applied())).toList();
    return of(ring, List.of(node), new RingChange.Forget(node), losses, held);
  }

  /** What it means to go on with the voters in reach. */
  static LossPage ofRecovery(ClusterView view) {
    Ring ring = view.ring().orElseThrow();
    SortedSet<NodeId> living = new TreeSet<>(ring.voters());
    living.retainAll(view.reachable());
    SortedSet<NodeId> gone = new TreeSet<>(ring.voters());
    gone.removeAll(living);
    List<String> losses =
        List.of(
            living + " would go on without " + gone,
            "what only those acknowledged is lost unless they come back: at dc_one whatever they had"
                + " not fed to a node in reach, at quorum levels whatever a majority of racks among"
                + " them acknowledged",
            "if they are alive elsewhere they may have gone on, or may go on, by themselves: two rings"
                + " that refuse each other for good, and one side has to be given up with what it"
                + " accepted; see to it that they are down, or at least cut off from their clients",
            "one of them that comes back, and has decided nothing meanwhile, follows this ring and"
                + " returns to its seats");
    return of(ring, List.copyOf(gone), new RingChange.Recover(living, 0), losses, List.of());
  }

  private static LossPage of(
      Ring ring, List<NodeId> nodes, RingChange change, List<String> losses, List<HeldRow> held) {
    String refusal =
        RingChanges.apply(ring, change) instanceof RingChanges.NotAllowed not ? not.reason() : "";
    return new LossPage(ring.epoch(), nodes, refusal.isEmpty(), refusal, losses, held);
  }
}
