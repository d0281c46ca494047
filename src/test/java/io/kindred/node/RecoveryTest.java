package io.kindred.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kindred.entry.Elements;
import io.kindred.ring.Ring;
import io.kindred.ring.Rings;
import io.kindred.storage.actor.SnapshotStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node finds on its disk again: snapshots, logs, and what became of them. */
class RecoveryTest {

  private static final Ring ALONE = Rings.of("a1");
  private static final Ring TWO_RACKS = Rings.of("a1", "b2");
  private static final String NO_ROUNDS = "kindred.snapshot.log-bytes = 1 GiB";

  @TempDir private Path temp;

  @Test
  void snapshotsAndTheLogBehindThemGiveEverythingBack() throws Exception {
    SortedMap<String, String> all;
    try (DiskNode node = new DiskNode(temp, ALONE, NO_ROUNDS)) {
      node.set(0, 600, "first-");
      assertThat(node.startSnapshots().underWay()).isTrue();
      node.set(500, 900, "second-");
      awaitQuiet(node);
      await().atMost(Duration.ofSeconds(20)).until(() -> node.boot.logs().get(0).oldest() > 0);
      node.set(900, 1_000, "third-");
      all = node.strings();
      assertThat(all).hasSize(1_000).containsEntry("key-950", "third-950");
      SnapshotStatus status = node.status();
      assertThat(status.shards()).hasSize(8).allMatch(row -> row.fileBytes() > 0);
      assertThat(status.failure()).isEmpty();
      assertThat(status.lastWrittenMillis()).isPositive();
    }
    try (DiskNode again = new DiskNode(temp, ALONE, NO_ROUNDS)) {
      assertThat(again.strings()).isEqualTo(all);
      assertThat(again.boot.quarantine().reasons()).isEmpty();
      assertThat(again.servedAfterProof()).hasSize(8);
    }
  }

  @Test
  void aRoundBeginsByItselfAndKeepsTheLogShort() throws Exception {
    try (DiskNode node = new DiskNode(temp, ALONE, "kindred.snapshot.log-bytes = 4 KiB")) {
      for (int i = 0; i < 10; i++) {
        node.set(i * 100, i * 100 + 100, "v");
        awaitQuiet(node);
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> node.boot.logs().stream().allMatch(log -> log.oldest() > 0));
    }
    try (DiskNode again = new DiskNode(temp, ALONE, NO_ROUNDS)) {
      assertThat(again.strings()).hasSize(1_000);
    }
  }

  @Test
  void aDamagedSnapshotCostsItsShardAloneAndOnlyWhereNobodyElseHasIt() throws Exception {
    writeWithSnapshots();
    Path snapshot = snapshots().get(3);
    byte[] bytes = Files.readAllBytes(snapshot);
    bytes[bytes.length / 2] ^= 1;
    Files.write(snapshot, bytes);
    try (DiskNode alone = new DiskNode(temp, ALONE, NO_ROUNDS)) {
      assertThat(alone.boot.quarantine().reasons()).containsOnlyKeys(3);
      assertThat(alone.boot.quarantine().reasons().get(3)).contains(snapshot.getFileName() + "");
      assertThat(alone.servedAfterProof()).containsExactly(0, 1, 2, 4, 5, 6, 7);
      assertThat(alone.status().shards().get(3).quarantine()).isPresent();
    }
    try (DiskNode accepted =
        new DiskNode(temp, ALONE, NO_ROUNDS + "\nkindred.snapshot.serve-damaged = true")) {
      assertThat(accepted.servedAfterProof()).hasSize(8);
    }
    try (DiskNode oneOfTwo = new DiskNode(temp, TWO_RACKS, NO_ROUNDS)) {
      assertThat(oneOfTwo.boot.quarantine().reasons()).containsOnlyKeys(3);
      assertThat(oneOfTwo.servedAfterProof()).hasSize(8);
      assertThat(oneOfTwo.boot.quarantine().reasons()).isEmpty();
    }
  }

  @Test
  void aShardThatWasWrittenAnewIsOutOfQuarantineAtTheNextStart() throws Exception {
    writeWithSnapshots();
    Files.write(snapshots().get(3), new byte[300]);
    try (DiskNode oneOfTwo = new DiskNode(temp, TWO_RACKS, NO_ROUNDS)) {
      assertThat(oneOfTwo.boot.quarantine().reasons()).containsOnlyKeys(3);
      oneOfTwo.servedAfterProof();
      oneOfTwo.set(0, 1_000, "v");
      oneOfTwo.startSnapshots();
      awaitQuiet(oneOfTwo);
    }
    try (DiskNode again = new DiskNode(temp, TWO_RACKS, NO_ROUNDS)) {
      assertThat(again.boot.quarantine().reasons()).isEmpty();
      assertThat(again.strings()).hasSize(1_000);
    }
  }

  @Test
  void aDamagedBatchOfALogCostsTheShardsThatItWasOf() throws Exception {
    long rotten;
    try (DiskNode node = new DiskNode(temp, ALONE, NO_ROUNDS)) {
      node.set(0, 100, "v");
      rotten = node.boot.logs().get(shardOf("key-100") % DiskNode.LANES).end();
      node.set(100, 101, "v");
      for (int i = 101; i < 200; i++) {
        node.set(i, i + 1, "v");
      }
      node.stop();
    }
    int lost = shardOf("key-100");
    flip(logs(lost % DiskNode.LANES), rotten + 40);
    try (DiskNode found = new DiskNode(temp, ALONE, NO_ROUNDS)) {
      assertThat(found.boot.quarantine().reasons()).containsOnlyKeys(lost);
      assertThat(found.servedAfterProof()).hasSize(7).doesNotContain(lost);
      assertThat(found.strings()).hasSize(199).doesNotContainKey("key-100");
    }
  }

