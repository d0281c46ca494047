package io.kindred.warmup;

import io.kindred.replication.FeedStatus;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * When a node that lost its seats has nothing left that others lack: once every owner that the ring
 * names has, past its own fsync, all that this node's log holds of its own writes, in all lanes. An
 * owner for which a feed once had to give something up must have been compared since.
 */
public final class Drain {

  private Drain() {}

  /** What is to be done next. */
  public sealed interface Next {}

  /** Some owners do not have all yet; their names, and what is missing, in words. */
  public record Wait(String waitingFor) implements Next {}

  /** The feeds have ended, but these owners were given up something: compare with them. */
  public record Compare(SortedSet<NodeId> owners) implements Next {}

  /** These, who are all present owners, have everything. */
  public record Done(SortedSet<NodeId> owners) implements Next {}

  /**
   * Judges how this node's feeds stand.
   *
   * @param inReach whom this node reaches; who is not is said to be, nothing else follows from it
   */
  public static Next next(Ring ring, FeedStatus feeds, Set<NodeId> inReach) {
    SortedSet<NodeId> owners = new TreeSet<>(ring.presentOwners());
    owners.remove(feeds.node());
    if (feeds.epoch() < ring.epoch()) {
      return new Wait("its feeds to follow ring epoch " + ring.epoch());
    }
    List<String> behind = new ArrayList<>();
    SortedSet<NodeId> diverged = new TreeSet<>();
    for (NodeId owner : owners) {
      Optional<FeedStatus.Peer> peer =
          feeds.peers().stream().filter(each -> each.peer().equals(owner)).findFirst();
      long bytes = peer.map(Drain::unsynced).orElse(Long.MAX_VALUE);
      if (bytes > 0) {
        behind.add(inWords(owner, peer.isPresent(), bytes, inReach));
      } else if (peer.filter(each -> each.divergedSince().isPresent()).isPresent()) {
        diverged.add(owner);
      }
    }
    if (!behind.isEmpty()) {
      return new Wait(String.join(", ", behind));
    }
    return diverged.isEmpty() ? new Done(owners) : new Compare(diverged);
  }

  private static long unsynced(FeedStatus.Peer peer) {
    return peer.lanes().stream()
        .mapToLong(lane -> Math.max(0, lane.end() - lane.cursor().synced()))
        .sum();
  }

  private static String inWords(NodeId owner, boolean fed, long bytes, Set<NodeId> inReach) {
    String how = !fed ? "not fed yet" : bytes + " bytes of our log are not on its disk";
    return owner + " (" + (inReach.contains(owner) ? how : "out of reach; " + how) + ")";
  }
}
