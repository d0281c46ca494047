package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Elements;
import io.kindred.entry.Key;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromisesTest {

  private static final Key KEY = Elements.key("k");
  private static final Key OTHER = Elements.key("other");

  private final List<Long> bounds = new ArrayList<>();
  private final Promises promises = new Promises(100, bounds::add);

  private static Version ballot(long time) {
    return new Version(time, 7);
  }

  @Test
  void nothingBelowAPromiseIsAccepted() {
    assertThat(promises.prepare(KEY, ballot(200), 150)).isEmpty();
    assertThat(promises.prepare(KEY, ballot(199), 150).orElseThrow().time()).isEqualTo(200);
    assertThat(promises.accept(KEY, ballot(199), 150).orElseThrow().time()).isEqualTo(200);
    assertThat(promises.prepare(OTHER, ballot(199), 150)).as("another key").isEmpty();
    assertThat(promises.accept(KEY, ballot(200), 150)).isEmpty();
  }

  @Test
  void counterExampleOfTwoProposersAtOneTimeTheFirstIsPromised() {
    assertThat(promises.prepare(KEY, new Version(200, 8), 150)).isEmpty();
    assertThat(promises.prepare(KEY, new Version(200, 9), 150)).as("the higher one").isPresent();
    assertThat(promises.accept(KEY, new Version(200, 9), 150)).isPresent();
    assertThat(promises.accept(KEY, new Version(200, 7), 150)).isPresent();
    assertThat(promises.accept(KEY, new Version(200, 8), 150)).isEmpty();
  }

  @Test
  void nothingIsPromisedOrAcceptedBelowWhatIsThere() {
    assertThat(promises.prepare(KEY, ballot(150), 150)).isPresent();
    assertThat(promises.prepare(KEY, ballot(200), 150)).isEmpty();
    // Something newer came by another way than through the promise.
    assertThat(promises.accept(KEY, ballot(200), 250)).isPresent();
  }

  @Test
  void whatAProcessBeforeMayHavePromisedIsPromised() {
    assertThat(promises.prepare(KEY, ballot(100), 0)).isPresent();
    assertThat(promises.accept(KEY, ballot(100), 0)).isPresent();
    assertThat(promises.prepare(KEY, ballot(101), 0)).isEmpty();
  }

  @Test
  void theBoundIsOnDiskBeforeAnythingIsPromised() {
    promises.prepare(KEY, ballot(200), 0);
    assertThat(bounds).containsExactly(200L);
    promises.prepare(KEY, ballot(150), 0);
    assertThat(bounds).as("nothing was promised").hasSize(1);
  }

  @Test
  void aValueIsOpenWhileSomebodyMayReplaceIt() {
    assertThat(promises.isOpen(KEY, 150)).isFalse();
    promises.prepare(KEY, ballot(200), 150);
    assertThat(promises.isOpen(KEY, 150)).isTrue();
    promises.accept(KEY, ballot(200), 150);
    assertThat(promises.isOpen(KEY, 200)).isFalse();
    assertThat(promises.isOpen(KEY, 100)).as("of a process before").isTrue();
  }

  /** Carried here behind the promise, while what was promised is accepted elsewhere. */
  @Test
  void counterExampleAValueOfThePromisesTimeByAnotherIsOpen() {
    promises.prepare(KEY, new Version(200, 8), 150);
    assertThat(promises.isOpen(KEY, 200)).isTrue();
  }

  @Test
  void whatIsForgottenIsPromisedForAll() {
    promises.prepare(KEY, ballot(5000), 0);
    for (int i = 0; i < Promises.KEPT_MAX; i++) {
      promises.prepare(Elements.key("k" + i), ballot(6000), 0);
    }
    assertThat(promises.accept(KEY, ballot(4999), 0)).isPresent();
    assertThat(promises.accept(OTHER, ballot(5000), 0)).isPresent();
    assertThat(promises.accept(OTHER, ballot(5001), 0)).isEmpty();
  }
}
