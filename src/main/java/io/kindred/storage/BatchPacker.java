package io.kindred.storage;

import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Packs a batch's payload where that pays: 4 bytes of raw length, then one LZ4 block. One writer's;
 * {@link #unpack} is anyone's.
 *
 * <p>Whether it pays depends on the bytes alone, so a batch that is written again takes the same
 * room.
 */
final class BatchPacker {

  /** A smaller payload is written as it is: what little that costs, packing would cost too. */
  static final int RAW_BYTES_MIN = 16 << 10;

  /** What of a payload is packed for a trial, so that random bytes cost no more than that. */
  private static final int TRIAL_BYTES = 4 << 10;

  private static final int LENGTH_BYTES = 4;

  /** Nothing larger is packed, so no claim can ask for more room. */
  static final int RAW_BYTES_MAX = 1 << 20;

  // Of memory outside the heap, which the native form takes without holding up the collector.
  private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();

  // Java's own: a batch is unpacked on the heap, and feeds would hold the collector up all the
  // time.
  private static final LZ4SafeDecompressor DECOMPRESSOR =
      LZ4Factory.fastestJavaInstance().safeDecompressor();

  private ByteBuffer kept = ByteBuffer.allocateDirect(0);

  /**
   * Packs what lies in a buffer outside the heap from a place on.
   *
   * @return a buffer with as much room before what is packed, good until the next one; null where
   *     packing does not pay
   */
  ByteBuffer pack(ByteBuffer raw, int from) {
    int length = raw.limit() - from;
    if (length < RAW_BYTES_MIN || length > RAW_BYTES_MAX) {
      return null;
    }
    int most = from + LENGTH_BYTES + compressor.maxCompressedLength(length);
    if (kept.capacity() < most) {
      kept = ByteBuffer.allocateDirect(most);
    }
    kept.clear();
    int packedFrom = from + LENGTH_BYTES;
    if (!pays(TRIAL_BYTES, packInto(raw, from, TRIAL_BYTES, packedFrom))) {
      return null;
    }
    int packed = packInto(raw, from, length, packedFrom);
    return pays(length, packed) ? kept.putInt(from, length).limit(packedFrom + packed) : null;
  }

  private int packInto(ByteBuffer raw, int from, int length, int at) {
    return compressor.compress(raw, from, length, kept, at, kept.capacity() - at);
  }

  /** A saving of less than half costs more time than it saves. */
  private static boolean pays(int raw, int packed) {
    return packed <= raw / 2;
  }

  /** The raw payload; null where these bytes are none that was packed. */
  static byte[] unpack(byte[] bytes, int from, int length) {
    int packed = length - LENGTH_BYTES;
    if (packed <= 0) {
      return null;
    }
    int raw = ByteBuffer.wrap(bytes).getInt(from);
    if (raw <= 0 || raw > RAW_BYTES_MAX) {
      return null;
    }
    byte[] payload = new byte[raw];
    try {
      int unpacked = DECOMPRESSOR.decompress(bytes, from + LENGTH_BYTES, packed, payload, 0, raw);
      return unpacked == raw ? payload : null;
    } catch (LZ4Exception e) {
      // Whoever reads says where; that the checksum held and this did not would be our mistake.
      return null;
    }
  }
}
