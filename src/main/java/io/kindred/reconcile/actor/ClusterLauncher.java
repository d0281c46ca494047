package io.kindred.reconcile.actor;

import io.kindred.reconcile.RunPlan;
import io.kindred.reconcile.RunReport;
import io.kindred.replication.actor.Feeds;
import io.kindred.replication.actor.WatermarkKeeper;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.storage.actor.Peers;
import java.util.SortedSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * Runs between the nodes of the cluster. When one has ended, the nodes that were compared with
 * everybody are told so: whoever took one of them for diverged need not do so any longer.
 */
record ClusterLauncher(Peers peers) implements Reconciler.Launcher {

  @Override
  public Behavior<Run.Command> apply(RunPlan plan, ActorRef<RunReport> listener) {
    return Run.create(plan, peers, listener);
  }

  @Override
  public void completed(Ring ring, RunReport report) {
    SortedSet<NodeId> whole = report.whole();
    Feeds.Reconciled news = new Feeds.Reconciled(whole, report.startedAtMillis());
    for (NodeId node : whole) {
      ring.member(node)
          .ifPresent(
              member -> {
                peers.actor(member, Feeds.NAME).tell(news);
                peers
                    .actor(member, WatermarkKeeper.NAME)
                    .tell(new WatermarkKeeper.Reconciled(whole, report.startedAtMillis()));
              });
    }
  }
}
