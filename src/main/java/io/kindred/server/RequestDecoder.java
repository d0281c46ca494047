package io.kindred.server;

import io.kindred.command.Arguments;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Reads requests: RESP arrays of bulks, or inline commands. Hands on each as a {@code byte[][]}
 * that is never empty, or a {@link Malformed}, once, after which it throws all bytes away.
 *
 * <p>As lenient as Redis: the byte behind a carriage return is taken for the line feed, and the two
 * behind a bulk are not looked at. Memory grows with what has come, not with what was announced.
 */
final class RequestDecoder extends ChannelInboundHandlerAdapter {

  /** Redis's limit for an inline command and for a line that holds a length. */
  private static final int LINE_BYTES_MAX = 64 << 10;

  /** What an argument costs beside its bytes. */
  private static final int ARGUMENT_OVERHEAD = 24;

  /** An argument of which less has come gets no more than this, and then room by doubling. */
  private static final int FIRST_BYTES_MAX = 4 << 10;

  /** How many arguments get room before any has come. */
  private static final int FIRST_ARGUMENTS_MAX = 16;

  /** So many, the type byte, and the line end make the eight bytes that are read at once. */
  private static final int SHORT_DIGITS_MAX = 5;

  private static final int[] POWERS_OF_TEN = {1, 10, 100, 1_000, 10_000};

  private static final long NOT_YET = -1;

  private static final byte[] EMPTY = new byte[0];
  private static final byte[][] NO_REQUEST = new byte[0][];

  private final int bulkBytesMax;
  private final long requestBytesMax;
  private final LongConsumer bytesRead;

  /** Less than a line that has come of the next request; null for nothing. */
  private ByteBuf rest;

  /** What the unfinished request holds, or will hold with the argument that was announced. */
  private long requestBytes;

  /** What has come of the unfinished request; null between requests. Grows up to the count. */
  private byte[][] arguments;

  private int count;
  private int filled;

  /** The argument that is being read; null while its length has not come. */
  private byte[] bulk;

  private int bulkLength;
  private int bulkFilled;
  private boolean broken;

  /**
   * @param bytesRead is told how many bytes have come, each time that some have
   */
  RequestDecoder(int bulkBytesMax, long requestBytesMax, LongConsumer bytesRead) {
    this.bulkBytesMax = bulkBytesMax;
    this.requestBytesMax = requestBytesMax;
    this.bytesRead = bytesRead;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    bytesRead.accept(in.readableBytes());
    if (rest != null) {
      ByteBuf joined = rest.writeBytes(in);
      in.release();
      in = joined;
      rest = null;
    }
    try {
      if (!broken) {
        decode(ctx, in);
      }
      if (in.isReadable() && !broken) {
        // A copy, as what was read lies in a buffer of many times its size.
        rest = ctx.alloc().heapBuffer(in.readableBytes() + 64).writeBytes(in);
      }
    } finally {
      in.release();
    }
  }

  private void decode(ChannelHandlerContext ctx, ByteBuf in) {
    try {
      for (byte[][] request = next(in); request != null; request = next(in)) {
        if (request.length > 0) {
          ctx.fireChannelRead(request);
        }
      }
    } catch (Malformed malformed) {
      broken = true;
      ctx.fireChannelRead(malformed);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (rest != null) {
      rest.release();
      rest = null;
    }
  }

  /** Null where more bytes are needed; empty where a request without words was skipped. */
  private byte[][] next(ByteBuf in) throws Malformed {
    if (arguments == null) {
      if (!in.isReadable()) {
        return null;
      }
      if (in.getByte(in.readerIndex()) != '*') {
        return readInline(in);
      }
      long announced = readCount(in);
      if (announced == NOT_YET) {
        return null;
      }
      if (announced <= 0) {
        return NO_REQUEST;
      }
      count = (int) announced;
      filled = 0;
      requestBytes = 0;
      arguments = new byte[Math.min(count, FIRST_ARGUMENTS_MAX)][];
    }
    return readArguments(in);
  }

  private static long readCount(ByteBuf in) throws Malformed {
    int quick = readShortNumber(in);
    if (quick >= 0) {
      return quick;
    }
    byte[] line = readLine(in, "too big mbulk count string");
    if (line == null) {
      return NOT_YET;
    }
    OptionalLong announced = Arguments.integer(Arrays.copyOfRange(line, 1, line.length));
    if (announced.isEmpty() || announced.getAsLong() > Integer.MAX_VALUE) {
      throw new Malformed("invalid multibulk length");
    }
    return Math.max(0, announced.getAsLong());
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
    while (filled < count) {
      if (bulk == null && !readBulkLength(in)) {
        return null;
      }
      if (!readBulk(in)) {
        return null;
      }
      if (filled == arguments.length) {
        arguments = Arrays.copyOf(arguments, (int) Math.min(count, filled * 2L));
      }
      arguments[filled++] = bulk;
      bulk = null;
    }
    byte[][] request = arguments;
    arguments = null;
    return request;
  }

  private boolean readBulkLength(ByteBuf in) throws Malformed {
    if (!in.isReadable()) {
      return false;
    }
    boolean isBulk = in.getByte(in.readerIndex()) == '$';
    long length = isBulk ? readShortNumber(in) : -1;
    if (length < 0) {
      byte[] line = readLine(in, "too big bulk count string");
      if (line == null) {
        return false;
      }
      if (!isBulk) {
        throw new Malformed("expected '$', got '" + shown(line) + "'");
      }
      length = Arguments.integer(Arrays.copyOfRange(line, 1, line.length)).orElse(-1);
    }
    if (length < 0 || length > bulkBytesMax) {
      throw new Malformed("invalid bulk length");
    }
    requestBytes += length + ARGUMENT_OVERHEAD;
    if (requestBytes > requestBytesMax) {
      throw new Malformed("request is larger than " + requestBytesMax + " bytes");
    }
    bulkLength = (int) length;
    bulk = bulkLength == 0 ? EMPTY : new byte[firstRoom(in)];
    bulkFilled = 0;
    return true;
  }

  private int firstRoom(ByteBuf in) {
    return Math.min(bulkLength, Math.max(in.readableBytes(), FIRST_BYTES_MAX));
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

  /**
   * The number in a line of few digits behind a type byte, which is taken; -1, and nothing taken,
   * for all that is not as usual. It lies in eight bytes and is worked out without a search.
   */
  private static int readShortNumber(ByteBuf in) {
    if (in.readableBytes() < Long.BYTES) {
      return -1;
    }
    long bytes = in.getLongLE(in.readerIndex()) >>> 8;
    int number = 0;
    int digits = 0;
    int digit = (int) (bytes & 0xff) - '0';
    while (digit >= 0 && digit <= 9 && digits < SHORT_DIGITS_MAX) {
      number = number * 10 + digit;
      digits++;
      bytes >>>= 8;
      digit = (int) (bytes & 0xff) - '0';
    }
    boolean hasOtherForm = digits > 1 && number < POWERS_OF_TEN[digits - 1];
    if (digits == 0 || digit != '\r' - '0' || hasOtherForm) {
      return -1;
    }
    in.skipBytes(1 + digits + 2);
    return number;
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
