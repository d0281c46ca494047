package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchPackerTest {

  private static final int FROM = 28;
  private final BatchPacker packer = new BatchPacker();

  @Property(tries = 300)
  void whatIsPackedIsUnpacked(
      @ForAll Random random,
      @ForAll @IntRange(min = BatchPacker.RAW_BYTES_MIN, max = 200_000) int length,
      @ForAll @IntRange(max = 10) int changes) {
    byte[] raw = text(random, length, changes);
    byte[] packed = pack(raw);
    assertThat(packed.length).isLessThan(length);
    assertThat(BatchPacker.unpack(packed, FROM, packed.length - FROM)).isEqualTo(raw);
    int cut = random.nextInt(packed.length - FROM);
    assertThat(BatchPacker.unpack(packed, FROM, cut)).isNotEqualTo(raw);
  }

  @Test
  void whatIsSmallOrRandomStaysAsItIs() {
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    assertThat(pack(noise)).isNull();
    assertThat(pack(new byte[BatchPacker.RAW_BYTES_MIN - 1])).isNull();
    assertThat(pack(new byte[BatchPacker.RAW_BYTES_MIN])).isNotNull();
  }

  @Test
  void whatPacksOnlyAtItsBeginningStaysAsItIs() {
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    Arrays.fill(noise, 0, 5_000, (byte) 7);
    assertThat(pack(noise)).isNull();
  }

  @Property(tries = 2000)
  void noBytesAreTakenForMoreThanTheyCanHold(@ForAll Random random) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    if (bytes.length > 4 && random.nextBoolean()) {
      ByteBuffer.wrap(bytes).putInt(0, random.nextInt(2 * BatchPacker.RAW_BYTES_MAX));
    }
    byte[] raw = BatchPacker.unpack(bytes, 0, bytes.length);
    assertThat(raw == null || raw.length <= BatchPacker.RAW_BYTES_MAX).isTrue();
  }

  @Test
  void readersCountWhatTheyUnpack() throws IOException {
    LogBench bench = new LogBench(Fsync.NO, 1 << 20);
    bench.filler = 100_000;
    bench.appendEach("a", "b", "c");
    assertThat(bench.log.end()).isLessThan(3_000);
    List<String> read = new ArrayList<>();
    try (LogReader reader = bench.log.readFrom(0)) {
      reader.read(150_000, (shard, own, element) -> read.add(element.key().toString()));
      assertThat(read).containsExactly("a", "b");
      assertThat(reader.position()).isEqualTo(bench.ends.get(1));
    }
  }

  @Test
  void aLogKnowsWhatItsBatchesUnpackTo() throws IOException {
    LogBench bench = new LogBench(Fsync.NO, 500);
    bench.filler = 100_000;
    bench.appendEach("a", "b");
    bench.filler = 0;
    bench.appendEach("c");
    long last = bench.ends.get(1);
    assertThat(bench.log.unpackedFrom(0)).isBetween(200_000L, 201_000L);
    assertThat(bench.log.unpackedFrom(last)).isEqualTo(bench.log.end() - last);
    bench.open(bench.disk.after(FaultyDisk.Crash.KEEPS_ALL, new Random(1)));
    assertThat(bench.log.unpackedFrom(0)).isBetween(200_000L, 201_000L);
    bench.log.tick();
    bench.log.syncNow();
    bench.log.cut(last);
    assertThat(bench.log.unpackedFrom(last)).isEqualTo(bench.log.end() - last);
  }

  /** The same 200 random bytes again and again, but for some changes in each. */
  private static byte[] text(Random random, int length, int changes) {
    byte[] record = new byte[200];
    random.nextBytes(record);
    byte[] bytes = new byte[length];
    for (int from = 0; from < length; from += record.length) {
      int fits = Math.min(record.length, length - from);
      System.arraycopy(record, 0, bytes, from, fits);
      for (int i = 0; i < changes; i++) {
        bytes[from + random.nextInt(fits)] = (byte) random.nextInt();
      }
    }
    return bytes;
  }

  /** What the packer makes of it, with room before it; null where it leaves it alone. */
  private byte[] pack(byte[] raw) {
    ByteBuffer plain = ByteBuffer.allocateDirect(FROM + raw.length);
    plain.position(FROM).put(raw).flip();
    ByteBuffer packed = packer.pack(plain, FROM);
    if (packed == null) {
      return null;
    }
    byte[] bytes = new byte[packed.remaining()];
    packed.get(bytes);
    return bytes;
  }
}
