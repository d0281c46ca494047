package io.kindred.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeTry;

/** Sorted rows against a tree map, small and large, with long and empty keys. */
class SortedRowsTest {

  private SortedRows rows;
  private TreeMap<byte[], byte[]> model;

  @BeforeTry
  void empty() {
    rows = new SortedRows();
    model = new TreeMap<>(Arrays::compareUnsigned);
  }

  @Property(tries = 60)
  void holdWhatATreeMapHolds(@ForAll long seed) {
    Random random = new Random(seed);
    int keys = 1 + random.nextInt(3000);
    for (int step = 0; step < 2 * keys; step++) {
      byte[] key = key(random, keys);
      if (random.nextInt(4) == 0) {
        assertThat(rows.remove(key)).isEqualTo(model.remove(key) != null);
      } else {
        byte[] payload = payload(random);
        rows.put(key, payload, payload.length);
        model.put(key, payload);
      }
    }
    assertSame();
    byte[] packed = new byte[(int) rows.contentBytes()];
    rows.pack(packed, 0);
    SortedRows unpacked = SortedRows.unpack(packed, 0, packed.length);
    assertThat(list(unpacked)).isEqualTo(list(rows));
    for (Map.Entry<byte[], byte[]> each : model.entrySet()) {
      unpacked.put(each.getKey(), each.getValue(), each.getValue().length);
    }
    assertThat(list(unpacked)).isEqualTo(list(rows));
  }

  @Property(tries = 40)
  void whatIsAppendedOrUnpackedLiesInLeavesThatAreSearchedQuickly(@ForAll long seed) {
    Random random = new Random(seed);
    SortedRows from = new SortedRows();
    int keys = 1 + random.nextInt(5000);
    for (int i = 0; i < keys; i++) {
      byte[] payload = payload(random);
      from.put(key(random, keys), payload, payload.length);
    }
    for (boolean is = from.first(); is; is = from.next()) {
      byte[] key = from.key();
      int payloadAt = from.payloadAt();
      byte[] payload =
          Arrays.copyOfRange(from.bytes(), payloadAt, payloadAt + from.payloadLength());
      if (random.nextInt(3) > 0) {
        if (random.nextBoolean()) {
          rows.append(from);
        } else {
          rows.append(key, payload, payload.length);
        }
        model.put(key, payload);
      }
    }
    assertSame();
    assertLeavesAreSmall();
    assertThat(rows.heapBytes()).isLessThan(rows.contentBytes() * 3 / 2 + 4096);
    byte[] packed = new byte[3 + (int) rows.contentBytes()];
    rows.pack(packed, 3);
    rows = SortedRows.unpack(packed, 3, packed.length - 3);
    assertSame();
    assertThat(rows.contentBytes()).isEqualTo(packed.length - 3);
    assertLeavesAreSmall();
    byte[] last = "~".getBytes(ISO);
    rows.append(last, new byte[] {1}, 1);
    model.put(last, new byte[] {1});
    for (int i = 0; i < 100; i++) {
      byte[] key = key(random, keys);
      byte[] payload = payload(random);
      rows.put(key, payload, payload.length);
      model.put(key, payload);
      key = key(random, keys);
      assertThat(rows.remove(key)).isEqualTo(model.remove(key) != null);
    }
    assertSame();
  }

  @Property(tries = 20)
  void whatComesInOrderFillsItsLeaves(@ForAll long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      byte[] key = String.format(java.util.Locale.ROOT, "%08d", i).getBytes(ISO);
      byte[] payload = payload(random);
      rows.put(key, payload, payload.length);
      model.put(key, payload);
    }
    assertSame();
    assertThat(rows.heapBytes()).isLessThan(rows.contentBytes() * 5 / 4 + 4096);
  }

  private static final java.nio.charset.Charset ISO = java.nio.charset.StandardCharsets.ISO_8859_1;

  private static byte[] key(Random random, int keys) {
    int n = random.nextInt(keys);
    String text = Integer.toString(n * 7919 % keys);
    return (n % 50 == 0 ? text.repeat(60) : n % 17 == 0 ? "" : text).getBytes(ISO);
  }

  private static byte[] payload(Random random) {
    byte[] payload = new byte[1 + random.nextInt(random.nextInt(40) == 0 ? 3000 : 30)];
    random.nextBytes(payload);
    return payload;
  }

  private void assertSame() {
    List<String> expected = new ArrayList<>();
    List<byte[]> counted = new ArrayList<>();
    model.forEach(
        (key, payload) -> {
          expected.add(Arrays.toString(key) + Arrays.toString(payload));
          if ((payload[0] & 1) != 0) {
            counted.add(key);
          }
        });
    assertThat(list(rows)).isEqualTo(expected);
    assertThat(rows.size()).isEqualTo(model.size());
    assertThat(rows.counted()).isEqualTo(counted.size());
    for (int i = 0; i < counted.size(); i += 1 + counted.size() / 100) {
      assertThat(rows.seekCounted(i)).isTrue();
      assertThat(rows.key()).isEqualTo(counted.get(i));
      assertThat(rows.seek(counted.get(i))).isTrue();
      assertThat(rows.countedBefore()).isEqualTo(i);
    }
    assertThat(rows.seekCounted(counted.size())).isFalse();
    List<String> backwards = new ArrayList<>();
    for (boolean is = rows.last(); is; is = rows.previous()) {
      backwards.add(0, row(rows));
    }
    assertThat(backwards).isEqualTo(expected);
    byte[] absent = "5x".getBytes(ISO);
    assertThat(rows.seek(absent)).isEqualTo(model.containsKey(absent));
    byte[] next = model.ceilingKey(absent);
    assertThat(rows.settle()).isEqualTo(next != null);
    if (next != null) {
      assertThat(rows.key()).isEqualTo(next);
    }
  }

  /** But for a row that is larger. */
  private void assertLeavesAreSmall() {
    for (boolean is = rows.first(); is; is = rows.next()) {
      int row = 6 + rows.keyLength() + rows.payloadLength();
      assertThat(rows.bytes().length).isLessThanOrEqualTo(Math.max(2048, row));
    }
  }

  private static List<String> list(SortedRows rows) {
    List<String> list = new ArrayList<>();
    for (boolean is = rows.first(); is; is = rows.next()) {
      list.add(row(rows));
    }
    return list;
  }

  private static String row(SortedRows rows) {
    byte[] payload =
        Arrays.copyOfRange(rows.bytes(), rows.payloadAt(), rows.payloadAt() + rows.payloadLength());
    return Arrays.toString(rows.key()) + Arrays.toString(payload);
  }
}
