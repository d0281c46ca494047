package io.kindred.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PromiseBookTest {

  private final PromiseBook book = new PromiseBook();

  @Test
  void nothingHoldsBeforeAllHavePassedItsPoint() {
    book.promise(10, 100);
    book.keptUpTo(9);
    assertThat(book.kept()).isZero();
    book.keptUpTo(10);
    assertThat(book.kept()).isEqualTo(100);
  }

  @Test
  void ofTwoAtOnePointTheLaterCounts() {
    book.promise(10, 100);
    book.promise(10, 200);
    book.keptUpTo(10);
    assertThat(book.kept()).isEqualTo(200);
  }

  @Property(tries = 500)
  void whatIsKeptWasPromisedAtOrBelowThePointAndTheOldestIsNeverLost(@ForAll long seed) {
    PromiseBook own = new PromiseBook();
    Random random = new Random(seed);
    List<long[]> promised = new ArrayList<>();
    long position = 0;
    long value = 0;
    long passed = 0;
    for (int i = 0; i < 300; i++) {
      position += random.nextInt(3);
      value += random.nextInt(3);
      own.promise(position, value);
      promised.add(new long[] {position, value});
      if (random.nextInt(40) == 0) {
        passed = Math.max(passed, random.nextInt((int) position + 1));
        own.keptUpTo(passed);
        long most = 0;
        for (long[] each : promised) {
          most = each[0] <= passed ? Math.max(most, each[1]) : most;
        }
        assertThat(own.kept()).isLessThanOrEqualTo(most);
      }
    }
    own.keptUpTo(position);
    assertThat(own.kept()).isEqualTo(value);
  }
}
