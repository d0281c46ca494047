package io.kindred.server;

import io.kindred.command.Arguments;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads requests: RESP arrays of bulks, or inline commands. Hands on each as a {@code byte[][]}
 * that is never empty, or a {@link Malformed}, once, after which it throws all bytes away.
 *
 * <p>As lenient as Redis: the byte behind a carriage return is taken for the line feed, and the two
 * behind a bulk are not looked at. Memory grows with what has come, not with what was announced.
 */
final class RequestDecoder extends ByteToMessageDecoder {

  /** Redis's limit for an inline command and for a line that holds a length. */
  private static final int LINE_BYTES_MAX = 64 << 10;

  /** What an argument costs beside its bytes. */
  private static final int ARGUMENT_OVERHEAD = 24;

  /** An argument longer than this gets its bytes as they come, by doubling. */
  private static final int FIRST_BYTES_MAX = 1 << 20;

  private static final byte[] EMPTY = new byte[0];

  private final int bulkBytesMax;
  private final long requestBytesMax;

  /** What the unfinished request holds, or will hold with the argument that was announced. */
  private long requestBytes;

  /** How many arguments are still to come; 0 between requests. */
  private int missing;

  private List<byte[]> arguments;

  /** Length of the argument that is being read; -1 while its length has not come. */
  private int bulkLength = -1;

  private byte[] bulk;
  private int bulkFilled;
  private boolean broken;

  RequestDecoder(int bulkBytesMax, long requestBytesMax) {
    this.bulkBytesMax = bulkBytesMax;
    this.requestBytesMax = requestBytesMax;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (broken) {
      in.skipBytes(in.readableBytes());
      return;
    }
    try {
      byte[][] request = missing > 0 ? readArguments(in) : readStart(in);
      if (request != null && request.length > 0) {
        out.add(request);
      }
    } catch (Malformed malformed) {
      broken = true;
      in.skipBytes(in.readableBytes());
      out.add(malformed);
    }
  }

  /** Null where more bytes are needed; empty where a request without words was skipped. */
  private byte[][] readStart(ByteBuf in) throws Malformed {
    if (in.getByte(in.readerIndex()) != '*') {
      return readInline(in);
    }
    byte[] line = readLine(in, "too big mbulk count string");
    if (line == null) {
      return null;
    }
    OptionalLong count = Arguments.integer(Arrays.copyOfRange(line, 1, line.length));
    if (count.isEmpty() || count.getAsLong() > Integer.MAX_VALUE) {
      throw new Malformed("invalid multibulk length");
    }
    if (count.getAsLong() <= 0) {
      return new byte[0][];
    }
    missing = (int) count.getAsLong();
    requestBytes = 0;
    arguments = new ArrayList<>(Math.min(missing, 16));
    return readArguments(in);
  }

  private static byte[][] readInline(ByteBuf in) throws Malformed {
    int newline = in.bytesBefore((byte) '\n');
    if (newline < 0 || newline > LINE_BYTES_MAX) {
      if (newline > LINE_BYTES_MAX || in.readableBytes() > LINE_BYTES_MAX) {
        throw new Malformed("too big inline request");
      }
      return null;
    }
    boolean carriage = newline > 0 && in.getByte(in.readerIndex() + newline - 1) == '\r';
    byte[] line = new byte[carriage ? newline - 1 : newline];
    in.readBytes(line);
    in.skipBytes(carriage ? 2 : 1);
    return InlineArguments.split(line);
  }

  private byte[][] readArguments(ByteBuf in) throws Malformed {
    while (missing > 0) {
      if (bulkLength < 0 && !readBulkLength(in)) {
        return null;
      }
      if (!readBulk(in)) {
        return null;
      }
      arguments.add(bulk);
      bulk = null;
      bulkLength = -1;
      missing--;
    }
    byte[][] request = arguments.toArray(new byte[0][]);
    arguments = null;
    return request;
  }

  private boolean readBulkLength(ByteBuf in) throws Malformed {
    if (!in.isReadable()) {
      return false;
    }
    byte[] line = readLine(in, "too big bulk count string");
    if (line == null) {
      return false;
    }
    if (line.length == 0 || line[0] != '$') {
      throw new Malformed("expected '$', got '" + shown(line) + "'");
    }
    OptionalLong length = Arguments.integer(Arrays.copyOfRange(line, 1, line.length));
    if (length.isEmpty() || length.getAsLong() < 0 || length.getAsLong() > bulkBytesMax) {
      throw new Malformed("invalid bulk length");
    }
    requestBytes += length.getAsLong() + ARGUMENT_OVERHEAD;
    if (requestBytes > requestBytesMax) {
      throw new Malformed("request is larger than " + requestBytesMax + " bytes");
    }
    bulkLength = (int) length.getAsLong();
    bulk = bulkLength == 0 ? EMPTY : new byte[Math.min(bulkLength, FIRST_BYTES_MAX)];
    bulkFilled = 0;
    return true;
  }

  private static String shown(byte[] line) {
    char first = line.length == 0 ? '\r' : (char) (line[0] & 0xff);
    return first < ' ' ? " " : String.valueOf(first);
  }

  /** Takes what has come of the argument; true when it and its line end are there. */
  private boolean readBulk(ByteBuf in) {
    while (bulkFilled < bulkLength && in.isReadable()) {
      if (bulkFilled == bulk.length) {
        bulk = Arrays.copyOf(bulk, (int) Math.min(bulkLength, bulk.length * 2L));
      }
      int taken = Math.min(bulk.length - bulkFilled, in.readableBytes());
      in.readBytes(bulk, bulkFilled, taken);
      bulkFilled += taken;
    }
    if (bulkFilled < bulkLength || in.readableBytes() < 2) {
      return false;
    }
    in.skipBytes(2);
    return true;
  }

  /** A line up to its carriage return, which with the byte behind it is taken too; or null. */
  private static byte[] readLine(ByteBuf in, String tooLong) throws Malformed {
    int length = in.bytesBefore((byte) '\r');
    if (length < 0) {
      if (in.readableBytes() > LINE_BYTES_MAX) {
        throw new Malformed(tooLong);
      }
      return null;
    }
    if (in.readableBytes() < length + 2) {
      return null;
    }
    byte[] line = new byte[length];
    in.readBytes(line);
    in.skipBytes(2);
    return line;
  }
}
