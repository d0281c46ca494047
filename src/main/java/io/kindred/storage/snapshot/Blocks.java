package io.kindred.storage.snapshot;

import io.kindred.storage.Crc;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * The form of a snapshot's file: where what stands, and how blocks are packed. One file's; not for
 * two threads.
 *
 * <pre>
 *   head    64 bytes: magic, format, shard, lane, ring id, generation, start, step, millis, CRC32C
 *   blocks  20 bytes each: raw length, packed length, elements, CRC32C of what is packed, CRC32C of
 *           these; then what is packed, an LZ4 block or, where that saves nothing, the raw bytes
 *   index   16 bytes a block: offset, slot and leaf of its first element
 *   foot    60 bytes: log end, elements, digest, raw bytes, offset of the index, blocks, CRC32C of
 *           the index, CRC32C of these, magic
 * </pre>
 *
 * <p>A block's raw bytes are what one {@code ElementWriter} made, from its beginning.
 */
final class Blocks {

  static final long HEAD_MAGIC = 0x4b494e44534e4150L;
  static final long FOOT_MAGIC = 0x534e4150444f4e45L;
  static final int FORMAT = 1;
  static final int HEAD_BYTES = 64;
  static final int BLOCK_HEAD_BYTES = 20;
  static final int INDEX_ENTRY_BYTES = 16;
  static final int FOOT_BYTES = 60;

  /**
   * Raw bytes after which a block ends. With a quarter of it files grow by a tenth, with four times
   * as much the reading of one leaf has to unpack four times as much.
   */
  static final int RAW_BYTES = 64 * 1024;

  /** Larger arrays are not held: an element that needs one is seldom followed by another. */
  private static final int KEPT_BYTES_MAX = 4 * RAW_BYTES;

  /** No LZ4 block unpacks to more than this times its length, so no claim can ask for more room. */
  private static final long UNPACKS_AT_MOST = 255;

  /** One array for one block after the other. */
  private static final class Room {
    private byte[] kept = {};

    byte[] of(int bytes) {
      if (bytes > KEPT_BYTES_MAX) {
        return new byte[bytes];
      }
      if (kept.length < bytes) {
        kept = new byte[bytes];
      }
      return kept;
    }
  }

  private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
  private final LZ4SafeDecompressor decompressor = LZ4Factory.fastestInstance().safeDecompressor();
  private final Room room = new Room();
  private final Room packedRoom = new Room();

  /** A block of these raw bytes, head and all; good until the next one is packed. */
  ByteBuffer pack(byte[] raw, int elements) {
    int most = BLOCK_HEAD_BYTES + Math.max(raw.length, compressor.maxCompressedLength(raw.length));
    byte[] block = room.of(most);
    int packed =
        compressor.compress(
            raw, 0, raw.length, block, BLOCK_HEAD_BYTES, block.length - BLOCK_HEAD_BYTES);
    if (packed >= raw.length) {
      packed = raw.length;
      System.arraycopy(raw, 0, block, BLOCK_HEAD_BYTES, packed);
    }
    ByteBuffer head = ByteBuffer.wrap(block, 0, BLOCK_HEAD_BYTES + packed);
    head.putInt(0, raw.length).putInt(4, packed).putInt(8, elements);
    head.putInt(12, Crc.of(block, BLOCK_HEAD_BYTES, packed));
    head.putInt(16, Crc.of(block, 0, 16));
    return head;
  }

  /** Room for a packed block that is read, and perhaps more; good until the next. */
  byte[] packedRoom(int bytes) {
    return packedRoom.of(bytes);
  }

  /**
   * Why a block's head cannot be one, with so many bytes of blocks behind it; null where it can.
   */
  static String wrong(ByteBuffer head, long bytesBehind) {
    int raw = head.getInt(0);
    int packed = head.getInt(4);
    if (head.getInt(16) != Crc.of(head, 0, 16)) {
      return "the head of a block is damaged";
    }
    boolean possible =
        raw > 0
            && packed > 0
            && packed <= raw
            && packed <= bytesBehind
            && raw <= packed * UNPACKS_AT_MOST
            && head.getInt(8) > 0;
    return possible ? null : "a block of impossible lengths";
  }

  /**
   * The raw bytes of a block, from the beginning of the array on and good until the next one is
   * unpacked; null where what is packed is damaged.
   */
  byte[] unpack(ByteBuffer head, byte[] packed) {
    int packedLength = head.getInt(4);
    if (head.getInt(12) != Crc.of(packed, 0, packedLength)) {
      return null;
    }
    int length = head.getInt(0);
    if (packedLength == length) {
      return packed;
    }
    byte[] raw = room.of(length);
    try {
      int unpacked = decompressor.decompress(packed, 0, packedLength, raw, 0, length);
      return unpacked == length ? raw : null;
    } catch (LZ4Exception e) {
      // The caller says where; that the checksum held and this did not would be a mistake of ours.
      return null;
    }
  }
}
