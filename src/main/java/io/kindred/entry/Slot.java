package io.kindred.entry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Redis Cluster's slots: CRC16 (XMODEM) of the key, or of its hash tag, modulo 16384, so that
 * cluster-aware clients route by themselves. Source: Redis Cluster specification, "Key distribution
 * model" and "Hash tags".
 */
public final class Slot {

  /** How many slots there are, as in Redis Cluster. */
  public static final int COUNT = 16384;

  // What a byte does to the checksum with no byte behind it, with one, with two, with three: so
  // four bytes are taken in one step (Kounavis and Berry, "Novel Table Lookup-Based Algorithms for
  // High-Performance CRC Generation", 2008).
  private static final char[] LAST = table();
  private static final char[] LAST_BUT_1 = behind(LAST);
  private static final char[] LAST_BUT_2 = behind(LAST_BUT_1);
  private static final char[] LAST_BUT_3 = behind(LAST_BUT_2);

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long OPENS = 0x7b7b7b7b7b7b7b7bL;
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Slot() {}

  /**
   * The slot of a key: only what stands between the first { and the next } counts, if not empty.
   */
  public static int of(byte[] key) {
    int from = 0;
    int to = key.length;
    int open = firstOpen(key);
    if (open >= 0) {
      int close = indexOf(key, '}', open + 1);
      if (close > open + 1) {
        from = open + 1;
        to = close;
      }
    }
    return crc(key, from, to) & (COUNT - 1);
  }

  private static int crc(byte[] key, int from, int to) {
    int crc = 0;
    int i = from;
    for (; to - i >= 4; i += 4) {
      crc =
          LAST_BUT_3[(crc >>> 8) ^ (key[i] & 0xff)]
              ^ LAST_BUT_2[(crc ^ key[i + 1]) & 0xff]
              ^ LAST_BUT_1[key[i + 2] & 0xff]
              ^ LAST[key[i + 3] & 0xff];
    }
    for (; i < to; i++) {
      crc = ((crc << 8) & 0xffff) ^ LAST[(crc >>> 8) ^ (key[i] & 0xff)];
    }
    return crc;
  }

  /** Where the first { is, looked for in eight bytes at once; most keys have none. */
  private static int firstOpen(byte[] key) {
    int i = 0;
    for (; key.length - i >= 8; i += 8) {
      long difference = (long) LONGS.get(key, i) ^ OPENS;
      if (((difference - LOW_BITS) & ~difference & HIGH_BITS) != 0) {
        break;
      }
    }
    return indexOf(key, '{', i);
  }

  private static int indexOf(byte[] key, char wanted, int from) {
    for (int i = from; i < key.length; i++) {
      if (key[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static char[] table() {
    char[] table = new char[256];
    for (int i = 0; i < 256; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
      }
      table[i] = (char) crc;
    }
    return table;
  }

  /** The same with one more byte behind. */
  private static char[] behind(char[] table) {
    char[] longer = new char[256];
    for (int i = 0; i < 256; i++) {
      longer[i] = (char) ((table[i] << 8) ^ LAST[table[i] >>> 8]);
    }
    return longer;
  }
}
