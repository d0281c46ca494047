package io.kindred.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class SnapshotBookTest {

  @Test
  void aShardWithoutASnapshotNeedsAllOfTheLog() {
    SnapshotBook book = book(shard -> false, 500L, null, 700L, 900L);
    assertThat(book.neededFrom(0)).isEqualTo(500);
    assertThat(book.neededFrom(1)).isZero();
  }

  @Test
  void aLaneIsDueOnceItsLogHasOutgrownBothTheSettingAndTheSnapshots() {
    SnapshotBook book = book(shard -> false, 500L, 100L, 700L, 900L);
    assertThat(book.isDue(0, upTo(1_499))).isFalse();
    assertThat(book.isDue(0, upTo(1_500))).isTrue();
    book.written(0, stored(0, 600, 3_000));
    assertThat(book.isDue(0, upTo(3_600))).as("3,100 bytes of snapshots").isFalse();
    assertThat(book.isDue(0, upTo(3_700))).isTrue();
  }

  @Test
  void theOldestIsWrittenFirstAndEachOnce() {
    SnapshotBook book = book(shard -> false, 700L, 0L, 500L, null);
    book.begin(0);
    book.beginAll();
    List<Integer> order = new ArrayList<>();
    Optional<Integer> next = book.next();
    while (next.isPresent()) {
      order.add(next.get());
      next = book.next();
    }
    assertThat(order).containsExactly(2, 0, 1, 3);
    book.beginAll();
    book.giveUp();
    assertThat(book.next()).isEmpty();
  }

  @Test
  void anIncompleteShardIsNotWrittenMakesNothingDueAndKeepsItsLog() {
    SnapshotBook book = book(shard -> shard == 1, 500L, null, 500L, 900L);
    assertThat(book.isDue(1, upTo(1_800))).isFalse();
    assertThat(book.isDue(1, upTo(1_900))).isTrue();
    assertThat(book.neededFrom(1)).isZero();
    book.begin(1);
    assertThat(book.next()).contains(3);
    assertThat(book.next()).isEmpty();
  }

  @Test
  void whatIsWholeAgainIsWrittenSoonAndUntilItIsWritten() {
    Set<Integer> incomplete = new TreeSet<>(Set.of(1, 2));
    SnapshotBook book = book(incomplete::contains, 500L, 500L, 500L, 500L);
    book.beginMended();
    assertThat(book.waiting()).isZero();
    incomplete.remove(1);
    book.beginMended();
    book.beginMended();
    assertThat(book.waiting()).isEqualTo(1);
    assertThat(book.next()).contains(1);
    book.beginMended();
    assertThat(book.waiting()).as("it is being written").isZero();
    // It fails, and is tried again.
    book.giveUp();
    book.beginMended();
    assertThat(book.next()).contains(1);
    book.written(1, stored(1, 900, 100));
    book.beginMended();
    assertThat(book.waiting()).isZero();
  }

  /** A log that ends there, and in which nothing is packed. */
  private static LongUnaryOperator upTo(long end) {
    return position -> end - position;
  }

  @Test
  void whatIsPackedCountsForWhatItUnpacksTo() {
    SnapshotBook book = book(shard -> false, 500L, 100L, 700L, 900L);
    assertThat(book.isDue(0, position -> 10 * (590 - position))).isFalse();
    assertThat(book.isDue(0, position -> 10 * (600 - position))).isTrue();
  }

  /**
   * Of two lanes, with these starts, each of 100 bytes before packing; due after 1,000 bytes of
   * log.
   */
  private static SnapshotBook book(java.util.function.IntPredicate incomplete, Long... starts) {
    List<Optional<SnapshotDirectory.Stored>> stored = new ArrayList<>();
    for (int shard = 0; shard < starts.length; shard++) {
      stored.add(
          starts[shard] == null
              ? Optional.empty()
              : Optional.of(stored(shard, starts[shard], 100)));
    }
    return new SnapshotBook(2, 1_000, stored, incomplete);
  }

  private static SnapshotDirectory.Stored stored(int shard, long start, long bytes) {
    return new SnapshotDirectory.Stored(
        new SnapshotHead(1, shard, shard % 2, 1, start, 0, 0),
        new SnapshotFoot(start, 0, 0, bytes),
        bytes / 2);
  }
}
