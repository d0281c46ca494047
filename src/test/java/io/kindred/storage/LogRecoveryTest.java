package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.entry.Element;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log finds again after crashes, cuts and rot. */
class LogRecoveryTest {

  private static final String[] KEYS = {"one", "two", "three", "four", "five"};
  private static final int PACKED = BatchPacker.RAW_BYTES_MIN;

  @ParameterizedTest
  @ValueSource(ints = {0, PACKED})
  void aLastSegmentCutAnywhereGivesTheBatchesThatAreWhole(int filler) throws IOException {
    LogBench bench = written(1 << 20, filler);
    String name = Segment.nameOf(0);
    byte[] whole = bench.disk.bytes(name);
    for (int bytes = 0; bytes <= whole.length; bytes++) {
      LogBench cut = found(bench, name, Arrays.copyOf(whole, bytes));
      int batches = wholeBatches(bench, bytes - Segment.HEADER_BYTES);
      assertThat(cut.replayed).as("cut at %d", bytes).isEqualTo(keys(batches));
      assertThat(cut.recovery.damages()).isEmpty();
      long end = batches == 0 ? 0 : bench.ends.get(batches - 1);
      assertThat(cut.log.end()).isEqualTo(end);
      boolean headerTorn = bytes < Segment.HEADER_BYTES;
      long good = headerTorn ? 0 : Segment.HEADER_BYTES + end;
      // Zeros at the end are as good as written ahead.
      assertThat(cut.recovery.tornBytes()).isLessThanOrEqualTo(bytes - good);
      assertThat(cut.recovery.tornBytes() > 0).isEqualTo(bytes > good);
      assertGoesOn(cut);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, PACKED})
  void anEarlierSegmentCutAnywhereIsDamageAndTheRestIsRead(int filler) throws IOException {
    LogBench bench = written(60, filler);
    List<String> names = bench.disk.list();
    assertThat(names.size()).isGreaterThan(2);
    byte[] whole = bench.disk.bytes(names.get(0));
    long firstLength = (long) whole.length - Segment.HEADER_BYTES;
    int inFirst = wholeBatches(bench, firstLength);
    for (int bytes = 0; bytes < whole.length; bytes++) {
      LogBench cut = found(bench, names.get(0), Arrays.copyOf(whole, bytes));
      List<String> expected = new ArrayList<>(keys(wholeBatches(bench, bytes - 24)));
      expected.addAll(keys(KEYS.length).subList(inFirst, KEYS.length));
      assertThat(cut.replayed).as("cut at %d", bytes).isEqualTo(expected);
      assertThat(cut.recovery.damages()).isNotEmpty();
      assertThat(cut.recovery.tornBytes()).isZero();
      assertReadersGetWhatWasReplayed(cut);
      assertGoesOn(cut);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, PACKED})
  void anyFlippedBitCostsAtMostTheBatchItIsIn(int filler) throws IOException {
    LogBench bench = written(1 << 20, filler);
    String name = Segment.nameOf(0);
    byte[] whole = bench.disk.bytes(name);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      LogBench rotten = found(bench, name, flipped);
      int hit = wholeBatches(bench, bit / 8 - Segment.HEADER_BYTES);
      List<String> expected = new ArrayList<>(keys(KEYS.length));
      boolean inHeader = bit / 8 < Segment.HEADER_BYTES;
      if (!inHeader) {
        expected.remove(hit);
      }
      assertThat(rotten.replayed).as("bit %d", bit).isEqualTo(expected);
      boolean torn = !inHeader && hit == KEYS.length - 1;
      assertThat(rotten.recovery.tornBytes() > 0).isEqualTo(torn);
      assertThat(rotten.recovery.damages()).hasSize(torn || inHeader ? 0 : 1);
      assertThat(rotten.recovery.headers()).hasSize(inHeader ? 1 : 0);
      if (!torn && !inHeader) {
        assertShards(rotten.recovery, 3);
      }
      assertReadersGetWhatWasReplayed(rotten);
      assertGoesOn(rotten);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, PACKED})
  void whatIsNotedAsSyncedIsDamageWhereverItIsMissingAndAtEachStart(int filler) throws IOException {
    LogBench bench = written(1 << 20, filler);
    String name = Segment.nameOf(0);
    byte[] whole = bench.disk.bytes(name);
    long end = bench.log.end();
    for (int bytes = 0; bytes < whole.length; bytes += 1 + bytes / 200) {
      FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1));
      LogBench cut = found(disk, name, Arrays.copyOf(whole, bytes));
      int batches = wholeBatches(bench, bytes - Segment.HEADER_BYTES);
      assertThat(cut.replayed).as("cut at %d", bytes).isEqualTo(keys(batches));
      long good = batches == 0 ? 0 : bench.ends.get(batches - 1);
      assertThat(cut.recovery.damages())
          .extracting(Recovery.Damage::position, Recovery.Damage::end)
          .containsExactly(org.assertj.core.groups.Tuple.tuple(good, end));
      assertThat(cut.recovery.tornBytes()).as("nobody was writing that").isZero();
      LogBench again = new LogBench(Fsync.NO, 1 << 20);
      again.open(cut.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
      assertThat(again.recovery.damages()).as("at the next start").hasSize(1);
      assertThat(again.recovery.damages().get(0).position()).isEqualTo(good);
      assertGoesOn(cut);
    }
  }

  @Test
  void aFlippedBitInABatchThatNoneIsBehindIsDamage() throws IOException {
    LogBench bench = written(1 << 20);
    FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1));
    byte[] whole = disk.bytes(Segment.nameOf(0));
    whole[whole.length - 1] ^= 1;
    LogBench rotten = found(disk, Segment.nameOf(0), whole);
    assertThat(rotten.recovery.damages()).hasSize(1);
    assertThat(rotten.recovery.tornBytes()).isZero();
  }

  @Test
  void aBadSectorCostsTheBatchesOnItsPageUntilItCanBeReadAgain() throws IOException {
    LogBench bench = new LogBench(Fsync.NO, 12_000);
    String[] keys = IntStream.range(0, 300).mapToObj(i -> "key" + i).toArray(String[]::new);
    bench.appendEach(keys);
    List<String> files = bench.disk.list().stream().filter(Segment::isSegment).toList();
    assertThat(files).hasSize(2);
    for (String file : files) {
      long first = Long.parseLong(file.substring(0, 19));
      long size = bench.disk.bytes(file).length;
      for (long page = 0; page < size; page += 4096) {
        FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1));
        disk.setUnreadable(file, page, page + 1);
        LogBench found = new LogBench(Fsync.NO, 12_000);
        found.open(disk);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < keys.length; i++) {
          long from = (i == 0 ? 0 : bench.ends.get(i - 1)) - first + Segment.HEADER_BYTES;
          long behind = bench.ends.get(i) - first + Segment.HEADER_BYTES;
          if (behind <= Segment.HEADER_BYTES
              || from >= page + 4096
              || behind <= page
              || from >= size) {
            expected.add(keys[i]);
          }
        }
        assertThat(found.replayed).as("%s, page at %d", file, page).isEqualTo(expected);
        assertThat(found.recovery.damages())
            .extracting(Recovery.Damage::reason)
            .containsExactly("the disk cannot read it");
        assertThat(found.recovery.tornBytes()).isZero();
        assertThat(found.recovery.unreadable())
            .containsExactly(
                "memory/%s: 1 pages, the first at offset %d: Input/output error"
                    .formatted(file, page));
        assertReadersGetWhatWasReplayed(found);
        assertGoesOn(found);
        found.disk.setReadable(file);
        found.open(found.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
        List<String> all = new ArrayList<>(List.of(keys));
        all.add("more");
        assertThat(found.replayed).as("readable again").isEqualTo(all);
        assertThat(found.recovery.lostSomething()).isFalse();
      }
    }
  }

  @Test
  void aReadThatFailsOnceCostsNothing() throws IOException {
    LogBench bench = written(60);
    for (int after = 0; after < 60; after++) {
      LogBench found = new LogBench(Fsync.NO, 60);
      FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1));
      disk.setReadToFail(after);
      found.open(disk);
      assertThat(found.replayed).as("read %d fails", after).isEqualTo(keys(KEYS.length));
      assertThat(found.recovery.lostSomething()).isFalse();
      assertThat(found.recovery.unreadable()).isEmpty();
      assertThat(found.log.end()).isEqualTo(bench.log.end());
    }
  }

  @Test
  void aNoteThatCannotBeReadIsMadeAnew() throws IOException {
    LogBench bench = written(60);
    FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1));
    disk.setUnreadable(SyncedNote.NAME, 0, 1);
    LogBench found = new LogBench(Fsync.EVERYSEC, 60);
    found.open(disk);
    assertThat(found.replayed).isEqualTo(keys(KEYS.length));
    assertThat(found.recovery.unreadable()).hasSize(1);
    assertThat(disk.list()).contains("synced.unreadable");
    assertGoesOn(found);
    found.log.close();
    assertThat(found.log.noteFailure()).isNull();
  }

  @Test
  void aSegmentWithABadSectorIsCutButKept() throws IOException {
    LogBench bench = written(60);
    FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1));
    String first = disk.list().get(0);
    disk.setUnreadable(first, 30, 31);
    LogBench found = new LogBench(Fsync.EVERYSEC, 60);
    found.open(disk);
    found.log.cut(found.log.end());
    assertThat(disk.list()).contains(first + ".unreadable").doesNotContain(first);
    found.appendEach("more");
    found.open(disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
    assertThat(found.replayed).endsWith("more");
  }

  @Test
  void aDiskThatReadsNothingAnyMoreEndsNoStart() throws IOException {
    LogBench bench = written(1 << 20);
    FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1));
    disk.list().forEach(file -> disk.setUnreadable(file, 0, 1 << 20));
    LogBench found = new LogBench(Fsync.NO, 1 << 20);
    found.open(disk);
    assertThat(found.replayed).isEmpty();
    assertShards(found.recovery, IntStream.range(0, 64).boxed().toArray(Integer[]::new));
    assertThat(found.recovery.unreadable()).hasSize(2);
    assertReadersGetWhatWasReplayed(found);
  }

  @Test
  void allSegmentsGoneIsDamage() throws IOException {
    LogBench bench = written(60);
    FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1));
    disk.list().stream().filter(Segment::isSegment).forEach(disk::delete);
    LogBench found = new LogBench(Fsync.NO, 1 << 20);
    found.open(disk);
    assertThat(found.recovery.damages().get(0).end()).isEqualTo(bench.log.end());
    assertThat(found.log.end()).isEqualTo(bench.log.end());
  }

  @Test
  void aTornNoteLeavesTheOneBefore() throws IOException {
    FaultyDisk disk = new FaultyDisk();
    try (SyncedNote note = SyncedNote.in(disk)) {
      note.raise(7);
      note.raise(9);
    }
    byte[] bytes = disk.bytes(SyncedNote.NAME);
    for (int at = 0; at < bytes.length; at++) {
      byte[] torn = bytes.clone();
      torn[at] ^= 1;
      disk.setBytes(SyncedNote.NAME, torn);
      try (SyncedNote note = SyncedNote.in(disk)) {
        assertThat(note.position()).isEqualTo(at < 16 ? 9 : 7);
      }
    }
    disk.setBytes(SyncedNote.NAME, bytes);
    try (SyncedNote note = SyncedNote.in(disk)) {
      note.raise(8);
      assertThat(note.position()).isEqualTo(9);
    }
  }

  private static void assertShards(Recovery recovery, Integer... shards) {
    Recovery.Damage damage = recovery.damages().get(0);
    assertThat(IntStream.range(0, 64).filter(damage::mayHaveHeld).boxed()).containsExactly(shards);
  }

  /** Batches of one, two and one shards, in segments of their own and in one. */
  @ParameterizedTest
  @ValueSource(longs = {1, 1 << 20})
  void theBatchBehindTellsWhoseADamagedOneWas(long segmentBytes) throws IOException {
    LogBench bench = new LogBench(Fsync.EVERYSEC, segmentBytes);
    appendToShards(bench, 7);
    appendToShards(bench, 8, 63, 8);
    appendToShards(bench, 9);
    // Not told by what is written after the start, but known from what it read.
    bench.open(bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
    appendToShards(bench, 10);
    appendToShards(bench, 11);

    assertShards(foundWithout(bench, List.of(0)).recovery, 7);
    assertShards(foundWithout(bench, List.of(1)).recovery, 8, 63);
    assertShards(foundWithout(bench, List.of(2)).recovery, 9);
    assertShards(foundWithout(bench, List.of(3)).recovery, 10);
    Recovery two = foundWithout(bench, List.of(1, 2)).recovery;
    // A segment each: two stretches, each with a good header between. In one file it is one.
    assertThat(two.damages().get(0).shards()).isEqualTo(BatchTrail.ANY_SHARD);
  }

  private static void appendToShards(LogBench bench, int... shards) {
    for (int shard : shards) {
      bench.append(shard, "of-" + shard);
    }
    bench.turn();
    bench.log.tick();
  }

  /** The log as a start finds it after a byte of some of its batches has rotted. */
  private static LogBench foundWithout(LogBench bench, List<Integer> batches) throws IOException {
    FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1));
    for (int batch : batches) {
      long position = bench.ends.get(batch) - 1;
      String name =
          disk.list().stream()
              .filter(Segment::isSegment)
              .filter(each -> Long.parseLong(each.substring(0, 19)) <= position)
              .max(java.util.Comparator.naturalOrder())
              .orElseThrow();
      byte[] bytes = disk.bytes(name);
      bytes[(int) (Segment.HEADER_BYTES + position - Long.parseLong(name.substring(0, 19)))] ^= 1;
      disk.setBytes(name, bytes);
    }
    LogBench found = new LogBench(Fsync.NO, 1 << 20);
    found.open(disk);
    return found;
  }

  @Test
  void aRetriedBatchHasItsTrailOnce() throws IOException {
    LogBench bench = new LogBench(Fsync.NO, 1 << 20);
    appendToShards(bench, 7);
    bench.disk.setRoom(10);
    appendToShards(bench, 8);
    bench.turn();
    bench.disk.setRoom(Long.MAX_VALUE);
    bench.log.tick();
    bench.turn();
    appendToShards(bench, 9);
    bench.open(bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
    List<Long> trails = new ArrayList<>();
    try (LogReader reader = bench.log.readFrom(0)) {
      reader.read(
          Long.MAX_VALUE,
          new LogReader.Visitor() {
            @Override
            public void entry(int shard, boolean own, Element element) {}

            @Override
            public void trail(long length, long shards) {
              trails.add(shards);
            }
          });
    }
    assertThat(trails).containsExactly(1L << 7, 1L << 8);
  }

  @Test
  void aValueThatHoldsALogIsNotTakenForOne() throws IOException {
    LogBench inner = written(1 << 20);
    String bytes =
        new String(
            inner.disk.bytes(Segment.nameOf(0)), java.nio.charset.StandardCharsets.ISO_8859_1);
    LogBench bench = new LogBench(Fsync.EVERYSEC, 1 << 20);
    bench.appendEach("before", bytes);
    bench.log.tick();
    bench.appendEach("after");
    String name = Segment.nameOf(0);
    byte[] whole = bench.disk.bytes(name);
    // Damage the big batch, so that recovery searches through it for the next good one.
    whole[(int) (Segment.HEADER_BYTES + bench.ends.get(0) + Segment.FRAME_BYTES + 1)] ^= 1;
    LogBench found = found(bench, name, whole);
    assertThat(found.replayed).containsExactly("before", "after");
  }

  @Test
  void whatLiesBehindAHoleThatWasNeverSyncedIsNotRead() throws IOException {
    for (long segmentBytes : new long[] {1 << 20, 60}) {
      LogBench bench = new LogBench(Fsync.EVERYSEC, segmentBytes);
      bench.appendEach("a");
      bench.log.tick();
      bench.appendEach("b", "c", "d");
      String hit = Segment.nameOf(0);
      byte[] bytes = bench.disk.bytes(hit);
      bytes[(int) (Segment.HEADER_BYTES + bench.ends.get(0) + Segment.FRAME_BYTES)] ^= 1;
      FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1));
      disk.setBytes(hit, bytes);
      bench.open(disk);
      assertThat(bench.replayed).containsExactly("a");
      assertThat(bench.recovery.tornBytes()).isEqualTo(bench.ends.get(3) - bench.ends.get(0));
      assertThat(bench.recovery.damages()).isEmpty();
      assertThat(bench.log.end()).isEqualTo(bench.ends.get(0));
      assertReadersGetWhatWasReplayed(bench);
      assertGoesOn(bench);
    }
  }

  @Test
  void aSegmentThatIsGoneIsDamage() throws IOException {
    for (int gone = 0; gone < 2; gone++) {
      LogBench bench = written(60);
      FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1));
      disk.delete(disk.list().get(gone));
      bench.open(disk);
      assertThat(bench.replayed).hasSizeLessThan(KEYS.length).endsWith("five");
      assertThat(bench.recovery.damages()).hasSize(1);
      assertThat(bench.recovery.damages().get(0).reason()).contains("missing");
      assertReadersGetWhatWasReplayed(bench);
      assertGoesOn(bench);
    }
  }

  /** Noise, copies and cuts anywhere in any file: no hang, no exception, no value never written. */
  @Property(tries = 1500)
  void readsNoNonsenseFromAnyBytes(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    LogBench bench = written(60 + random.nextInt(200), random.nextBoolean() ? 0 : PACKED);
    FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, random);
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      String name = disk.list().get(random.nextInt(disk.list().size()));
      disk.setBytes(name, changed(disk.bytes(name), random));
    }
    bench.open(disk);
    assertThat(List.of(KEYS)).containsAll(bench.replayed);
    assertReadersGetWhatWasReplayed(bench);
    assertGoesOn(bench);
  }

  /**
   * What a mistake of ours, and no disk, would leave: the checksum is right, and the rest is not.
   */
  @Property(tries = 1500)
  void nonsenseBehindAGoodChecksumCostsItsBatchAlone(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    LogBench bench = written(1 << 20);
    FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, random);
    String name = Segment.nameOf(0);
    int hit = random.nextInt(KEYS.length);
    long position = hit == 0 ? 0 : bench.ends.get(hit - 1);
    byte[] bytes = disk.bytes(name);
    int at = Segment.HEADER_BYTES + (int) position;
    int payload = at + Segment.FRAME_BYTES;
    int behind = Segment.HEADER_BYTES + (int) (long) bench.ends.get(hit);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      bytes[payload + random.nextInt(behind - payload)] = (byte) random.nextInt(256);
    }
    ByteBuffer frame = ByteBuffer.wrap(bytes, at, behind - at).slice();
    ByteBuffer rest = ByteBuffer.wrap(bytes, payload, behind - payload);
    boolean packed = random.nextInt(4) == 0;
    Segment.putFrame(frame, position, frame.getLong(16), rest, packed, new CRC32C());
    LogBench found = found(disk, name, bytes);
    List<String> others = new ArrayList<>(keys(KEYS.length));
    others.remove(hit);
    assertThat(found.replayed).containsSubsequence(others);
    for (Recovery.Damage damage : found.recovery.damages()) {
      assertThat(damage.position()).isEqualTo(position);
      assertThat(damage.end()).isEqualTo((long) bench.ends.get(hit));
      assertThat(damage.mayHaveHeld(3)).isTrue();
    }
    assertGoesOn(found);
  }

  private static byte[] changed(byte[] bytes, Random random) {
    byte[] noise = new byte[random.nextInt(300)];
    random.nextBytes(noise);
    if (bytes.length == 0) {
      return noise;
    }
    byte[] other = bytes.clone();
    int from = random.nextInt(bytes.length);
    int length = random.nextInt(bytes.length - from);
    switch (random.nextInt(5)) {
      case 0 -> {
        return noise;
      }
      case 1 -> {
        return Arrays.copyOf(bytes, from);
      }
      case 2 -> other[from] = (byte) random.nextInt(256);
      case 3 -> System.arraycopy(bytes, from, other, random.nextInt(bytes.length - length), length);
      default -> {
        other = Arrays.copyOf(bytes, bytes.length + noise.length);
        System.arraycopy(noise, 0, other, bytes.length, noise.length);
      }
    }
    return other;
  }

  @Test
  void aSegmentOfAnUnknownFormatIsNotTouched() throws IOException {
    LogBench bench = written(1 << 20);
    String name = Segment.nameOf(0);
    byte[] bytes = bench.disk.bytes(name);
    bytes[11] = 99;
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 20);
    ByteBuffer.wrap(bytes).putInt(20, (int) crc.getValue());
    assertThatThrownBy(() -> found(bench, name, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 99");
  }

  @Property(tries = 2000)
  void whatWasSyncedSurvivesAnyCrash(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int steps, @ForAll Fsync fsync)
      throws IOException {
    Random random = new Random(seed);
    LogBench bench = new LogBench(fsync, 40 + random.nextInt(300));
    bench.filler = random.nextBoolean() ? 0 : PACKED;
    for (int round = 0; round < 3; round++) {
      run(bench, random, steps);
      FaultyDisk.Crash crash = FaultyDisk.Crash.any(random);
      List<String> mustSurvive = new ArrayList<>(mustSurvive(bench, crash));
      bench.open(bench.disk.after(crash, random));
      assertThat(bench.replayed).as("%s, %s", crash, fsync).containsAll(mustSurvive);
      assertThat(bench.appended.subList(0, bench.replayed.size()))
          .as("what there was at some moment")
          .isEqualTo(bench.replayed);
      assertThat(bench.recovery.damages()).isEmpty();
      assertReadersGetWhatWasReplayed(bench);
      // The next round builds on what this one found; from here on nothing of it is unsynced.
      bench.appended.clear();
      bench.appended.addAll(bench.replayed);
      bench.answered.clear();
      bench.answered.addAll(bench.replayed);
    }
  }

  private static void run(LogBench bench, Random random, int steps) {
    int base = random.nextInt(1_000_000);
    for (int i = 0; i < steps; i++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> bench.append("k" + base + "-" + i);
        case 2 -> bench.turn();
        case 3 -> bench.sync();
        default -> bench.log.tick();
      }
    }
  }

  /** Always: what was answered. Else what a sync covered, or all that was written. */
  private static List<String> mustSurvive(LogBench bench, FaultyDisk.Crash crash)
      throws IOException {
    if (crash == FaultyDisk.Crash.KEEPS_ALL) {
      return bench.answered;
    }
    List<String> synced = new ArrayList<>();
    try (LogReader reader = bench.log.readFrom(bench.log.oldest())) {
      while (reader.position() < bench.log.synced()) {
        reader.read(1, (shard, own, element) -> synced.add(element.key().toString()));
      }
    }
    return synced;
  }

  @Property(tries = 300)
  void underAlwaysWhatWasAnsweredSurvivesAnyCrash(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    LogBench bench = new LogBench(Fsync.ALWAYS, 100);
    run(bench, random, 40);
    List<String> answered = List.copyOf(bench.answered);
    FaultyDisk.Crash crash = FaultyDisk.Crash.any(random);
    bench.open(bench.disk.after(crash, random));
    assertThat(bench.replayed).containsAll(answered);
  }

  private static LogBench written(long segmentBytes) throws IOException {
    return written(segmentBytes, 0);
  }

  private static LogBench written(long segmentBytes, int filler) throws IOException {
    LogBench bench = new LogBench(Fsync.EVERYSEC, segmentBytes);
    bench.filler = filler;
    for (String key : KEYS) {
      bench.appendEach(key);
      bench.log.tick();
    }
    return bench;
  }

  /** The log of a bench, with one file's bytes changed, as a new start finds it. */
  private static LogBench found(LogBench bench, String name, byte[] bytes) throws IOException {
    FaultyDisk disk = bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1));
    // As if it had all been written within the last second.
    disk.delete(SyncedNote.NAME);
    return found(disk, name, bytes);
  }

  private static LogBench found(FaultyDisk disk, String name, byte[] bytes) throws IOException {
    disk.setBytes(name, bytes);
    LogBench found = new LogBench(Fsync.NO, 1 << 20);
    found.open(disk);
    return found;
  }

  private static int wholeBatches(LogBench bench, long positions) {
    return (int) bench.ends.stream().filter(end -> end <= positions).count();
  }

  private static List<String> keys(int count) {
    return List.of(KEYS).subList(0, count);
  }

  private static void assertReadersGetWhatWasReplayed(LogBench bench) throws IOException {
    List<String> read = new ArrayList<>();
    try (LogReader reader = bench.log.readFrom(bench.log.oldest())) {
      while (reader.position() < bench.log.end()) {
        reader.read(50, (shard, own, element) -> read.add(element.key().toString()));
      }
    }
    assertThat(read).isEqualTo(bench.replayed);
  }

  private static void assertGoesOn(LogBench bench) throws IOException {
    List<String> expected = new ArrayList<>(bench.replayed);
    expected.add("more");
    bench.appendEach("more");
    bench.open(bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
    assertThat(bench.replayed).isEqualTo(expected);
    assertThat(bench.recovery.tornBytes()).isZero();
  }
}
