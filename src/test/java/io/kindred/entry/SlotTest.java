package io.kindred.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SlotTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The definition, bit by bit: polynomial x^16 + x^12 + x^5 + 1, high bits first, from 0. */
  private static int crc(byte[] bytes) {
    int crc = 0;
    for (byte each : bytes) {
      for (int bit = 7; bit >= 0; bit--) {
        boolean carry = ((crc >>> 15) ^ ((each >>> bit) & 1)) != 0;
        crc = ((crc << 1) & 0xffff) ^ (carry ? 0x1021 : 0);
      }
    }
    return crc;
  }

  /** What of a key counts, as the specification words it. */
  private static String hashed(String key) {
    int open = key.indexOf('{');
    int close = open < 0 ? -1 : key.indexOf('}', open + 1);
    return close > open + 1 ? key.substring(open + 1, close) : key;
  }

  @Test
  void followsTheSpecificationsExamples() {
    assertThat(crc(bytes("123456789"))).isEqualTo(0x31c3);
    assertThat(Slot.of(bytes("123456789"))).isEqualTo(0x31c3 % Slot.COUNT);
    assertThat(Slot.of(bytes("{user1000}.following"))).isEqualTo(Slot.of(bytes("user1000")));
    assertThat(Slot.of(bytes("foo{}{bar}"))).isEqualTo(crc(bytes("foo{}{bar}")) % Slot.COUNT);
    assertThat(Slot.of(bytes("foo{{bar}}zap"))).isEqualTo(Slot.of(bytes("{bar")));
    assertThat(Slot.of(bytes("foo{bar}{zap}"))).isEqualTo(Slot.of(bytes("bar")));
    assertThat(Slot.of(new byte[0])).isZero();
  }

  @Property
  void isTheChecksumOfAnyBytes(@ForAll byte[] key) {
    String text = new String(key, StandardCharsets.ISO_8859_1);
    assertThat(Slot.of(key)).isEqualTo(crc(bytes(hashed(text))) % Slot.COUNT);
  }

  @Property
  void findsTagsWhereverTheyStand(
      @ForAll @CharRange(from = 'x', to = '~') @StringLength(max = 40) String key) {
    assertThat(Slot.of(bytes(key))).isEqualTo(crc(bytes(hashed(key))) % Slot.COUNT);
  }
}
