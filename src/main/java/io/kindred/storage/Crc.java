package io.kindred.storage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C of a stretch of bytes, for heads and entries of files. */
public final class Crc {

  private Crc() {}

  public static int of(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  /** The same of a buffer, whose position and limit do not count and stay. */
  public static int of(ByteBuffer bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().limit(from + length).position(from));
    return (int) crc.getValue();
  }
}
