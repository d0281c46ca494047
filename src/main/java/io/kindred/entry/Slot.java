package io.kindred.entry;

/**
 * Redis Cluster's slots: CRC16 (XMODEM) of the key, or of its hash tag, modulo 16384, so that
 * cluster-aware clients route by themselves. Source: Redis Cluster specification, "Key distribution
 * model" and "Hash tags".
 */
public final class Slot {

  /** How many slots there are, as in Redis Cluster. */
  public static final int COUNT = 16384;

  private static final int[] TABLE = table();

  private Slot() {}

  /**
   * The slot of a key: only what stands between the first { and the next } counts, if not empty.
   */
  public static int of(byte[] key) {
    int from = 0;
    int to = key.length;
    int open = indexOf(key, '{', 0);
    if (open >= 0) {
      int close = indexOf(key, '}', open + 1);
      if (close > open + 1) {
        from = open + 1;
        to = close;
      }
    }
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc = ((crc << 8) ^ TABLE[((crc >>> 8) ^ key[i]) & 0xff]) & 0xffff;
    }
    return crc & (COUNT - 1);
  }

  private static int indexOf(byte[] key, char wanted, int from) {
    for (int i = from; i < key.length; i++) {
      if (key[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
      }
      table[i] = crc & 0xffff;
    }
    return table;
  }
}
