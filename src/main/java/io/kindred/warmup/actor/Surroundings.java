package io.kindred.warmup.actor;

import io.kindred.membership.actor.RingProtocol;
import io.kindred.reconcile.RunPlan;
import io.kindred.reconcile.RunReport;
import io.kindred.replication.actor.Feeds;
import io.kindred.ring.Member;
import io.kindred.storage.actor.LocalShards;
import io.kindred.storage.actor.NodeProtocol;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * Whom a node manager deals with.
 *
 * @param self the node as it stands, or is to stand, in the ring
 * @param ring its ring keeper
 * @param node its Node actor
 * @param shards its shards
 * @param feeds what feeds its log to the others
 * @param leaving is told when the node cannot go on as the one it is
 * @param nodes how other members' Node actors are reached
 * @param comparison how copies are compared
 */
record Surroundings(
    Member self,
    ActorRef<RingProtocol.Command> ring,
    ActorRef<NodeProtocol.Command> node,
    LocalShards shards,
    ActorRef<Feeds.Command> feeds,
    ActorRef<WarmUpProtocol.Leaving> leaving,
    Function<Member, ActorRef<NodeProtocol.Command>> nodes,
    Comparison comparison,
    WarmUpSettings settings) {

  /** Makes a comparison: {@code reconcile}'s run, but in tests. */
  @FunctionalInterface
  interface Comparison {
    Behavior<?> of(RunPlan plan, ActorRef<RunReport> listener);
  }
}
