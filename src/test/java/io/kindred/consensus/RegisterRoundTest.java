package io.kindred.consensus;

import static io.kindred.consensus.RegisterRound.Verdict.CHOSEN;
import static io.kindred.consensus.RegisterRound.Verdict.LACKING;
import static io.kindred.consensus.RegisterRound.Verdict.OVERTAKEN;
import static io.kindred.consensus.RegisterRound.Verdict.PROMISED;
import static io.kindred.consensus.RegisterRound.Verdict.UNKNOWN;
import static io.kindred.consensus.RegisterRound.Verdict.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RegisterRoundTest {

  private final RegisterRound<String, String> round =
      new RegisterRound<>(List.of("a", "b", "c"), 2);

  private void promised() {
    round.onPromised("a", "x", false);
    round.onPromised("b", "x", false);
    round.accepting();
  }

  @Test
  void aMajorityPromisesAndThenAccepts() {
    assertThat(round.onPromised("a", "x", false)).isEqualTo(WAIT);
    assertThat(round.onPromised("a", "x", false)).as("the same once more").isEqualTo(WAIT);
    assertThat(round.onPromised("c", "y", false)).isEqualTo(PROMISED);
    assertThat(round.states()).containsExactlyInAnyOrder("x", "y");
    assertThat(round.isSettled()).isFalse();
    round.accepting();
    assertThat(round.onPromised("b", "z", false)).as("late").isEqualTo(WAIT);
    assertThat(round.onAccepted("b")).isEqualTo(WAIT);
    assertThat(round.onRefused("c")).isEqualTo(WAIT);
    assertThat(round.onAccepted("a")).isEqualTo(CHOSEN);
    assertThat(round.onRefused("c")).as("over").isEqualTo(WAIT);
    assertThat(round.onDeadline()).as("over").isEqualTo(WAIT);
  }

  @Test
  void whatAllHaveAMajorityHas() {
    round.onPromised("a", "x", false);
    round.onPromised("b", "x", false);
    assertThat(round.isSettled()).isTrue();
  }

  @Test
  void whoIsOvertakenBeforeAnybodyAcceptedMayTryAgain() {
    assertThat(round.onRefused("a")).isEqualTo(WAIT);
    assertThat(round.onPromised("b", "x", false)).isEqualTo(WAIT);
    assertThat(round.onRefused("c")).isEqualTo(OVERTAKEN);
  }

  @Test
  void whoIsRefusedByAllMayTryAgain() {
    promised();
    assertThat(round.onRefused("a")).isEqualTo(WAIT);
    assertThat(round.onRefused("b")).as("the third may accept").isEqualTo(WAIT);
    assertThat(round.onRefused("c")).isEqualTo(OVERTAKEN);
  }

  @Test
  void whatOneHasAcceptedMayComeToPass() {
    promised();
    round.onAccepted("a");
    round.onRefused("b");
    assertThat(round.onRefused("c")).isEqualTo(UNKNOWN);
  }

  @Test
  void whoIsSilentMayHaveAccepted() {
    promised();
    round.onRefused("a");
    assertThat(round.onSilent("b")).isEqualTo(UNKNOWN);
  }

  @Test
  void withoutAMajorityNothingIsPutForward() {
    assertThat(round.onSilent("a")).isEqualTo(WAIT);
    assertThat(round.onSilent("b")).isEqualTo(LACKING);
    assertThatThrownBy(round::accepting).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void timeEndsItAsFarAsItHasCome() {
    round.onPromised("a", "x", false);
    assertThat(round.onDeadline()).isEqualTo(LACKING);
    RegisterRound<String, String> later = new RegisterRound<>(List.of("a", "b", "c"), 2);
    later.onPromised("a", "x", false);
    later.onPromised("b", "x", false);
    later.accepting();
    assertThat(later.onDeadline()).isEqualTo(UNKNOWN);
  }

  /** A majority is one of all owners, not of those that can be asked. */
  @Test
  void ofFiveTwoAreNoMajority() {
    RegisterRound<String, String> five = new RegisterRound<>(List.of("a", "b"), 3);
    assertThat(five.onPromised("a", "x", false)).isEqualTo(LACKING);
  }

  @Test
  void counterExampleTheSameIsNotSettledWhereOneWaitsForAnother() {
    RegisterRound<String, String> later = new RegisterRound<>(List.of("a", "b", "c"), 2);
    later.onPromised("a", "x", false);
    later.onPromised("b", "x", true);
    assertThat(later.isSettled()).isFalse();
  }

  @Test
  void whatTheDeadlineHasEndedPutsNothingForward() {
    RegisterRound<String, String> later = new RegisterRound<>(List.of("a", "b", "c"), 2);
    later.onPromised("a", "x", false);
    later.onPromised("b", "x", false);
    assertThat(later.isEnded()).isFalse();
    later.onDeadline();
    assertThat(later.isEnded()).isTrue();
  }
}
