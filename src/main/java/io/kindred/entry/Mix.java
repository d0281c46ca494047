package io.kindred.entry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The 64-bit hash that digests are sums of, and that spreads keys over leaves. Multiply-xorshift
 * rounds as in MurmurHash3's finaliser (Austin Appleby, public domain). The same bytes and seed
 * give the same hash on every node and in every version: digests are compared between nodes.
 */
public final class Mix {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long M1 = 0xff51afd7ed558ccdL;
  private static final long M2 = 0xc4ceb9fe1a85ec53L;

  private Mix() {}

  /** One number mixed, so that each bit of the input moves about half of the output's. */
  public static long mix(long x) {
    long h = x;
    h ^= h >>> 33;
    h *= M1;
    h ^= h >>> 33;
    h *= M2;
    h ^= h >>> 33;
    return h;
  }

  /** A hash and one more number. The order of numbers matters. */
  public static long mix(long hash, long x) {
    return mix(Long.rotateLeft(hash, 27) * 5 + 0x52dce729 + mix(x));
  }

  /** The hash of bytes under a seed; the length takes part. */
  public static long hash(byte[] bytes, long seed) {
    return hash(bytes, 0, bytes.length, seed);
  }

  /** The same for bytes that lie in a larger array. */
  public static long hash(byte[] bytes, int from, int length, long seed) {
    long h = mix(seed ^ length);
    int i = from;
    int to = from + length;
    for (; i + 8 <= to; i += 8) {
      h = mix(Long.rotateLeft(h, 27) * 5 + ((long) LONGS.get(bytes, i)) * M1);
    }
    long tail = 0;
    for (; i < to; i++) {
      tail = (tail << 8) | (bytes[i] & 0xff);
    }
    return mix(Long.rotateLeft(h, 27) * 5 + tail * M1 + 0x38495ab5);
  }
}
