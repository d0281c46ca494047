package io.kindred.linearizability;

import static io.kindred.linearizability.StringKey.ABSENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.linearizability.History.Operation;
import io.kindred.linearizability.StringKey.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Histories of which it is known what they are. */
class CheckerTest {

  private static final long NEVER = Long.MAX_VALUE;

  private static Operation op(int client, long called, long returned, Input input, String output) {
    return new Operation(client, called, returned, input, output);
  }

  private static Operation set(int client, long called, long returned, String value) {
    return op(client, called, returned, new Input.Set(value), "OK");
  }

  private static Operation get(int client, long called, long returned, String value) {
    return op(client, called, returned, new Input.Get(), value);
  }

  private static boolean isGood(Operation... operations) {
    return Checker.isLinearizable(new StringKey(), List.of(operations));
  }

  @Test
  void oneAfterTheOther() {
    assertThat(isGood(set(1, 1, 2, "a"), get(2, 3, 4, "a"), set(1, 5, 6, "b"), get(2, 7, 8, "b")))
        .isTrue();
    assertThat(isGood()).isTrue();
  }

  @Test
  void aReadOfWhatWasReplacedBefore() {
    assertThat(isGood(set(1, 1, 2, "a"), set(1, 3, 4, "b"), get(2, 5, 6, "a"))).isFalse();
  }

  @Test
  void aReadOfWhatNobodyWrote() {
    assertThat(isGood(set(1, 1, 2, "a"), get(2, 3, 4, "c"))).isFalse();
    assertThat(isGood(get(2, 3, 4, ABSENT))).isTrue();
  }

  @Test
  void twoReadersThatSeeTwoOrders() {
    assertThat(
            isGood(
                set(1, 1, 10, "a"), set(2, 2, 11, "b"), get(3, 12, 13, "a"), get(4, 14, 15, "b")))
        .isFalse();
    assertThat(
            isGood(
                set(1, 1, 20, "a"), set(2, 2, 21, "b"), get(3, 12, 13, "a"), get(4, 14, 15, "b")))
        .isTrue();
  }

  @Test
  void aWriteThatIsSeenIsNotUnseen() {
    assertThat(isGood(set(1, 1, 20, "a"), get(2, 2, 3, "a"), get(2, 4, 5, ABSENT))).isFalse();
  }

  @Test
  void whatNobodyKnowsMayHaveHappenedOrNot() {
    Operation unknown = op(1, 1, NEVER, new Input.Set("a"), null);
    assertThat(isGood(unknown, get(2, 2, 3, "a"))).isTrue();
    assertThat(isGood(unknown, get(2, 2, 3, ABSENT), get(2, 4, 5, "a"))).isTrue();
    assertThat(isGood(unknown, get(2, 2, 3, ABSENT))).isTrue();
    assertThat(isGood(get(2, 0, 1, "a"), op(1, 2, NEVER, new Input.Set("a"), null))).isFalse();
    assertThat(isGood(unknown, get(2, 2, 3, "a"), get(2, 4, 5, ABSENT))).isFalse();
  }

  @Test
  void aLockIsGivenToOne() {
    Input one = new Input.SetIfAbsent("1");
    Input two = new Input.SetIfAbsent("2");
    assertThat(isGood(op(1, 1, 5, one, "OK"), op(2, 2, 6, two, "OK"))).isFalse();
    assertThat(isGood(op(1, 1, 5, one, "OK"), op(2, 2, 6, two, ABSENT))).isTrue();
    assertThat(
            isGood(
                op(1, 1, 5, one, "OK"),
                op(1, 6, 9, new Input.DeleteIfEqual("1"), "1"),
                op(2, 7, 10, two, "OK")))
        .isTrue();
  }

  @Test
  void aCounterLosesNothing() {
    Input increment = new Input.Increment();
    assertThat(isGood(op(1, 1, 5, increment, "1"), op(2, 2, 6, increment, "1"))).isFalse();
    assertThat(isGood(op(1, 1, 5, increment, "2"), op(2, 2, 6, increment, "1"))).isTrue();
    assertThat(isGood(op(1, 1, 3, increment, "2"), op(2, 4, 6, increment, "1"))).isFalse();
  }

  @Test
  void compareAndSetAndGetDelete() {
    assertThat(
            isGood(
                set(1, 1, 2, "a"),
                op(1, 3, 6, new Input.SetIfEqual("a", "b"), "OK"),
                op(2, 4, 7, new Input.SetIfEqual("a", "c"), "OK")))
        .isFalse();
    assertThat(
            isGood(
                set(1, 1, 2, "a"),
                op(1, 3, 6, new Input.GetDelete(), "a"),
                op(2, 4, 7, new Input.GetDelete(), "a")))
        .isFalse();
  }

  /** What one copy really did is found to be so, and no longer where one answer is another's. */
  @Test
  void whatOneCopyDidIsGood() {
    for (long seed = 1; seed <= 40; seed++) {
      List<Operation> real = real(new Random(seed), 60);
      assertThat(Checker.isLinearizable(new StringKey(), real)).as("seed " + seed).isTrue();
      List<Operation> spoilt = new ArrayList<>(real);
      Operation last = real.get(real.size() - 1);
      spoilt.add(op(9, last.called() + 1_000_000, last.called() + 1_000_001, new Input.Get(), "x"));
      assertThat(Checker.isLinearizable(new StringKey(), spoilt)).as("seed " + seed).isFalse();
    }
  }

  /** Commands overlap as those of five clients would; each is done in the middle of its time. */
  private static List<Operation> real(Random random, int count) {
    StringKey model = new StringKey();
    String state = model.initial();
    List<Operation> history = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Input input =
          switch (random.nextInt(4)) {
            case 0 -> new Input.Set(String.valueOf(random.nextInt(3)));
            case 1 -> new Input.Increment();
            case 2 -> new Input.SetIfEqual(String.valueOf(random.nextInt(3)), "7");
            default -> new Input.Get();
          };
      String output = null;
      for (String candidate : candidates(state)) {
        if (model.step(state, input, candidate).isPresent()) {
          output = candidate;
          state = model.step(state, input, candidate).orElseThrow();
          break;
        }
      }
      long done = 1000L * i + 100_000;
      history.add(
          op(i % 5, done - random.nextInt(2000), done + 1 + random.nextInt(2000), input, output));
    }
    return history;
  }

  private static List<String> candidates(String state) {
    String next = state.equals(ABSENT) ? "1" : String.valueOf(Long.parseLong(state) + 1);
    return List.of("OK", state, next, ABSENT);
  }
}
