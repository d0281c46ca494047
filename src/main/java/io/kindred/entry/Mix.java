package io.kindred.entry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The 64-bit hash that digests sum, and that spreads keys over leaves: folded multiplications, the
 * two halves of a 128-bit product put together, as in wyhash (Wang Yi, public domain), 16 bytes a
 * multiplication. The same bytes and seed give the same hash on every node and in every version:
 * digests are compared between nodes.
 */
public final class Mix {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  // Odd, with as many ones as zeros: what wyhash takes.
  private static final long S0 = 0xa0761d6478bd642fL;
  private static final long S1 = 0xe7037ed1a0b428dbL;
  private static final long S2 = 0x8ebc6af09c88c6e3L;
  private static final long S3 = 0x589965cc75374cc3L;

  private Mix() {}

  private static long fold(long a, long b) {
    return Math.multiplyHigh(a, b) ^ (a * b);
  }

  /** A hash and one more number. The order of numbers matters. */
  public static long mix(long hash, long x) {
    return fold(hash ^ S0, x ^ S1);
  }

  /** A hash and two more numbers. */
  public static long mix(long hash, long x, long y) {
    return fold(hash ^ x ^ S2, Long.rotateLeft(hash, 32) ^ y ^ S3);
  }

  /** The hash of bytes under a seed; the length takes part. */
  public static long hash(byte[] bytes, long seed) {
    return hash(bytes, 0, bytes.length, seed);
  }

  /** The same for bytes that lie in a larger array. */
  public static long hash(byte[] bytes, int from, int length, long seed) {
    long h = seed ^ S0;
    int i = from;
    int left = length;
    for (; left >= 16; left -= 16, i += 16) {
      h = fold((long) LONGS.get(bytes, i) ^ S1, (long) LONGS.get(bytes, i + 8) ^ h);
    }
    long a = 0;
    long b = 0;
    if (left >= 8) {
      a = (long) LONGS.get(bytes, i);
      i += 8;
      left -= 8;
    }
    for (int end = i + left; i < end; i++) {
      b = (b << 8) | (bytes[i] & 0xff);
    }
    return fold(S2 ^ length, fold(a ^ S1, b ^ h) ^ S3);
  }
}