  @Test
  void whatWasProvenAgainIsNotLostOnceMoreAtTheNextStart() throws Exception {
    try (DiskNode node = new DiskNode(temp, TWO_RACKS, NO_ROUNDS)) {
      node.set(0, 100, "v");
      node.stop();
    }
    for (Path segment : logs(0)) {
      Files.delete(segment);
    }
    try (DiskNode oneOfTwo = new DiskNode(temp, TWO_RACKS, NO_ROUNDS)) {
      assertThat(oneOfTwo.boot.quarantine().reasons()).containsOnlyKeys(0, 2, 4, 6);
      oneOfTwo.servedAfterProof();
      oneOfTwo.set(0, 100, "v");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  oneOfTwo.status().shards().stream().filter(row -> row.fileBytes() > 0).count()
                      == 4);
    }
    try (DiskNode again = new DiskNode(temp, TWO_RACKS, NO_ROUNDS)) {
      assertThat(again.boot.quarantine().reasons()).isEmpty();
      assertThat(again.strings()).hasSize(100);
    }
  }

  private static int shardOf(String key) {
    return ALONE.shards().shardOf(Elements.key(key).slot());
  }

  /** Changes a byte of a log at a position. */
  private static void flip(List<Path> segments, long position) throws IOException {
    for (Path segment : segments) {
      long first = Long.parseLong(segment.getFileName().toString().substring(0, 19));
      byte[] bytes = Files.readAllBytes(segment);
      long at = 24 + position - first;
      if (first <= position && at < bytes.length) {
        bytes[(int) at] ^= 1;
        Files.write(segment, bytes);
        return;
      }
    }
    throw new IllegalArgumentException("no segment has position " + position);
  }

  @Test
  void aLargerStretchCostsTheShardsOfItsLaneThatNeedIt() throws Exception {
    try (DiskNode node = new DiskNode(temp, ALONE, NO_ROUNDS)) {
      for (int i = 0; i < 10; i++) {
        node.set(i * 50, i * 50 + 50, "v");
      }
      node.stop();
    }
    Path log = logs(1).get(0);
    byte[] bytes = Files.readAllBytes(log);
    // Several batches: nobody can tell whose they were.
    java.util.Arrays.fill(bytes, 60, bytes.length / 3, (byte) 1);
    Files.write(log, bytes);
    try (DiskNode found = new DiskNode(temp, ALONE, NO_ROUNDS)) {
      assertThat(found.boot.quarantine().reasons()).containsOnlyKeys(1, 3, 5, 7);
      assertThat(found.servedAfterProof()).containsExactly(0, 2, 4, 6);
      assertThat(found.strings()).hasSizeBetween(440, 499);
      assertThat(found.generation()).as("changed, although the stop was clean").isEqualTo(2);
      found.startSnapshots();
      awaitQuiet(found);
      found.stop();
    }
    try (DiskNode again = new DiskNode(temp, ALONE, NO_ROUNDS)) {
      assertThat(again.boot.quarantine().reasons())
          .as("not forgotten")
          .containsOnlyKeys(1, 3, 5, 7);
    }
  }

  @Test
  void aLogThatIsGoneIsNoticedWhateverTheLastStop() throws Exception {
    for (boolean clean : new boolean[] {true, false}) {
      Path dir = temp.resolve("clean-" + clean);
      long end;
      try (DiskNode node = new DiskNode(dir, ALONE, NO_ROUNDS)) {
        node.set(0, 300, "v");
        node.startSnapshots();
        awaitQuiet(node);
        node.set(300, 600, "v");
        end = node.boot.logs().get(0).end();
        if (clean) {
          node.stop();
        }
      }
      for (Path log : logs(dir, 0)) {
        Files.delete(log);
      }
      try (DiskNode found = new DiskNode(dir, ALONE, NO_ROUNDS)) {
        assertThat(found.strings()).hasSizeGreaterThanOrEqualTo(300);
        if (clean) {
          assertThat(found.boot.quarantine().reasons()).containsOnlyKeys(0, 2, 4, 6);
          assertThat(found.boot.logs().get(0).end()).isEqualTo(end);
        }
        assertThat(found.generation()).isEqualTo(2);
      }
    }
  }

  private void writeWithSnapshots() throws Exception {
    try (DiskNode node = new DiskNode(temp, ALONE, NO_ROUNDS)) {
      node.set(0, 1_000, "v");
      node.startSnapshots();
      awaitQuiet(node);
      await().atMost(Duration.ofSeconds(20)).until(() -> node.boot.logs().get(1).oldest() > 0);
      node.stop();
    }
  }

  private static void awaitQuiet(DiskNode node) {
    await().atMost(Duration.ofSeconds(30)).until(() -> !node.status().underWay());
  }

  private List<Path> snapshots() throws IOException {
    return files(temp.resolve("snapshots"), ".snapshot");
  }

  private List<Path> logs(int lane) throws IOException {
    return logs(temp, lane);
  }

  private static List<Path> logs(Path dir, int lane) throws IOException {
    return files(dir.resolve("lane-" + lane), ".log");
  }

  private static List<Path> files(Path directory, String ending) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }
}
