package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.entry.HybridClock;
import io.kindred.entry.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {

  @TempDir private Path temp;

  @Test
  void keepsIdentityAndLanesOverBoots() throws IOException {
    int store;
    try (DataDirectory first = DataDirectory.open(temp.resolve("data"), 3)) {
      store = first.store();
      assertThat(store).isPositive();
      assertThat(first.origin()).isEqualTo(new Origin(store, 1));
    }
    try (DataDirectory second = DataDirectory.open(temp.resolve("data"), 5)) {
      assertThat(second.store()).isEqualTo(store);
      assertThat(second.lanes()).isEqualTo(3);
      assertThat(second.origin()).isEqualTo(new Origin(store, 2));
    }
  }

  @Test
  void changesTheGenerationAfterAnUncleanStopOnly() throws IOException {
    long generation;
    try (DataDirectory first = DataDirectory.open(temp, 1)) {
      generation = first.generation();
      assertThat(first.wasClean()).isTrue();
      first.markCleanStop(List.of(77L));
    }
    try (DataDirectory afterClean = DataDirectory.open(temp, 1)) {
      assertThat(afterClean.endAtStop(0)).isEqualTo(77);
      assertThat(afterClean.wasClean()).isTrue();
      assertThat(afterClean.generation()).isEqualTo(generation);
    }
    try (DataDirectory afterCrash = DataDirectory.open(temp, 1)) {
      assertThat(afterCrash.wasClean()).isFalse();
      assertThat(afterCrash.generation()).isGreaterThan(generation);
      assertThat(afterCrash.endAtStop(0)).isZero();
    }
  }

  @Test
  void aGenerationThatWasRenewedIsThereAtTheNextStart() throws IOException {
    long renewed;
    try (DataDirectory first = DataDirectory.open(temp, 1)) {
      long generation = first.generation();
      first.renewGeneration();
      renewed = first.generation();
      assertThat(renewed).isGreaterThan(generation);
      first.markCleanStop(List.of(0L));
    }
    try (DataDirectory second = DataDirectory.open(temp, 1)) {
      assertThat(second.generation()).isEqualTo(renewed);
    }
  }

  @Test
  void aCleanStopForgetsNoPromise() throws IOException {
    long promised = HybridClock.ofMillis(8_000);
    try (DataDirectory first = DataDirectory.open(temp, 1)) {
      HybridClock clock = first.newClock(() -> 5_000);
      clock.next();
      clock.keepBoundAbove(promised);
      first.markCleanStop(List.of(0L));
    }
    try (DataDirectory second = DataDirectory.open(temp, 1)) {
      assertThat(second.clockStart()).isGreaterThan(promised);
    }
  }

  @Test
  void isForOneProcessAtATime() throws IOException {
    try (DataDirectory first = DataDirectory.open(temp, 1)) {
      assertThat(first.path()).isEqualTo(temp);
      assertThatThrownBy(() -> DataDirectory.open(temp, 1))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use by another process");
    }
  }

  @Test
  void aNotedDirectoryIsAnotherNodesAtTheNextStart() throws IOException {
    int store;
    try (DataDirectory first = DataDirectory.open(temp, 1)) {
      store = first.store();
      Files.createDirectories(first.lane(0));
      Files.writeString(first.lane(0).resolve("0.log"), "writes");
      Files.createDirectories(temp.resolve("lost+found"));
      Files.writeString(temp.resolve("ring.json"), "{}");
      first.noteToBeEmptied();
      assertThat(temp.resolve("ring.json")).exists();
    }
    try (DataDirectory second = DataDirectory.open(temp, 1)) {
      assertThat(second.store()).isNotEqualTo(store);
      assertThat(second.origin().boot()).isEqualTo(1);
      assertThat(names()).containsExactly("boot", "identity", "lock", "lost+found");
      store = second.store();
    }
    try (DataDirectory third = DataDirectory.open(temp, 1)) {
      assertThat(third.store()).as("it is emptied once").isEqualTo(store);
    }
  }

  @Test
  void anEmptyingThatWasCutOffGoesOn() throws IOException {
    int store;
    try (DataDirectory first = DataDirectory.open(temp, 1)) {
      store = first.store();
      Files.createDirectories(first.lane(0));
      Files.writeString(first.lane(0).resolve("0.log"), "writes");
      first.noteToBeEmptied();
    }
    // The identity went first, the log is there still.
    Files.delete(temp.resolve("identity"));
    try (DataDirectory second = DataDirectory.open(temp, 1)) {
      assertThat(second.store()).isNotEqualTo(store);
      assertThat(names()).containsExactly("boot", "identity", "lock");
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(temp)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void neverIssuesATimeTwiceEvenIfTheWallClockGoesBack() throws IOException {
    long last;
    try (DataDirectory first = DataDirectory.open(temp, 1)) {
      HybridClock clock = first.newClock(() -> 1_000_000);
      clock.next();
      last = clock.next();
    }
    try (DataDirectory second = DataDirectory.open(temp, 1)) {
      HybridClock clock = second.newClock(() -> 5);
      assertThat(clock.next()).isGreaterThan(last);
    }
  }

  @Test
  void aRenewedBoundSparesTheClockTheDisk() throws IOException {
    try (DataDirectory directory = DataDirectory.open(temp, 1)) {
      directory.renewClockBound(1_000_000);
      String before = Files.readString(temp.resolve("clock"));
      directory.newClock(() -> 1_000_001).next();
      assertThat(Files.readString(temp.resolve("clock"))).isEqualTo(before);
    }
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    Files.writeString(temp.resolve("identity"), "store=what\n");
    assertThatThrownBy(() -> DataDirectory.open(temp, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("identity")
        .hasMessageContaining("damaged");
  }

  @Test
  void anyFlippedBitOfASmallFileIsNoticed() throws IOException {
    DataDirectory.open(temp, 2).close();
    try (DataDirectory directory = DataDirectory.open(temp, 2)) {
      directory.renewClockBound(1_800_000_000_000L);
    }
    for (String name : List.of("identity", "boot", "clock")) {
      byte[] whole = Files.readAllBytes(temp.resolve(name));
      for (int bit = 0; bit < 8 * whole.length; bit++) {
        byte[] flipped = whole.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        Files.write(temp.resolve(name), flipped);
        assertThatThrownBy(() -> DataDirectory.open(temp, 2))
            .as("%s, bit %d", name, bit)
            .isInstanceOf(IOException.class)
            .hasMessageContaining(name + " is damaged");
        Files.write(temp.resolve(name), whole);
      }
    }
  }

  @Test
  void whatAnOlderVersionWroteWithoutChecksumsIsRead() throws IOException {
    Files.writeString(temp.resolve("identity"), "lanes=3\nstore=77\n");
    Files.writeString(temp.resolve("boot"), "boot=4\ngeneration=2\n");
    try (DataDirectory directory = DataDirectory.open(temp, 1)) {
      assertThat(directory.store()).isEqualTo(77);
      assertThat(directory.lanes()).isEqualTo(3);
      assertThat(directory.generation()).isEqualTo(3);
    }
    assertThat(temp.resolve("boot")).content().contains("boot=5", "crc=");
  }

  @Test
  void aStopWhoseNoteIsDamagedWasNotClean() throws IOException {
    try (DataDirectory first = DataDirectory.open(temp, 1)) {
      first.markCleanStop(List.of(77L));
    }
    Path note = temp.resolve("clean-stop");
    byte[] bytes = Files.readAllBytes(note);
    bytes[0] ^= (byte) 0x80;
    Files.write(note, bytes);
    try (DataDirectory again = DataDirectory.open(temp, 1)) {
      assertThat(again.wasClean()).isFalse();
      assertThat(again.endAtStop(0)).isZero();
    }
  }
}
