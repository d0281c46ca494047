package io.kindred.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProposerTest {

  private static final Ballot BALLOT = Ballot.first("me");

  private static Proposer<Integer, String> ofThree() {
    return Proposer.begin(BALLOT, "mine", some -> some.size() >= 2);
  }

  private static Answer<String> promised(long round, String value) {
    return new Answer.Promised<>(
        BALLOT, Optional.of(new Acceptance<>(new Ballot(round, "other"), value)));
  }

  @Test
  void putsForwardItsOwnWhereNothingWasAccepted() {
    Answer<String> blank = new Answer.Promised<>(BALLOT, Optional.empty());
    Proposer.Step<Integer, String> step = ofThree().on(1, blank).next().on(2, blank);
    assertThat(step.action())
        .contains(new Proposer.Action.Ask<>(new Request.Accept<>(BALLOT, "mine")));
  }

  @Test
  void adoptsTheValueOfTheHighestBallot() {
    Proposer.Step<Integer, String> step =
        ofThree().on(1, promised(7, "newer")).next().on(2, promised(3, "older"));
    assertThat(step.action())
        .contains(new Proposer.Action.Ask<>(new Request.Accept<>(BALLOT, "newer")));
  }

  @Test
  void theSameVoterTwiceIsOneVoter() {
    Answer<String> blank = new Answer.Promised<>(BALLOT, Optional.empty());
    assertThat(ofThree().on(1, blank).next().on(1, blank).next().stage())
        .isEqualTo(Proposer.Stage.PREPARING);
  }

  @Test
  void leapsOverTheBallotThatRefusedIt() {
    Proposer.Step<Integer, String> step =
        ofThree().on(1, new Answer.Refused<>(BALLOT, new Ballot(41, "other")));
    assertThat(step.next().ballot()).isEqualTo(new Ballot(42, "me"));
    assertThat(step.action())
        .contains(new Proposer.Action.AskAfterPause<>(new Request.Prepare<>(new Ballot(42, "me"))));
  }

  @Test
  void answersToAnEarlierBallotChangeNothing() {
    Proposer<Integer, String> again =
        ofThree().on(1, new Answer.Refused<>(BALLOT, new Ballot(41, "other"))).next();
    assertThat(again.on(1, promised(7, "newer")).next()).isSameAs(again);
  }

  @Test
  void anAcceptorRefusesWhatIsBelowItsPromise() {
    Ballot high = new Ballot(5, "high");
    Acceptor<String> bound = Acceptor.<String>blank().on(new Request.Prepare<>(high)).next();
    Acceptor.Step<String> step = bound.on(new Request.Accept<>(new Ballot(4, "low"), "late"));
    assertThat(step.answer()).isEqualTo(new Answer.Refused<>(new Ballot(4, "low"), high));
    assertThat(step.next()).isEqualTo(bound);
  }
}
