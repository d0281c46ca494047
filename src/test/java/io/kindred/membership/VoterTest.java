package io.kindred.membership;

import static io.kindred.ring.Rings.after;
import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.consensus.Acceptance;
import io.kindred.consensus.Acceptor;
import io.kindred.consensus.Answer;
import io.kindred.consensus.Ballot;
import io.kindred.consensus.Proposer;
import io.kindred.consensus.Request;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.ring.RingChange;
import io.kindred.ring.Rings;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VoterTest {

  private static final NodeId A = new NodeId("a1", 1);
  private static final NodeId C = new NodeId("c1", 3);
  private static final Ring FIRST = Rings.of("a1", "b1", "c1");
  private static final Ring SECOND = after(FIRST, new RingChange.DeclareLost(C));
  private static final Request<Ring> PREPARE = new Request.Prepare<>(Ballot.first("someone"));

  private static Voter blank(NodeId self) {
    return new Voter(self, Optional.empty(), 0, Acceptor.blank());
  }

  @Test
  void learnsTheRingThatAQuestionBuildsOn() {
    Voter.Step step = blank(A).on(Optional.of(SECOND), PREPARE);
    assertThat(step.next().ring()).contains(SECOND);
    assertThat(step.next().epoch()).isEqualTo(3);
    assertThat(step.outcome()).isInstanceOf(Voter.Vote.class);
  }

  @Test
  void answersASettledQuestionWithTheRing() {
    Voter informed = blank(A).informedOf(SECOND);
    assertThat(informed.on(Optional.of(FIRST), PREPARE).outcome())
        .isEqualTo(new Voter.Settled(SECOND));
    assertThat(informed.on(Optional.empty(), PREPARE).outcome())
        .isEqualTo(new Voter.Settled(SECOND));
  }

  @Test
  void aKeeperThatWakesAfterTheNextEpochHasNoSay() {
    Voter later = blank(A).on(Optional.of(SECOND), PREPARE).next();
    Voter.Step step =
        later.on(Optional.of(FIRST), new Request.Accept<>(new Ballot(99, "z"), FIRST));
    assertThat(step.outcome()).isEqualTo(new Voter.Settled(SECOND));
    assertThat(step.next()).isEqualTo(later);
  }

  @Test
  void doesNotVoteOnWhatItHasNoVoteIn() {
    assertThat(blank(C).on(Optional.of(SECOND), PREPARE).outcome())
        .isInstanceOf(Voter.NotAsked.class);
    Ring foreign =
        new Ring(7, 5, "dc", FIRST.shards(), FIRST.members(), FIRST.former(), FIRST.seats());
    Voter.Step step = blank(A).informedOf(FIRST).on(Optional.of(foreign), PREPARE);
    assertThat(step.outcome()).isInstanceOf(Voter.NotAsked.class);
    assertThat(step.next().ring()).contains(FIRST);
  }

  @Test
  void anothersFirstRingIsPreparedAmongItsOwnFounders() {
    Ring mine = Rings.of("a1", "b1");
    Ring others = Rings.of("a1", "b1", "c1");
    Election election = Election.begin(Optional.empty(), mine, Ballot.first("me"));
    Answer<Ring> accepted =
        new Answer.Promised<>(
            election.ballot(), Optional.of(new Acceptance<>(new Ballot(1, "x"), others)));
    Answer<Ring> none = new Answer.Promised<>(election.ballot(), Optional.empty());
    Election.Step step = election.on(A, accepted).next().on(new NodeId("b1", 2), none);
    assertThat(step.next().ballot()).isEqualTo(new Ballot(2, "me"));
    assertThat(step.next().voters()).isEqualTo(others.members());
    assertThat(step.action())
        .contains(new Proposer.Action.Ask<>(new Request.Prepare<>(new Ballot(2, "me"))));
  }
}
