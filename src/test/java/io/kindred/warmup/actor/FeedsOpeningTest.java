package io.kindred.warmup.actor;

import static io.kindred.warmup.actor.Stage.ONE;
import static io.kindred.warmup.actor.Stage.SELF;
import static io.kindred.warmup.actor.Stage.THREE;
import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.membership.ClusterView;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.storage.actor.NodeProtocol;
import io.kindred.storage.actor.NodeProtocol.AwaitFedUnder;
import io.kindred.warmup.Claim;
import io.kindred.warmup.Rings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FeedsOpeningTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Ring RING =
      Rings.with(Rings.of(3, 4, SELF), 2, Rings.node(2), Optional.of(SELF.id()));

  private final ActorTestKit kit = ActorTestKit.create();
  private final TestProbe<NodeProtocol.Command> node = kit.createTestProbe();
  private final TestProbe<FeedsOpening.Report> reports = kit.createTestProbe();

  @AfterEach
  void close() {
    kit.shutdownTestKit();
  }

  private static ClusterView seeing(NodeId... reachable) {
    return new ClusterView(SELF, Optional.of(RING), Map.of(), Set.of(reachable));
  }

  private ActorRef<FeedsOpening.Command> opening(ClusterView view) {
    Claim claim = Claim.of(RING, SELF.id()).orElseThrow();
    Duration retry = Duration.ofMillis(50);
    WarmUpSettings settings =
        new WarmUpSettings(2, SOON, SOON, SOON, SOON, retry, SOON, SOON, Optional.empty());
    Surroundings around =
        new Surroundings(SELF, null, node.ref(), null, null, null, null, null, settings);
    return kit.spawn(FeedsOpening.create(claim, view, around, reports.ref()));
  }

  private AwaitFedUnder question() {
    return (AwaitFedUnder) node.receiveMessage(SOON);
  }

  private static void answer(AwaitFedUnder question, NodeId... missing) {
    question.replyTo().tell(new NodeProtocol.FedUnder(question.epoch(), set(missing)));
  }

  private static SortedSet<NodeId> set(NodeId... nodes) {
    return new TreeSet<>(Set.of(nodes));
  }

  @Test
  void saysWhoFeeds() {
    opening(seeing(ONE, THREE));
    AwaitFedUnder question = question();
    assertThat(question.origins()).containsExactly(ONE, THREE);
    answer(question);
    assertThat(reports.receiveMessage(SOON)).isEqualTo(new FeedsOpening.Opened(set(ONE, THREE)));
  }

  @Test
  void whoWentOutOfReachIsNotSaidToFeed() {
    ActorRef<FeedsOpening.Command> opening = opening(seeing(ONE, THREE));
    AwaitFedUnder question = question();
    opening.tell(new FeedsOpening.Viewed(seeing(ONE)));
    answer(question, THREE);
    assertThat(reports.receiveMessage(SOON)).isEqualTo(new FeedsOpening.Opened(set(ONE)));
  }

  @Test
  void anOverdueAnswerIsNotTakenForThatOfALaterQuestion() {
    ActorRef<FeedsOpening.Command> opening = opening(seeing(ONE));
    AwaitFedUnder first = question();
    opening.tell(new FeedsOpening.Viewed(seeing(ONE, THREE)));
    AwaitFedUnder second = question();
    assertThat(second.origins()).as("asked again, as the first is overdue").contains(THREE);
    answer(first);
    answer(second, THREE);
    assertThat(reports.receiveMessage(SOON))
        .as("the first was not about " + THREE)
        .isEqualTo(new FeedsOpening.WaitingFor(set(THREE)));
  }
}
